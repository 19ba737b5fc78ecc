import { INVITATIONS } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** Open invitations, for administrators. */
export const invitationsRoutes: PageRoutes = (app, { pageOf, own, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).invitationsHandlers)

  app.get(INVITATIONS, own, async (...args) => (await page()).showInvitations(...args))
  app.post(INVITATIONS, change, async (...args) => (await page()).invite(...args))
  app.post(`${INVITATIONS}/resend`, change, async (...args) => (await page()).resend(...args))
  app.post(`${INVITATIONS}/withdraw`, change, async (...args) => (await page()).withdraw(...args))
}
