import rateLimit from '@fastify/rate-limit'
import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Database } from '../dynamodb/database.js'
import type { Clock } from '../lib/clock.js'
import { addressOf, type Caller, callerOf } from '../http/caller.js'
import { isOutage, Problem } from '../http/problem.js'
import { type Limit, logExceeded, RATE_LIMITED, rateLimited } from '../limits/by-address.js'
import { RateLimitCounter } from '../limits/counter.js'

export interface RateLimitOptions {
  readonly database: Database
  /** The table of counters. */
  readonly table: string
  /** For each route that says `config: { rateLimit: {} }`, by address. */
  readonly address: Limit
  /** What happens when the counter cannot be reached: refuse with 503, or let the request on. */
  readonly allowOnOutage: boolean
  readonly clock: Clock
}

/**
 * `@fastify/rate-limit` on DynamoDB, because Lambdas share no memory. Only routes that ask are limited:
 * a global hook would cost every request a write.
 */
export default fp<RateLimitOptions>(
  async function rateLimits(app, { database, table, address, allowOnOutage, clock }) {
    const counter = new RateLimitCounter(database, table, clock)
    app.decorate('rateLimitCounter', counter)
    app.decorate('addressLimit', address)
    app.decorate('limitAddress', async (caller: Caller, groupId: string) => {
      // `@fastify/rate-limit` puts the group behind the key that it hands to the store.
      const subject = `${groupId}#${caller.address}${groupId}`
      const counting = counter.hit(subject, address.max, address.windowMs)
      const count = await counting.catch((error: unknown) => {
        if (allowOnOutage && isOutage(error)) return undefined
        throw error
      })
      if (!count || count.hits <= address.max) return
      logExceeded(caller)
      throw rateLimited(address, count.resetMs)
    })
    await app.register(rateLimit, {
      global: false,
      max: address.max,
      timeWindow: address.windowMs,
      keyGenerator: addressOf,
      store: storeOn(counter),
      enableDraftSpec: true,
      skipOnError: allowOnOutage,
      onExceeded: (request) => logExceeded(callerOf(request)),
      errorResponseBuilder: () => new Problem(RATE_LIMITED),
    })
    app.addHook('onRoute', limitFirst)
  },
  { name: 'rate-limit', fastify: '5.x' },
)

/**
 * `@fastify/rate-limit` puts its hook behind a route's own: a refused caller would have cost the reads of
 * authentication, and bad credentials would not be counted.
 */
function limitFirst(route: RouteOptions): void {
  if (!route.config?.rateLimit) return
  const hooks = [route.onRequest ?? []].flat()
  route.onRequest = [...hooks.slice(-1), ...hooks.slice(0, -1)]
}

interface StoreParameters {
  readonly groupId?: string
  readonly routeInfo?: { readonly method?: string | string[]; readonly url?: string }
}
type Callback = (error: Error | null, result?: { current: number; ttl: number }) => void

/** The shape of a store that `@fastify/rate-limit` wants; each route counts under its own name, or its group's. */
function storeOn(counter: RateLimitCounter) {
  return class DynamoDbStore {
    readonly #scope: string

    constructor(parameters: object) {
      const { groupId, routeInfo } = parameters as StoreParameters
      this.#scope = groupId ?? `${[routeInfo?.method].flat().join()} ${routeInfo?.url ?? '*'}`
    }

    incr(key: string, callback: Callback, windowMs = 0, max = 0): void {
      counter.hit(`${this.#scope}#${key}`, max, windowMs).then(
        ({ hits, resetMs }) => callback(null, { current: hits, ttl: resetMs }),
        (error: unknown) => callback(error as Error),
      )
    }

    child(parameters: object): DynamoDbStore {
      return new DynamoDbStore(parameters)
    }
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    rateLimitCounter: RateLimitCounter
    /** What one address may ask of a route in a window, where the route says nothing else. */
    addressLimit: Limit
    /**
     * Counts a request with those of the routes of a group, where only what it holds shows that it belongs to it.
     * @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy.
     */
    limitAddress(caller: Caller, groupId: string): Promise<void>
  }
}
