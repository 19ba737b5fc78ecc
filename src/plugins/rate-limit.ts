import rateLimit from '@fastify/rate-limit'
import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { addressOf, callerOf } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import { type Limit, logExceeded, RATE_LIMITED } from '../limits/by-address.js'
import type { AddressPermits } from '../limits/address-permits.js'

export interface RateLimitOptions {
  readonly permits: AddressPermits
  /** For each route that says `config: { rateLimit: {} }`, by address. */
  readonly limit: Limit
  /** What happens when the counter cannot be reached: refuse with 503, or let the request on. */
  readonly allowOnOutage: boolean
}

/**
 * `@fastify/rate-limit` on DynamoDB, because Lambdas share no memory. Only routes that ask are limited.
 */
export default fp<RateLimitOptions>(
  async function rateLimits(app, { permits, limit, allowOnOutage }) {
    await app.register(rateLimit, {
      global: false,
      max: limit.max,
      timeWindow: limit.windowMs,
      keyGenerator: addressOf,
      store: storeOn(permits),
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
function storeOn(permits: AddressPermits) {
  return class DynamoDbStore {
    readonly #scope: string

    constructor(parameters: object) {
      const { groupId, routeInfo } = parameters as StoreParameters
      this.#scope = groupId ?? `${[routeInfo?.method].flat().join()} ${routeInfo?.url ?? '*'}`
    }

    incr(key: string, callback: Callback, windowMs = 0, max = 0): void {
      permits.take(`${this.#scope}#${key}`, { max, windowMs }).then(
        ({ granted, remaining, resetMs }) =>
          callback(null, { current: granted ? max - remaining : max + 1, ttl: resetMs }),
        (error: unknown) => callback(error as Error),
      )
    }

    child(parameters: object): DynamoDbStore {
      return new DynamoDbStore(parameters)
    }
  }
}
