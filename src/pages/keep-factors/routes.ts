import { FACTORS_REMOVAL_LIMIT } from '../../limits/by-address.js'
import { KEEP_FACTORS } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** What the owner of an account can do about the removal of their second factors. */
export const keepFactorsRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).keepFactorsHandlers)
  const change = openChange(FACTORS_REMOVAL_LIMIT)

  app.get(KEEP_FACTORS, OPEN, async (...args) => (await page()).showKeepFactors(...args))
  app.post(KEEP_FACTORS, change, async (...args) => (await page()).keepFactors(...args))
}
