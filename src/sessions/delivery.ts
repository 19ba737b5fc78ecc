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

/** A session that tokens are delivered of; without a refresh token its client keeps the one that it has. */
export type Delivered = Omit<Grant, 'refreshToken'> & Partial<Pick<Grant, 'refreshToken'>>

interface Tokens {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  /** How long the access token lives, seconds. */
  readonly expiresIn: number
}

/** How tokens reach a client: in the answer for programs, in HttpOnly cookies for pages; never in both. */
export type Transport = 'body' | 'cookies'

/** How tokens reach a client, and how a browser forgets them. */
export default fp<DeliveryOptions>(
  async function delivery(app, { signer, limits, lifetimes, clock, random }) {
    app.decorateReply('deliverTokens', async function (grant, transport, resource) {
      const { user, refreshToken, isSignIn, isShort } = grant
      const signFor = (target?: Resource) => signer.sign(claimsFor(grant, clock, random, target))
      const refreshSeconds = lifetimes.idleMs / 1000
      const keeping = { transport, refreshSeconds, isShort }
      const forResource = resource && {
        accessToken: await signFor(resource),
        expiresIn: resource.lifetimeSeconds,
      }
      if (forResource && transport === 'body') {
        return deliver(this, { ...forResource, refreshToken }, keeping)
      }
      // A cookie never holds a token of another API.
      const accessToken = await signFor()
      const own = { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS }
      const answer = { ...deliver(this, own, keeping), ...forResource }
      if (isSignIn && transport === 'cookies') {
        dropQuestions(this)
        // On a computer that others use, nothing is left of the person.
        if (!isShort) await limits.rememberBrowser(callerOf(this.request), this, user)
      }
      return answer
    })
    app.decorateReply('forgetSession', function () {
      return dropQuestions(this.dropCookies()).header('clear-site-data', '"cache", "storage"')
    })
  },
  { name: 'delivery', fastify: '5.x', dependencies: ['cookies'] },
)

interface Keeping {
  readonly transport: Transport
  /** How long the browser keeps the refresh cookie. */
  readonly refreshSeconds: number
  /** Its cookies end with the browser. */
  readonly isShort?: true | undefined
}

/** @returns the members of the answer. */
function deliver(
  reply: FastifyReply,
  { refreshToken, ...tokens }: Tokens,
  { transport, refreshSeconds, isShort }: Keeping,
) {
  const { expiresIn } = tokens
  const answer = { tokenType: 'Bearer' as const, expiresIn }
  // RFC 6749 §5.1 wants both; `Cache-Control: no-store` is on every answer.
  reply.header('pragma', 'no-cache')
  const refreshing = refreshToken !== undefined && { refreshToken }
  if (transport === 'body') return { ...tokens, ...refreshing, ...answer }
  const keptFor = (seconds: number) => (isShort ? undefined : seconds)
  reply.writeCookie(ACCESS_COOKIE, tokens.accessToken, keptFor(expiresIn))
  if (refreshToken !== undefined)
    reply.writeCookie(REFRESH_COOKIE, refreshToken, keptFor(refreshSeconds))
  return answer
}

declare module 'fastify' {
  interface FastifyReply {
    /**
     * The one place where tokens reach a client: Latchkey's own, or that of one API.
     * @returns the members of the answer.
     */
    deliverTokens(
      grant: Delivered,
      transport: Transport,
      resource?: Resource,
    ): Promise<ReturnType<typeof deliver>>
    /** Removes what a person who ends their own session leaves in the browser: cookies, pages of the account. */
    forgetSession(): FastifyReply
  }
}
