import type { FastifyReply } from 'fastify'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../plugins/cookies.js'
import { ACCESS_TOKEN_SECONDS } from '../plugins/jwt-claims.js'

export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
}

/** How tokens reach a client: in the answer for programs, in HttpOnly cookies for pages; never in both. */
export type Transport = 'body' | 'cookies'

/** @returns the members of the answer. `refreshSeconds` is how long the browser keeps the refresh cookie. */
export function deliver(
  reply: FastifyReply,
  tokens: TokenPair,
  transport: Transport,
  refreshSeconds: number,
) {
  const answer = { tokenType: 'Bearer' as const, expiresIn: ACCESS_TOKEN_SECONDS }
  // RFC 6749 §5.1 wants both; `Cache-Control: no-store` is on every answer.
  reply.header('pragma', 'no-cache')
  if (transport === 'body') return { ...tokens, ...answer }
  reply.writeCookie(ACCESS_COOKIE, tokens.accessToken, ACCESS_TOKEN_SECONDS)
  reply.writeCookie(REFRESH_COOKIE, tokens.refreshToken, refreshSeconds)
  return answer
}
