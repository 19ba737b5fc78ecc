import type { PageRoutes } from '../kit/routes.js'

/** The API keys of a person. */
export const keyRoutes: PageRoutes = (app, { pageOf, own, ownOne, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).keyHandlers)
  const keys = '/dashboard/keys'

  app.get(keys, own, async (...args) => (await page()).showKeys(...args))
  app.post(keys, change, async (...args) => (await page()).createKey(...args))
  app.get(`${keys}/:id`, ownOne, async (...args) => (await page()).showKey(...args))
  app.post(`${keys}/:id`, changeOne, async (...args) => (await page()).editKey(...args))
  app.post(`${keys}/:id/rotate`, changeOne, async (...args) => (await page()).rotateKey(...args))
  app.post(`${keys}/:id/disable`, changeOne, async (...args) => (await page()).disableKey(...args))
  app.post(`${keys}/:id/enable`, changeOne, async (...args) => (await page()).enableKey(...args))
  app.post(`${keys}/:id/delete`, changeOne, async (...args) => (await page()).deleteKey(...args))
}
