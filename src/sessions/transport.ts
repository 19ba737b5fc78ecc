import type { FastifyReply } from 'fastify'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../http/cookies.js'

export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
  /** How long the access token lives, seconds. */
  readonly expiresIn: number
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
  const { expiresIn } = tokens
  const answer = { tokenType: 'Bearer' as const, expiresIn }
  // RFC 6749 §5.1 wants both; `Cache-Control: no-store` is on every answer.
  reply.header('pragma', 'no-cache')
  if (transport === 'body') return { ...tokens, ...answer }
  reply.writeCookie(ACCESS_COOKIE, tokens.accessToken, expiresIn)
  reply.writeCookie(REFRESH_COOKIE, tokens.refreshToken, refreshSeconds)
  return answer
}
