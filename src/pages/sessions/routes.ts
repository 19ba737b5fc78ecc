import type { PageRoutes } from '../kit/routes.js'

/** The sessions of a person. */
export const sessionRoutes: PageRoutes = (app, { pageOf, own, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).sessionHandlers)
  const sessions = '/dashboard/sessions'

  app.get(sessions, own, async (...args) => (await page()).showSessions(...args))
  app.post(`${sessions}/end`, change, async (...args) => (await page()).endSessions(...args))
  app.post(`${sessions}/:id/end`, changeOne, async (...args) => (await page()).endSession(...args))
}
