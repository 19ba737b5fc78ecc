import { APP_LOGOUT } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Where an app sends a person to sign out (RP-Initiated Logout 1.0). */
export const appLogoutRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).appLogoutHandlers)

  app.get(APP_LOGOUT, OPEN, async (...args) => (await page()).show(...args))
  app.post(APP_LOGOUT, fromAnywhere, async (...args) => (await page()).answer(...args))
}

const { config, ...rest } = openChange()
const fromAnywhere = { ...rest, config: { ...config, isForAnyPage: true } }
