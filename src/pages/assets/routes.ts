import { OPEN, type PageRoutes } from '../kit/routes.js'

/** The files that pages refer to. */
export const assetRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).assetHandlers)

  app.get('/assets/:file', OPEN, async (...args) => (await page()).sendAsset(...args))
  app.get('/favicon.ico', OPEN, async (...args) => (await page()).sendFavicon(...args))
}
