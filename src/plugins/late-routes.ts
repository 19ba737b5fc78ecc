import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { onceMade } from '../lib/once-made.js'

export interface LateRoutesOptions {
  /** Builds the instance that has them. */
  readonly build: () => Promise<FastifyInstance>
}

/**
 * Routes that no start registers: a second Fastify instance, which the first request builds for which there is no
 * route here. It takes such a request as it came, with hooks of its own. A route with a parameter would hide
 * what is late below its path: have none here. Register behind CORS, which answers preflights of all paths.
 */
export default fp<LateRoutesOptions>(
  async function lateRoutes(app, { build }) {
    let open: FastifyInstance | undefined
    const load = onceMade(async () => {
      const late = await build()
      await late.ready()
      return (open = late)
    })
    app.decorate('lateRoutes', load)
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.is404) {
        done()
        return
      }
      load()
        .then((late) => {
          reply.hijack()
          late.routing(request.raw, reply.raw)
        })
        .catch((error: unknown) => done(error as Error))
    })
    app.addHook('preClose', async () => open?.close())
  },
  { name: 'late-routes', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** The instance that has the late routes. */
    lateRoutes(): Promise<FastifyInstance>
  }
}
