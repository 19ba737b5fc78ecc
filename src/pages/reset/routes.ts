import { FORGOT_LIMIT, RESET_LIMIT } from '../../limits/by-address.js'
import { FORGOT, RESET } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** A forgotten password: the mail is asked for on one page, and its link or code used on the other. */
export const resetRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).resetHandlers)

  app.get(FORGOT, OPEN, async (...args) => (await page()).showForgot(...args))
  app.post(FORGOT, openChange(FORGOT_LIMIT), async (...args) => (await page()).forgot(...args))
  app.get(RESET, OPEN, async (...args) => (await page()).showReset(...args))
  app.post(RESET, openChange(RESET_LIMIT), async (...args) => (await page()).reset(...args))
}
