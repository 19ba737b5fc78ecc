import { resolve } from 'node:path'

/** What the local server prints first: its address, its page, and three lines to try. */
export function welcome(
  url: string,
  dataDir: string,
  identityProvider: string | undefined,
): string {
  const signIn = identityProvider
    ? `${url}/login (identity provider for development: ${identityProvider})`
    : `${url}/login`
  const json = `-H 'content-type: application/json'`
  const account = `{"email":"ada@example.com","password":"correct horse battery staple"}`
  return `
Latchkey is listening on ${url}
  API page  ${url}/docs
  Sign in   ${signIn}
  Data      ${resolve(dataDir)}
  Ctrl-C stops it; accounts stay.

Try it in another terminal:
  curl -s ${url}/api/auth/register ${json} -d '${account}'
  TOKEN=$(curl -sSf ${url}/api/auth/login ${json} -d '${account}' | sed -n 's/.*"accessToken":"\\([^"]*\\)".*/\\1/p')
  curl -s ${url}/api/profile -H "authorization: Bearer $TOKEN"
`
}
