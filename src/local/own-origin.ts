import fp from 'fastify-plugin'
import { isNavigation } from '../navigation.js'
import { isLoopback, LOOPBACK } from '../secure-url.js'

/**
 * This machine has several names, and a page that is opened by another than the issuer's would have its forms
 * refused as foreign: whoever opens one goes on at the issuer's. Programs are left where they are.
 */
export const ownOrigin = (issuer: string) =>
  fp(
    async function ownOrigin(app) {
      const own = new URL(issuer)
      if (!isLoopback(own.hostname)) return
      const port = own.port && `:${own.port}`
      const others = new Set(
        LOOPBACK.map((name) => name + port).filter((host) => host !== own.host),
      )
      app.addHook('onRequest', async (request, reply) => {
        if (!others.has(request.host) || !isNavigation(request)) return undefined
        return reply.redirect(own.origin + request.url, 307)
      })
    },
    { name: 'own-origin', fastify: '5.x' },
  )
