import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { decodeJwt, UnsecuredJWT } from 'jose'
import type { Test } from 'tap'
import { startServer } from './client.js'
import { recordSecret } from './transcript.js'

/** A request that came to it. */
export interface Asked {
  readonly path: string
  readonly form: Readonly<Record<string, string>>
}

/** What it answers in place of what it would: `lost` does the work and drops the connection. */
export type Fault =
  | 'lost'
  | {
      readonly status: number
      readonly error: string
      readonly retryAfter?: number
    }

/** A small server of RFC 6749, 7636, 8707, 9207 and OpenID Connect, which believes that a person is signed in. */
export interface AuthorizationServer {
  readonly url: string
  readonly asked: Asked[]
  /** The person who is signed in. */
  readonly claims: Record<string, unknown>
  /** Changes the claims of the ID tokens that it makes from then on. */
  forge: (claims: Record<string, unknown>) => Record<string, unknown> | undefined
  /** Asked before a POST is answered. */
  fault: (asked: Asked) => Fault | undefined
  /** Refresh tokens that still work. */
  readonly live: Set<string>
  /** Follows an authorization request as a browser would. @returns the URL of the app that it leads to. */
  authorize(request: string): URL
}

interface Code {
  readonly query: URLSearchParams
}

export async function startAuthorizationServer(
  t: Test,
  { clock, lifetime = 900 }: { readonly clock: () => number; readonly lifetime?: number },
): Promise<AuthorizationServer> {
  const codes = new Map<string, Code>()
  const clients = new Map<string, string>()
  const random = () => {
    const secret = randomBytes(24).toString('base64url')
    recordSecret('token', secret)
    return secret
  }
  const jwt = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode()

  const server: AuthorizationServer = {
    url: await startServer(t, (request, response) => void answer(request, response)),
    asked: [],
    claims: { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' },
    forge: (claims) => claims,
    fault: () => undefined,
    live: new Set(),
    authorize(request) {
      const query = new URL(request).searchParams
      const code = random()
      codes.set(code, { query })
      const to = new URL(query.get('redirect_uri') ?? '')
      to.searchParams.set('code', code)
      to.searchParams.set('state', query.get('state') ?? '')
      to.searchParams.set('iss', server.url)
      return to
    },
  }

  function tokensFor(clientId: string, aud: string, nonce?: string): object {
    const refreshToken = random()
    server.live.add(refreshToken)
    clients.set(refreshToken, clientId)
    const now = Math.floor(clock() / 1000)
    const times = { iat: now, exp: now + lifetime }
    const idClaims = server.forge({
      ...{ iss: server.url, aud: clientId, ...times, ...server.claims },
      ...(nonce !== undefined && { nonce }),
    })
    return {
      access_token: jwt({ ...times, aud, sub: server.claims.sub, jti: random() }),
      refresh_token: refreshToken,
      expires_in: lifetime,
      token_type: 'Bearer',
      ...(idClaims && { id_token: jwt(idClaims) }),
    }
  }

  function redeem(form: Asked['form']): object | undefined {
    const { query } = codes.get(form.code ?? '') ?? {}
    codes.delete(form.code ?? '')
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url')
    const isRight =
      query?.get('code_challenge') === challenge &&
      query.get('redirect_uri') === form.redirect_uri &&
      query.get('client_id') === form.client_id
    if (!isRight) return undefined
    const aud = form.resource ?? `${server.url}/oauth/userinfo`
    return tokensFor(form.client_id ?? '', aud, query.get('nonce') ?? undefined)
  }

  function refresh({ refresh_token: token = '', client_id: id = '', resource }: Asked['form']) {
    if (!server.live.has(token) || clients.get(token) !== id) return undefined
    server.live.delete(token)
    return tokensFor(id, resource ?? `${server.url}/oauth/userinfo`)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    const asked = { path: `${request.method} ${request.url}`, form }
    server.asked.push(asked)
    if (request.url?.startsWith('/oauth/authorize?')) {
      response.writeHead(303, { location: server.authorize(server.url + request.url).href }).end()
      return
    }
    response.setHeader('access-control-allow-origin', '*')
    const send = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body))
    const fault = server.fault(asked)
    if (fault && fault !== 'lost') {
      const { status, error, retryAfter } = fault
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
      send(status, { error, error_description: `It is ${error}` }, headers)
      return
    }
    if (request.url === '/oauth/revoke') {
      server.live.delete(form.token ?? '')
      response.end()
      return
    }
    const tokens = form.grant_type === 'refresh_token' ? refresh(form) : redeem(form)
    if (fault === 'lost') request.socket.destroy()
    else if (tokens) send(200, tokens)
    else send(400, { error: 'invalid_grant', error_description: 'The grant has ended' })
  }
  return server
}

/** The API that a token is for. */
export const audienceOf = (token: string) => decodeJwt(token).aud
