import type { PageRoutes } from '../kit/routes.js'

/** Other people's accounts, for administrators. */
export const userRoutes: PageRoutes = (app, { pageOf, own, ownOne, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).userHandlers)
  const users = '/dashboard/users'

  app.get(users, own, async (...args) => (await page()).showUsers(...args))
  app.post(users, change, async (...args) => (await page()).findUser(...args))
  app.get(`${users}/:id`, ownOne, async (...args) => (await page()).showUser(...args))
  app.post(`${users}/:id/disable`, changeOne, async (...args) =>
    (await page()).disableUser(...args),
  )
  app.post(`${users}/:id/enable`, changeOne, async (...args) => (await page()).enableUser(...args))
  app.post(`${users}/:id/promote`, changeOne, async (...args) =>
    (await page()).promoteUser(...args),
  )
  app.post(`${users}/:id/demote`, changeOne, async (...args) => (await page()).demoteUser(...args))
  app.post(`${users}/:id/password-reset`, changeOne, async (...args) =>
    (await page()).offerPassword(...args),
  )
  app.post(`${users}/:id/verify-address`, changeOne, async (...args) =>
    (await page()).verifyAddress(...args),
  )
  app.post(`${users}/:id/release-address`, changeOne, async (...args) =>
    (await page()).releaseAddress(...args),
  )
  app.post(`${users}/:id/delete`, changeOne, async (...args) => (await page()).deleteUser(...args))
  app.post(`${users}/:id/factors-removal`, changeOne, async (...args) =>
    (await page()).beginRemoval(...args),
  )
  app.post(`${users}/:id/factors-removal/confirm`, changeOne, async (...args) =>
    (await page()).confirmRemoval(...args),
  )
  app.post(`${users}/:id/factors-removal/take-back`, changeOne, async (...args) =>
    (await page()).takeBackRemoval(...args),
  )
  app.post(`${users}/:id/factors-unlock`, changeOne, async (...args) =>
    (await page()).unlockFactors(...args),
  )
  app.post(`${users}/:id/end-sessions`, changeOne, async (...args) =>
    (await page()).endSessionsOfUser(...args),
  )
}
