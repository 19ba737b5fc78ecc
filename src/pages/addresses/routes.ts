import { SIGN_UP_LIMIT } from '../../limits/by-address.js'
import { FREEING, READDRESS } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Addresses that leave an account, and accounts that get another one. */
export const addressRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).addressHandlers)

  app.get(FREEING, OPEN, async (...args) => (await page()).showFreeing(...args))
  app.post(FREEING, openChange(), async (...args) => (await page()).freeAddress(...args))
  app.get(READDRESS, OPEN, async (...args) => (await page()).showReaddress(...args))
  app.post(READDRESS, openChange(SIGN_UP_LIMIT), async (...args) =>
    (await page()).readdress(...args),
  )
}
