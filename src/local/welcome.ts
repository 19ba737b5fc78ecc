import { resolve } from 'node:path'

interface Surroundings {
  readonly dataDir: string
  /** The address of the local identity provider, where there is one. */
  readonly identityProvider: string | undefined
  /** The page or folder of mails that were sent to no mail server, where there is one. */
  readonly mailbox: string | undefined
  /** Whether web pages can find the embedded database. */
  readonly isOpen: boolean
}

const OPEN = `
Warning: this platform has no loopback address but 127.0.0.1, and the embedded database refuses no one. While the
service runs, a web page that is open in a browser of this machine can find the database by trying ports, and read
and change all that is in it. Keep no real accounts here.
`

/** What the local server prints first: its address, its page, and three lines to try. */
export function welcome(
  url: string,
  { dataDir, identityProvider, mailbox, isOpen }: Surroundings,
): string {
  const signIn = identityProvider
    ? `${url}/login (identity provider for development: ${identityProvider})`
    : `${url}/login`
  const mail = mailbox === undefined ? '' : `  Mail      ${mailbox} (none is sent)\n`
  const json = `-H 'content-type: application/json'`
  const account = `{"email":"ada@example.com","password":"correct horse battery staple"}`
  return `
Latchkey is listening on ${url}
  API page  ${url}/docs
  Sign in   ${signIn}
${mail}  Data      ${resolve(dataDir)}
  Ctrl-C stops it; accounts stay.
${isOpen ? OPEN : ''}
Try it in another terminal:
  curl -sw '\\n' ${url}/api/auth/register ${json} -d '${account}'
  TOKEN=$(curl -sSf ${url}/api/auth/login ${json} -d '${account}' | sed -n 's/.*"accessToken":"\\([^"]*\\)".*/\\1/p')
  curl -sw '\\n' ${url}/api/profile -H "authorization: Bearer $TOKEN"
`
}
