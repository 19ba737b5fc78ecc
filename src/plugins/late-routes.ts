import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { Problem, SERVICE_UNAVAILABLE } from '../http/problem.js'
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
    let building: Promise<FastifyInstance> | undefined
    const load = onceMade(() => (building = opened(build)))
    app.decorate('lateRoutes', load)
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.is404) {
        done()
        return
      }
      load().then(
        (late) => {
          reply.hijack()
          try {
            late.routing(request.raw, reply.raw)
          } catch (error) {
            reply.raw.destroy(error as Error)
          }
        },
        (error: unknown) => {
          report(request.log, 'start_fail', { err: error })
          done(new Problem(SERVICE_UNAVAILABLE, { headers: { 'retry-after': '2' }, cause: error }))
        },
      )
    })
    app.addHook('preClose', async () => {
      const late = await building?.catch(() => undefined)
      await late?.close()
    })
  },
  { name: 'late-routes', fastify: '5.x' },
)

async function opened(build: LateRoutesOptions['build']): Promise<FastifyInstance> {
  const late = await build()
  await late.ready()
  return late
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The instance that has the late routes. */
    lateRoutes(): Promise<FastifyInstance>
  }
}
