import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { ACCESS_TOKEN_SECONDS } from '../access-tokens/claims.js'
import type { Resource } from '../access-tokens/resources.js'
import type { AccessTokenSigner } from '../access-tokens/signer.js'
import { callerOf } from '../http/caller.js'
import { ACCESS_COOKIE, dropQuestions, REFRESH_COOKIE } from '../http/cookies.js'
import type { AccountLimits } from '../limits/by-account.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { claimsFor } from './claims.js'
import type { SessionLifetimes } from './session.js'
import type { Grant } from './sessions.js'

export interface DeliveryOptions {
  readonly signer: AccessTokenSigner
  readonly limits: AccountLimits
  readonly lifetimes: SessionLifetimes
  readonly clock: Clock
  readonly random: Random
}

interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
  /** How long the access token lives, seconds. */
  readonly expiresIn: number
}

/** How tokens reach a client: in the answer for programs, in HttpOnly cookies for pages; never in both. */
export type Transport = 'body' | 'cookies'

/** How tokens reach a client, and how a browser forgets them. */
export default fp<DeliveryOptions>(
  async function delivery(app, { signer, limits, lifetimes, clock, random }) {
    app.decorateReply('deliverTokens', async function (grant, transport, resource) {
      const { user, refreshToken, isSignIn } = grant
      const signFor = (target?: Resource) => signer.sign(claimsFor(grant, clock, random, target))
      const refreshSeconds = lifetimes.idleMs / 1000
      const forResource = resource && {
        accessToken: await signFor(resource),
        expiresIn: resource.lifetimeSeconds,
      }
      if (forResource && transport === 'body') {
        return deliver(this, { ...forResource, refreshToken }, transport, refreshSeconds)
      }
      // A cookie never holds a token of another API.
      const accessToken = await signFor()
      const own = { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS }
      const answer = { ...deliver(this, own, transport, refreshSeconds), ...forResource }
      if (isSignIn && transport === 'cookies') {
        dropQuestions(this)
        await limits.rememberBrowser(callerOf(this.request), this, user)
      }
      return answer
    })
    app.decorateReply('forgetSession', function () {
      return dropQuestions(this.dropCookies()).header('clear-site-data', '"cache", "storage"')
    })
  },
  { name: 'delivery', fastify: '5.x', dependencies: ['cookies'] },
)

/** @returns the members of the answer. `refreshSeconds` is how long the browser keeps the refresh cookie. */
function deliver(
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

declare module 'fastify' {
  interface FastifyReply {
    /**
     * The one place where tokens reach a client: Latchkey's own, or that of one API.
     * @returns the members of the answer.
     */
    deliverTokens(
      grant: Grant,
      transport: Transport,
      resource?: Resource,
    ): Promise<ReturnType<typeof deliver>>
    /** Removes what a person who ends their own session leaves in the browser: cookies, pages of the account. */
    forgetSession(): FastifyReply
  }
}
