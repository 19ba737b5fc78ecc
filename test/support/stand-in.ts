import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, SignJWT } from 'jose'
import type { Test } from 'tap'
import type { Browser, Visit } from './browser.js'
import { ISSUER } from './service.js'
import { recordSecret } from './transcript.js'

/** A request that the stand-in has heard. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly form: URLSearchParams
}

/** What it answers: JSON unless `body` is text; `hang` never answers. */
export type Reaction =
  | 'hang'
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicJwk: Record<string, unknown>
}

export interface StandInOptions {
  /** Path of the issuer below the origin, e.g. `/common/v2.0`. */
  readonly path?: string
  /** Members of the discovery document that differ. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** A provider that says whatever a test wants it to: honest unless told otherwise. */
export interface StandIn {
  readonly origin: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly key: SigningKey
  readonly heard: Heard[]
  /** Keys of the JWKS; starts with `key`. */
  readonly jwks: Record<string, unknown>[]
  /** Answers a path in another way from now on; undefined takes that back. */
  react(path: string, reaction: ((heard: Heard) => Reaction | Promise<Reaction>) | undefined): void
  /** Stops listening, and listens again on the same port. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

export async function createKey(kid: string = randomBytes(4).toString('hex')): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = await exportJWK(publicKey)
  return { kid, privateKey, publicJwk: { ...jwk, kid, use: 'sig', alg: 'RS256' } }
}

/** Making RSA keys takes long, so the stand-ins of a process share their first one. */
let firstKey: Promise<SigningKey> | undefined

export async function startStandIn(
  t: Test,
  { path = '', metadata = {} }: StandInOptions = {},
): Promise<StandIn> {
  const reactions = new Map<string, (heard: Heard) => Reaction | Promise<Reaction>>()
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    void hear(request).then(async (one) => {
      heard.push(one)
      const react = reactions.get(one.path) ?? reactions.get('*')
      send(response, react ? await react(one) : { status: 404, body: { message: 'not here' } })
    })
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  t.teardown(close)

  const origin = `http://127.0.0.1:${port}`
  const issuer = origin + path
  firstKey ??= createKey()
  const key = await firstKey
  const jwks = [key.publicJwk]
  const clientSecret = randomBytes(24).toString('base64url')
  recordSecret('key', clientSecret)
  reactions.set(`${path}/.well-known/openid-configuration`, () => ({
    body: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      ...metadata,
    },
  }))
  reactions.set(`${path}/jwks`, () => ({ body: { keys: jwks } }))
  return {
    origin,
    issuer,
    clientId: 'latchkey-client',
    clientSecret,
    key,
    heard,
    jwks,
    react(at, reaction) {
      if (reaction) reactions.set(at, reaction)
      else reactions.delete(at)
    },
    goAway: close,
    comeBack: () => listen(port),
  }
}

/** The settings of `OAUTH_PROVIDERS` that a stand-in goes by. */
export const settingsOf = ({ issuer, clientId, clientSecret }: StandIn) => ({
  issuer,
  clientId,
  clientSecret,
  /** Of the addresses that tests make up. */
  domains: ['example.com'],
})

/** The claims of an honest ID token for the flow of a nonce, at a time (milliseconds). */
export const honestClaims = (standIn: StandIn, nonce: string, now: number) => ({
  iss: standIn.issuer,
  aud: standIn.clientId,
  sub: randomBytes(8).toString('hex'),
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 300,
  nonce,
})

export async function signIdToken(
  claims: Readonly<Record<string, unknown>>,
  { kid, privateKey }: SigningKey,
): Promise<string> {
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .sign(privateKey)
  recordSecret('token', token)
  return token
}

/** From now on the token endpoint answers with this ID token. */
export function answerWith(standIn: StandIn, idToken: string | undefined): void {
  const body = {
    access_token: randomBytes(24).toString('base64url'),
    token_type: 'Bearer',
    expires_in: 3600,
    ...(idToken !== undefined && { id_token: idToken }),
  }
  standIn.react(new URL(`${standIn.issuer}/token`).pathname, () => ({ body }))
}

/** A flow that has been sent to a provider. */
export interface Begun {
  readonly visit: Visit
  /** Parameters of the authorization request. */
  readonly query: URLSearchParams
  /** The callback's URL for parameters of the response; `state` is added unless given. */
  callback(parameters: Readonly<Record<string, string>>): string
}

export async function begin(
  browser: Browser,
  provider: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Begun> {
  const visit = await browser.visit(`/api/auth/${provider}${query}`, { headers })
  const parameters = new URL(visit.location ?? ISSUER).searchParams
  return {
    visit,
    query: parameters,
    callback: (given) => {
      const state = parameters.get('state') ?? ''
      const answer = new URLSearchParams({ state, ...given })
      return `${ISSUER}/api/auth/${provider}/callback?${answer.toString()}`
    },
  }
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const form = new URLSearchParams(await text(request))
  return { method: request.method ?? '', path: pathname, headers: request.headers, form }
}

function send(response: ServerResponse, reaction: Reaction): void {
  if (reaction === 'hang') return
  const { status = 200, headers, body = {} } = reaction
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  response
    .writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers })
    .end(isText ? body : JSON.stringify(body))
}
