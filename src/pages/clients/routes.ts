import { CLIENTS } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** The apps that sign people in here, for administrators. */
export const clientRoutes: PageRoutes = (app, { pageOf, own, ownOne, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).clientHandlers)
  const one = `${CLIENTS}/:id`

  app.get(CLIENTS, own, async (...args) => (await page()).showClients(...args))
  app.post(CLIENTS, change, async (...args) => (await page()).registerClient(...args))
  app.get(one, ownOne, async (...args) => (await page()).showClient(...args))
  app.post(one, changeOne, async (...args) => (await page()).changeClient(...args))
  app.post(`${one}/rotate`, changeOne, async (...args) => (await page()).rotateSecret(...args))
  app.post(`${one}/enable`, changeOne, async (...args) => (await page()).enableClient(...args))
  app.post(`${one}/remove`, changeOne, async (...args) => (await page()).removeClient(...args))
}
