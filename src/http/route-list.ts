import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DescribedRoute } from './openapi/links.js'

/**
 * All routes of the service, of whichever Fastify instance: what a 405 names, which are for the pages of any origin,
 * and what the OpenAPI document has.
 */
export class RouteList {
  /** By method and path: an instance that could not be built is built again, and lists its routes again. */
  readonly #described = new Map<string, DescribedRoute>()
  /** By path. */
  readonly #methods = new Map<string, Set<string>>()
  readonly #forAnyOrigin = new Set<string>()
  /** Paths that another path's pattern would take too: the router looks at the routes of one method at a time. */
  readonly #shadowed = new Set<string>()

  /** Adds what an instance registers from now on. */
  follow(app: FastifyInstance): void {
    app.addHook('onRoute', ({ url, method, schema, config }) => {
      const known = this.#methods.get(url) ?? new Set()
      for (const name of [method].flat()) known.add(name)
      this.#methods.set(url, known)
      if (config?.isForAnyOrigin) this.#forAnyOrigin.add(url)
      if (schema && schema.hide !== true && method !== 'HEAD') {
        this.#described.set(`${String(method)} ${url}`, { method, url, schema, ids: config?.ids })
      }
    })
    app.addHook('onReady', async () => this.#findShadowed())
  }

  /** Those that the OpenAPI document has. */
  get described(): readonly DescribedRoute[] {
    return [...this.#described.values()]
  }

  methodsOf(path: string): string[] {
    const names = this.#patternsOf(path).flatMap((url) => [...(this.#methods.get(url) ?? [])])
    return [...new Set(names)].sort()
  }

  isForAnyOrigin(path: string): boolean {
    return this.#forAnyOrigin.has(path)
  }

  /** Whether a pattern has taken a path that is another's. */
  isShadowed({ routeOptions }: FastifyRequest, path: string): boolean {
    return this.#shadowed.has(path) && routeOptions.url !== path
  }

  #patternsOf(path: string): string[] {
    if (this.#methods.has(path)) return [path]
    const given = path.split('/')
    return [...this.#methods.keys()].filter((url) => isPattern(url) && takes(url.split('/'), given))
  }

  #findShadowed(): void {
    const paths = [...this.#methods.keys()].map((url) => ({ url, parts: url.split('/') }))
    const patterns = paths.filter(({ url }) => isPattern(url))
    for (const { url, parts } of paths) {
      if (patterns.some((pattern) => pattern.url !== url && takes(pattern.parts, parts))) {
        this.#shadowed.add(url)
      }
    }
  }
}

const isPattern = (url: string): boolean => url.includes(':') && !url.includes('*')

const takes = (pattern: readonly string[], given: readonly string[]): boolean =>
  pattern.length === given.length &&
  pattern.every((part, index) =>
    part.startsWith(':') ? given[index] !== '' : part === given[index],
  )

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set where no cookie is read: pages of every origin may call, without credentials. */
    isForAnyOrigin?: true
  }
}
