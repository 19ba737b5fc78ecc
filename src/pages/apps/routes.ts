import { APPS, APPS_WITHDRAW } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** What a person has allowed apps. */
export const appRoutes: PageRoutes = (app, { pageOf, own, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).appHandlers)

  app.get(APPS, own, async (...args) => (await page()).show(...args))
  app.post(APPS_WITHDRAW, change, async (...args) => (await page()).withdraw(...args))
}
