import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { onceMade } from '../lib/once-made.js'
import type { PagesOptions } from './kit/options.js'
import pageRoutes from './routes.js'

/**
 * The pages, and failures anywhere as pages. What they are made of (templates, texts, styles) is loaded by the
 * first that is asked for: most instances of a function answer programs only.
 */
export default fp<PagesOptions>(
  async function pages(app, options) {
    const context = onceMade(async () => (await import('./pages.js')).openContext(options))
    const failure = onceMade(async () => {
      const { failureHandler } = await import('./pages.js')
      return failureHandler(await context())
    })
    const fail: NonNullable<FastifyInstance['failurePage']> = async (...failed) =>
      (await failure())(...failed)
    app.decorate('failurePage', fail)
    await app.register(pageRoutes, { ...options, context, fail })
  },
  { name: 'pages', fastify: '5.x', dependencies: ['errors'] },
)
