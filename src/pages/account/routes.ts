import { ACCOUNT_DATA, CHANGE_PASSWORD, DELETE_ACCOUNT } from '../kit/paths.js'
import { OPEN, type PageRoutes } from '../kit/routes.js'

/** The profile of a person, and how they sign in. */
export const accountRoutes: PageRoutes = (app, { pageOf, own, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).accountHandlers)

  app.get('/dashboard', own, async (...args) => (await page()).showAccount(...args))
  app.post('/dashboard/name', change, async (...args) => (await page()).changeName(...args))
  app.post('/dashboard/password', change, async (...args) => (await page()).changePassword(...args))
  app.get(ACCOUNT_DATA, change, async (...args) => (await page()).download(...args))
  app.post(DELETE_ACCOUNT, change, async (...args) => (await page()).deleteAccount(...args))
  // https://w3c.github.io/webappsec-change-password-url/
  app.get('/.well-known/change-password', OPEN, async (_request, reply) =>
    reply.redirect(CHANGE_PASSWORD, 303),
  )

  const identity = '/dashboard/identities/:id'
  app.post(`${identity}/unlink`, changeOne, async (...args) =>
    (await page()).unlinkIdentity(...args),
  )
  app.post(`${identity}/enable`, changeOne, async (...args) =>
    (await page()).enableIdentity(...args),
  )
}
