import { SIGN_IN_LIMIT } from '../../limits/by-address.js'
import { ENROLMENT, ENROLMENT_PASSKEY, ENROLMENT_TOTP } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Sets up the second factor that an account has to have before it can be signed in to. */
export const enrolmentRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).enrolmentHandlers)

  app.get(ENROLMENT, OPEN, async (...args) => (await page()).showWays(...args))
  app.post(ENROLMENT_TOTP, openChange(), async (...args) => (await page()).beginTotp(...args))
  app.get(ENROLMENT_TOTP, OPEN, async (...args) => (await page()).showTotp(...args))
  app.post(`${ENROLMENT_TOTP}/confirm`, openChange(SIGN_IN_LIMIT), async (...args) =>
    (await page()).confirmTotp(...args),
  )
  app.post(`${ENROLMENT_PASSKEY}/options`, openChange(), async (...args) =>
    (await page()).passkeyOptions(...args),
  )
  app.post(ENROLMENT_PASSKEY, openChange(SIGN_IN_LIMIT), async (...args) =>
    (await page()).addPasskey(...args),
  )
}
