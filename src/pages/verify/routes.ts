import { SIGN_IN_LIMIT, VERIFICATION_LIMIT } from '../../limits/by-address.js'
import { ASK_VERIFICATION, DISOWN, VERIFY } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Addresses that are proved by mail. */
export const verifyRoutes: PageRoutes = (app, { pageOf, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).verifyHandlers)

  app.get(VERIFY, OPEN, async (...args) => (await page()).showVerify(...args))
  app.post(VERIFY, openChange(SIGN_IN_LIMIT), async (...args) => (await page()).verify(...args))
  app.post(DISOWN, openChange(VERIFICATION_LIMIT), async (...args) =>
    (await page()).disown(...args),
  )
  const ask = { ...change, config: { rateLimit: { groupId: VERIFICATION_LIMIT } } }
  app.post(ASK_VERIFICATION, ask, async (...args) => (await page()).ask(...args))
}
