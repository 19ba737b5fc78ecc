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
    const load = onceMade(async () => (await import('./pages.js')).openPages(options))
    app.decorate('failurePage', async (error, request, reply) =>
      (await load()).fail(error, request, reply),
    )
    await app.register(pageRoutes, { ...options, pages: load })
  },
  { name: 'pages', fastify: '5.x', dependencies: ['errors'] },
)
