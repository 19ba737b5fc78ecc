import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../lib/clock.js'
import { acrOf } from '../access-tokens/authentication.js'
import {
  ACCESS_TOKEN_SECONDS,
  ACCESS_TOKEN_TYPE,
  type AccessTokenClaims,
  FIRST_PARTY_CLIENT,
} from '../access-tokens/claims.js'
import { newKey, newKeyId } from '../api-keys/verification/format.js'

export interface FakeIssuerOptions {
  /** Port on loopback. @default - a free one */
  readonly port?: number
}

/** What every token may say. */
interface TokenFields {
  /** `aud`: the identifier of the API that it is for. */
  readonly resource: string
  /** Separated by spaces. */
  readonly scope?: string
  /** Seconds from now; negative for a token that has expired. @default 900 */
  readonly expiresIn?: number
}

export interface PersonToken extends TokenFields {
  /** The person's id. @default - one that is always the same */
  readonly sub?: string
  /** @default 'user' */
  readonly role?: string
  /** How the person has authenticated (RFC 8176); with `mfa` the token's `acr` is `urn:latchkey:2`. @default ['pwd'] */
  readonly amr?: readonly string[]
  /** When they did, seconds since the epoch. @default - now */
  readonly authTime?: number
}

export interface AppToken extends Omit<PersonToken, 'role'> {
  /** Id of the app. @default - one that is always the same */
  readonly clientId?: string
}

export interface MachineToken extends TokenFields {
  /** Id of the API key that was swapped for it. @default - one that is always the same */
  readonly keyId?: string
}

export interface FakeKey {
  readonly scopes?: readonly string[]
  /** The user whose key it is, a UUID. @default - one that is always the same */
  readonly ownerId?: string
  readonly allowedCidrs?: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt?: number
}

/** A stand-in for a Latchkey service in the tests of an API. */
export interface FakeIssuer {
  /** Listens, and tells its base URL: the `issuer` of your verifier. Called twice, it goes on listening. */
  start(): Promise<string>
  /** An access token of a person, by Latchkey's claims and signed by a key of this issuer. */
  token(fields: PersonToken): Promise<string>
  /** The same of an app that is not the team's own: no role, and of scopes only those that the person has allowed. */
  appToken(fields: AppToken): Promise<string>
  /** The same of a machine: no session, no role. */
  machineToken(fields: MachineToken): Promise<string>
  /** A live API key, which `createKeyVerifier` finds by introspection. */
  apiKey(fields?: FakeKey): string
  /** A key that this issuer lets introspect: the `introspectionKey` of your verifier. */
  readonly introspectionKey: string
  /** Ends an API key. */
  revoke(apiKey: string): void
  /** Signs with a new key from now on; tokens of the one before stay good. */
  rotate(): void
  close(): Promise<void>
}

const PERSON = '00000000-0000-4000-8000-000000000001'
const MACHINE_OWNER = '00000000-0000-4000-8000-000000000002'
const APP = 'app_AAAAAAAAAAAAAAAAAAAAAA'
const PREFIX = { name: 'lk', environment: 'test' } as const

interface Signing {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/**
 * Makes tokens and API keys for the tests of an API that trusts Latchkey: no service, no database, no accounts. It
 * listens on loopback, serves its public keys and introspects its API keys, so that what is tested is your API with
 * its real verifier. Its keys are made at the start and die with it: no other issuer trusts them.
 * @example
 * const issuer = fakeIssuer()
 * const app = buildApp({ issuer: await issuer.start(), resource: 'https://orders.example.com' })
 * const token = await issuer.token({ resource: 'https://orders.example.com', sub: 'ada', scope: 'orders:read' })
 * await issuer.close()
 */
export function fakeIssuer({ port = 0 }: FakeIssuerOptions = {}): FakeIssuer {
  const signing = [newSigning()]
  const keys = new Map<string, FakeKey & { readonly keyId: string; readonly ownerId: string }>()
  const server = createServer((request, response) => answer(request, response))
  let listening: Promise<string> | undefined

  function addKey(fields: FakeKey): string {
    const { ownerId = MACHINE_OWNER } = fields
    const keyId = newKeyId(ownerId, randomBytes)
    const key = newKey(PREFIX, keyId, randomBytes)
    keys.set(key, { ...fields, keyId, ownerId })
    return key
  }
  const introspectionKey = addKey({ scopes: ['token:introspect'] })

  function start(): Promise<string> {
    listening ??= new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      })
    })
    return listening
  }

  async function signed(
    claims: Omit<AccessTokenClaims, 'iss' | 'iat' | 'exp' | 'jti'>,
    expiresIn: number,
  ): Promise<string> {
    const iss = await start()
    const now = Math.floor(systemClock() / 1000)
    const { kid, privateKey } = signing.at(-1) as Signing
    const iat = Math.min(now, now + expiresIn)
    const all = { iss, ...claims, iat, exp: now + expiresIn, jti: randomUUID() }
    const head = part({ alg: 'RS256', typ: ACCESS_TOKEN_TYPE, kid })
    const text = `${head}.${part(all)}`
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
  }

  function personToken(
    { resource, sub = PERSON, amr = ['pwd'], scope = '', ...fields }: Omit<PersonToken, 'role'>,
    by: Pick<AccessTokenClaims, 'client_id' | 'role'>,
  ): Promise<string> {
    const { expiresIn = ACCESS_TOKEN_SECONDS, authTime } = fields
    const auth_time = authTime ?? Math.floor(systemClock() / 1000)
    const claims = { aud: resource, sub, sid: randomUUID(), scope, amr, acr: acrOf(amr), auth_time }
    return signed({ ...claims, ...by }, expiresIn)
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url } = request
    if (method === 'GET' && url === '/.well-known/jwks.json') {
      send(response, 200, { keys: signing.map(jwkOf) })
    } else if (method === 'POST' && url === '/oauth/introspect') {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        const mayAsk = request.headers.authorization?.includes(basicOf(introspectionKey)) ?? false
        const token = new URLSearchParams(body).get('token') ?? ''
        send(response, mayAsk ? 200 : 401, mayAsk ? introspected(token) : {})
      })
    } else {
      send(response, 404, { error: 'The fake issuer has keys and introspection, and no accounts.' })
    }
  }

  function introspected(token: string): object {
    const key = keys.get(token)
    if (!key) return { active: false }
    const { keyId, ownerId, scopes = [], allowedCidrs, expiresAt } = key
    return {
      active: true,
      token_type: 'api_key',
      sub: ownerId,
      client_id: keyId,
      scope: scopes.join(' '),
      ...(allowedCidrs && { allowed_cidrs: allowedCidrs }),
      ...(expiresAt !== undefined && { exp: expiresAt }),
    }
  }

  return {
    start,
    introspectionKey,
    token({ role = 'user', scope = '', ...fields }) {
      const ownScope = role === 'admin' ? 'user admin' : 'user'
      return personToken(
        { ...fields, scope: `${ownScope} ${scope}`.trim() },
        { client_id: FIRST_PARTY_CLIENT, role },
      )
    },
    appToken: ({ clientId = APP, ...fields }) => personToken(fields, { client_id: clientId }),
    machineToken({ resource, keyId = 'fake-key', scope = '', expiresIn = ACCESS_TOKEN_SECONDS }) {
      return signed({ aud: resource, sub: keyId, client_id: keyId, scope }, expiresIn)
    },
    apiKey: (fields = {}) => addKey(fields),
    revoke: (apiKey) => {
      keys.delete(apiKey)
    },
    rotate: () => {
      signing.push(newSigning())
    },
    close: () =>
      new Promise((resolve) => {
        if (listening === undefined) {
          resolve()
          return
        }
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function newSigning(): Signing {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid: randomBytes(4).toString('hex'), privateKey, publicKey }
}

const jwkOf = ({ kid, publicKey }: Signing) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
  use: 'sig',
})

const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url')

/** How `createKeyVerifier` presents its key: its id, and the whole key as the secret. */
function basicOf(key: string): string {
  const keyId = key.slice('lk_test_'.length, 'lk_test_'.length + 30)
  return Buffer.from(`${keyId}:${key}`).toString('base64')
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}
