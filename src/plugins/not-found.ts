import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isNavigation } from '../http/navigation.js'
import { pathOf } from '../http/path.js'
import { Problem } from '../http/problem.js'
import { METHOD_NOT_ALLOWED, NOT_FOUND } from '../http/errors.js'
import type { RouteList } from '../http/route-list.js'

export interface NotFoundOptions {
  readonly routes: RouteList
}

/**
 * 404, and 405 with the methods of the path (RFC 9110 §15.5.6). Decided before a body is read, whose faults say
 * nothing where there is no route.
 */
export default fp<NotFoundOptions>(
  async function notFound(app, { routes }) {
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
      const meant = isNavigation(request) ? meantBy(routes, path) : undefined
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

/** The address that a person meant who typed a slash after it, or capitals. */
function meantBy(routes: RouteList, path: string): string | undefined {
  const bare = path.replace(/\/+$/, '')
  return [bare, bare.toLowerCase()].find((each) => routes.methodsOf(each).includes('GET'))
}

/** The router takes a path that ends where a parameter begins. */
function hasEmptyPart({ params }: FastifyRequest): boolean {
  const parts = params as Readonly<Record<string, string>>
  for (const name in parts) if (parts[name] === '' && name !== '*') return true
  return false
}
