import { SIGN_IN_LIMIT } from '../../limits/by-address.js'
import { STEP_UP } from '../kit/paths.js'
import { openChange, type PageRoutes } from '../kit/routes.js'

/** Asks a person who is signed in to prove once more who they are. */
export const stepUpRoutes: PageRoutes = (app, { pageOf, own, change }) => {
  const page = pageOf(async () => (await import('../pages.js')).stepUpHandlers)

  app.get(STEP_UP, own, async (...args) => (await page()).show(...args))
  app.post(STEP_UP, { ...change, ...limited }, async (...args) => (await page()).prove(...args))
}

const { config } = openChange(SIGN_IN_LIMIT)
const limited = { config }
