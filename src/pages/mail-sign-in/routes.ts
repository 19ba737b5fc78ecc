import { MAIL_SIGN_IN_LIMIT, SIGN_IN_LIMIT } from '../../limits/by-address.js'
import { MAIL_SIGN_IN, MAIL_SIGN_IN_CONFIRM } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Signing in by mail: the mail is asked for, and its link or code used. */
export const mailSignInRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).mailSignInHandlers)

  app.get(MAIL_SIGN_IN, OPEN, async (...args) => (await page()).show(...args))
  app.post(MAIL_SIGN_IN, openChange(MAIL_SIGN_IN_LIMIT), async (...args) =>
    (await page()).ask(...args),
  )
  app.get(MAIL_SIGN_IN_CONFIRM, OPEN, async (...args) => (await page()).show(...args))
  app.post(MAIL_SIGN_IN_CONFIRM, openChange(SIGN_IN_LIMIT), async (...args) =>
    (await page()).confirm(...args),
  )
}
