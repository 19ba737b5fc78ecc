import { ADDRESS_CHANGE_LIMIT, ADDRESS_UNDO_LIMIT } from '../../limits/by-address.js'
import { CHANGE_EMAIL, CONFIRM_EMAIL, UNDO } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Another address for an account, and the way back to the old one. */
export const emailRoutes: PageRoutes = (app, { pageOf, own, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).emailHandlers)
  const counted = { ...change, config: { rateLimit: { groupId: ADDRESS_CHANGE_LIMIT } } }

  app.get(CHANGE_EMAIL, own, async (...args) => (await page()).showChange(...args))
  app.post(CHANGE_EMAIL, counted, async (...args) => (await page()).ask(...args))
  app.post(CONFIRM_EMAIL, counted, async (...args) => (await page()).confirm(...args))
  app.get(UNDO, OPEN, async (...args) => (await page()).showUndo(...args))
  app.post(UNDO, openChange(ADDRESS_UNDO_LIMIT), async (...args) => (await page()).undo(...args))
}
