import { CONSENT } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** Asks a person whether an app may have what it asks for. */
export const consentRoutes: PageRoutes = (app, { pageOf, own, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).consentHandlers)

  app.get(CONSENT, own, async (...args) => (await page()).show(...args))
  app.post(CONSENT, change, async (...args) => (await page()).answer(...args))
}
