import { SIGN_IN_LIMIT } from '../../limits/by-address.js'
import { SECOND_STEP } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** The second step of a sign-in. */
export const secondStepRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).secondStepHandlers)

  app.get(SECOND_STEP, OPEN, async (...args) => (await page()).show(...args))
  app.post(SECOND_STEP, openChange(SIGN_IN_LIMIT), async (...args) => (await page()).prove(...args))
}
