import { createHash, randomBytes } from 'node:crypto'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { registeredApp } from './apps.js'
import type { Answering } from './browser.js'
import { type Asked, CALLBACK, encode } from './authorization.js'
import type { Person } from './person.js'
import { type Answer, type Call, ISSUER, type Service } from './service.js'
import { basic } from './social.js'

/** An app as its developers have it. */
export interface App {
  readonly clientId: string
  /** Undefined for a public one. */
  readonly secret: string | undefined
  readonly redirectUri: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
}

export const SIGNED_OUT = 'https://app.example.com/bye'

/** Registers an app: first-party and confidential unless told otherwise. */
export async function newApp(
  service: Service,
  settings: Partial<AppClient> & { redirectUri?: string } = {},
): Promise<App> {
  const { redirectUri = CALLBACK, ...rest } = settings
  const { client, secret } = await registeredApp(service, {
    name: 'An app',
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [SIGNED_OUT],
    isFirstParty: true,
    ...rest,
  })
  return {
    clientId: client.clientId,
    secret: client.isPublic ? undefined : secret,
    redirectUri: client.redirectUris[0] ?? redirectUri,
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: client.postLogoutRedirectUris,
  }
}

/** A verifier and its challenge (RFC 7636 §4). */
export interface Pkce {
  readonly verifier: string
  readonly challenge: string
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export const authorization = (
  app: Pick<App, 'clientId' | 'redirectUri'>,
  { challenge }: Pick<Pkce, 'challenge'>,
  more: Asked = {},
): Asked => ({
  response_type: 'code',
  client_id: app.clientId,
  redirect_uri: app.redirectUri,
  scope: 'openid',
  state: 'a-state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  ...more,
})

/** A code, and what proves that it is one's own. */
export interface Redeemable {
  readonly code: string
  readonly verifier: string
}

/** What a person's browser brings back to an app. */
async function authorizeApp(
  person: Person,
  app: App,
  more: Asked = {},
): Promise<{ readonly answer: URL; readonly verifier: string }> {
  const pkce = newPkce()
  const query = encode(authorization(app, pkce, more))
  const { location, text } = await person.open(`${ISSUER}/oauth/authorize?${query}`, {
    until: (next) => !next.startsWith(`${ISSUER}/`),
  })
  if (location === undefined) throw new Error(`no way to the app: ${text}`)
  return { answer: new URL(location), verifier: pkce.verifier }
}

/** A code for a person, whose browser signs in and agrees where it is asked to. */
export async function codeFor(person: Person, app: App, more: Asked = {}): Promise<Redeemable> {
  const { answer, verifier } = await authorizeApp(person, app, more)
  const code = answer.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${answer.search}`)
  return { code, verifier }
}

/** A form of an app to one of the endpoints below `/oauth`. */
export function askAs(
  service: Answering,
  { clientId, secret }: Pick<App, 'clientId' | 'secret'>,
  path: string,
  fields: Asked,
  { headers, ...call }: Call = {},
): Promise<Answer> {
  return service.call('POST', path, {
    ...call,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(secret !== undefined && { authorization: basic({ id: clientId, secret }) }),
      ...headers,
    },
    body: encode({ ...(secret === undefined && { client_id: clientId }), ...fields }),
  })
}

export const redeem = (
  service: Answering,
  app: App,
  { code, verifier }: Redeemable,
  more: Asked = {},
  call: Call = {},
): Promise<Answer> => {
  const { redirectUri } = app
  const fields = { code, code_verifier: verifier, redirect_uri: redirectUri, ...more }
  return askAs(service, app, '/oauth/token', { grant_type: 'authorization_code', ...fields }, call)
}

export const refreshAs = (
  service: Answering,
  app: Pick<App, 'clientId' | 'secret'>,
  refreshToken: string,
  more: Asked = {},
  call: Call = {},
): Promise<Answer> => {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, ...more }
  return askAs(service, app, '/oauth/token', fields, call)
}

/** What an app gets for a person. */
export interface AppTokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
}

/** From the button of the app to its tokens. */
export async function tokensFor(
  service: Service,
  person: Person,
  app: App,
  more: Asked = {},
): Promise<AppTokens> {
  const answer = await redeem(service, app, await codeFor(person, app, more))
  if (answer.status === 200) return answer.body
  throw new Error(`the exchange answered ${answer.status} ${answer.text}`)
}
