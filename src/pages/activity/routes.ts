import { ACTIVITY } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** What happened in an account: a person's own, and for administrators that of any user. */
export const activityRoutes: PageRoutes = (app, { pageOf, own, ownOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).activityHandlers)

  app.get(ACTIVITY, own, async (...args) => (await page()).showOwn(...args))
  app.get('/dashboard/users/:id/activity', ownOne, async (...args) =>
    (await page()).showOfUser(...args),
  )
}
