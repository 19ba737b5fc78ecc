import { createHash } from 'node:crypto'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { registeredApp } from './apps.js'
import { jarOf, submit } from './pages.js'
import { type Account, type Answer, type Call, newAccount, type Service } from './service.js'
import { recordSecret } from './transcript.js'

export const CALLBACK = 'https://app.example.com/cb'

/** Parameters of a request; a list sends its name once for each value, undefined not at all. */
export type Asked = Readonly<Record<string, string | readonly string[] | undefined>>

/** One of the team's own apps that keeps no secret, unless told otherwise. */
export async function newApp(
  service: Service,
  overrides: Partial<AppClient> = {},
): Promise<AppClient> {
  const own = { redirectUris: [CALLBACK], isFirstParty: true, isPublic: true }
  return (await registeredApp(service, { ...own, ...overrides })).client
}

export const CHALLENGE = createHash('sha256').update('a'.repeat(43)).digest('base64url')

/** A request that nothing is wrong with. */
export const requestOf = (client: AppClient, overrides: Asked = {}): Asked => ({
  client_id: client.clientId,
  redirect_uri: client.redirectUris[0],
  response_type: 'code',
  scope: 'openid',
  state: 'a state',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
  ...overrides,
})

export function encode(asked: Asked): string {
  const pairs = Object.entries(asked).flatMap(([name, values]) =>
    [values ?? []].flat().map((value): [string, string] => [name, value]),
  )
  return new URLSearchParams(pairs).toString()
}

/** What a browser says of a link on a page of another origin. */
export const FROM_APP = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html',
}

/** Goes to `/oauth/authorize`, as a browser that comes from the app. */
export async function authorize(
  service: Service,
  asked: Asked,
  { headers, ...call }: Call = {},
): Promise<Answer> {
  const query = encode(asked)
  const answer = await service.get(`/oauth/authorize?${query}`, {
    ...call,
    headers: { ...FROM_APP, ...headers },
  })
  recordSecret('code', answeredTo(answer).code)
  return answer
}

/** What the app is told in the query of its redirect URI. */
export function answeredTo({ headers }: Pick<Answer, 'headers'>): Record<string, string> {
  const { location } = headers
  if (typeof location !== 'string' || !URL.canParse(location)) return {}
  return Object.fromEntries(new URL(location).searchParams)
}

/** Signs a person in on the page, as a browser. @returns the cookies. */
export async function signedIn(
  service: Service,
  account: Account,
  call: Call = {},
): Promise<Record<string, string>> {
  const { email, password } = account
  return jarOf(await submit(service, '/login', { email, password }, call))
}

/** A new person who is signed in. */
export async function newPerson(service: Service, call: Call = {}) {
  const account = await service.signUp(newAccount())
  return { account, cookies: await signedIn(service, account, call) }
}

/** The path that a page leads back to. */
export const returnToOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  new URL(String(headers.location), 'https://auth.example.com').searchParams.get('returnTo') ?? ''

/** What the store keeps of the code of an answer. */
export async function codeOf(service: Service, answer: Answer) {
  const { codes } = await service.services.late.load()
  const kept = await codes.find(answeredTo(answer).code ?? '')
  if (!kept) throw new Error('there is no such code')
  return kept.detail
}

/** The page that an answer sends the browser to, without its query. */
export const pageOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  String(headers.location).split('?')[0] ?? ''
