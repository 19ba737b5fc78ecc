import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isNavigation } from '../http/navigation.js'
import { pathOf } from '../http/path.js'
import { Problem } from '../http/problem.js'
import { METHOD_NOT_ALLOWED, NOT_FOUND } from '../http/errors.js'

/**
 * 404, and 405 with the methods of the path (RFC 9110 §15.5.6). Decided before a body is read, whose faults say
 * nothing where there is no route. Register before any route.
 */
export default fp(
  async function notFound(app) {
    const routes = collectRoutes(app)
    app.addHook('onRequest', (request, reply, done) => {
      const path = pathOf(request.url)
      if (!request.is404 && !hasEmptyPart(request) && !routes.isShadowed(request, path)) {
        done()
        return
      }
      const allow = routes.methodsOf(path)
      if (allow.length > 0) {
        throw new Problem(METHOD_NOT_ALLOWED, { headers: { allow: allow.join(', ') } })
      }
      const meant = isNavigation(request) ? routes.meantBy(path) : undefined
      if (meant === undefined) throw new Problem(NOT_FOUND)
      reply.redirect(meant + request.url.slice(path.length))
    })
    // What a plugin does not find, such as a file.
    app.setNotFoundHandler(async () => {
      throw new Problem(NOT_FOUND)
    })
  },
  { name: 'not-found', fastify: '5.x' },
)

function collectRoutes(app: FastifyInstance) {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const name of [method].flat()) known.add(name)
    methods.set(url, known)
  })
  const patternsOf = (path: string): string[] => {
    if (methods.has(path)) return [path]
    return [...methods.keys()].filter((pattern) => isPattern(pattern) && matches(pattern, path))
  }
  const methodsOf = (path: string): string[] => {
    const names = patternsOf(path).flatMap((pattern) => [...(methods.get(pattern) ?? [])])
    return [...new Set(names)].sort()
  }
  /** Paths that another path's pattern would take too: the router looks at the routes of one method at a time. */
  const shadowed = new Set<string>()
  app.addHook('onReady', async () => {
    const patterns = [...methods.keys()].filter(isPattern)
    for (const path of methods.keys()) {
      if (patterns.some((pattern) => pattern !== path && matches(pattern, path))) shadowed.add(path)
    }
  })
  const isOpened = (path: string): boolean => methodsOf(path).includes('GET')
  return {
    methodsOf,
    /** Whether a pattern has taken a path that is another's. */
    isShadowed: ({ routeOptions }: FastifyRequest, path: string): boolean =>
      shadowed.has(path) && routeOptions.url !== path,
    /** The address that a person meant who typed a slash after it, or capitals. */
    meantBy(path: string): string | undefined {
      const bare = path.replace(/\/+$/, '')
      return [bare, bare.toLowerCase()].find(isOpened)
    },
  }
}

/** The router takes a path that ends where a parameter begins. */
function hasEmptyPart({ params }: FastifyRequest): boolean {
  const parts = params as Readonly<Record<string, string>>
  for (const name in parts) if (parts[name] === '' && name !== '*') return true
  return false
}

const isPattern = (pattern: string): boolean => pattern.includes(':') && !pattern.includes('*')

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith(':') ? given[index] !== '' : part === given[index],
    )
  )
}
