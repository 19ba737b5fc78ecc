import { INVITATION_LIMIT } from '../../limits/by-address.js'
import { INVITATION } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Where an invited person makes their account. */
export const invitationRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).invitationHandlers)
  const change = openChange(INVITATION_LIMIT)

  app.get(INVITATION, OPEN, async (...args) => (await page()).showInvitation(...args))
  app.post(INVITATION, change, async (...args) => (await page()).acceptInvitation(...args))
}
