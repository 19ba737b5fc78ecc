import { OPEN, type PageRoutes } from '../kit/routes.js'

/** The page that explains every error code. */
export const errorsRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).errorsHandlers)

  app.get('/errors', OPEN, async (...args) => (await page()).showErrors(...args))
}
