import { record } from './transcript.js'
import type { Generated } from './keys.js'
import type { Answer, Call, Service } from './service.js'

export type OAuthEndpoint = 'token' | 'revoke' | 'introspect'

/** Parameters of a form; an array sends its name once for each value. */
export type Form = Readonly<Record<string, string | readonly string[]>>

/** Key id and secret as HTTP Basic has them; both are of letters that no encoding changes. */
export const basic = ({ id, secret }: Generated): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

/** The key with the 43 letters of its secret alone, without id and checksum. */
export function bare({ id, secret: key }: Generated): Generated {
  const start = key.indexOf(id) + id.length
  const secret = key.slice(start, start + 43)
  record({ kind: 'secret', what: 'token', value: secret })
  return { id, secret }
}

/** Posts a form to an OAuth endpoint, as the client if there is one. */
export function postForm(
  service: Service,
  endpoint: OAuthEndpoint,
  form: Form,
  { client, headers, ...call }: Call & { readonly client?: Generated } = {},
): Promise<Answer> {
  const type = 'application/x-www-form-urlencoded'
  return service.post(`/oauth/${endpoint}`, encodeForm(form), {
    ...call,
    headers: { 'content-type': type, ...(client && { authorization: basic(client) }), ...headers },
  })
}

export const requestToken = (
  service: Service,
  client: Generated,
  form: Form = {},
): Promise<Answer> =>
  postForm(service, 'token', { grant_type: 'client_credentials', ...form }, { client })

/** An access token for a key. */
export async function machineToken(service: Service, client: Generated): Promise<string> {
  const { status, body } = await requestToken(service, client)
  if (status !== 200) throw new Error(`no token: ${status} ${body?.error}`)
  return body.access_token
}

function encodeForm(form: Form): string {
  const pairs = Object.entries(form).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as [string, string]),
  )
  return new URLSearchParams(pairs).toString()
}
