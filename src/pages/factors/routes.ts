import { FACTORS, FACTORS_NOT_NOW, FACTORS_PASSKEY, FACTORS_TOTP } from '../kit/paths.js'
import type { PageRoutes } from '../kit/routes.js'

/** A person's own second factors, and the devices that need none. */
export const factorRoutes: PageRoutes = (app, { pageOf, own, change, changeOne }) => {
  const page = pageOf(async () => (await import('../pages.js')).factorHandlers)

  app.get(FACTORS, own, async (...args) => (await page()).showFactors(...args))
  app.post(FACTORS_NOT_NOW, change, async (...args) => (await page()).notNow(...args))

  app.post(FACTORS_TOTP, change, async (...args) => (await page()).beginTotp(...args))
  app.get(FACTORS_TOTP, own, async (...args) => (await page()).showTotp(...args))
  app.post(`${FACTORS_TOTP}/confirm`, change, async (...args) =>
    (await page()).confirmTotp(...args),
  )
  app.post(`${FACTORS_TOTP}/remove`, change, async (...args) => (await page()).removeTotp(...args))

  app.post(`${FACTORS}/recovery-codes`, change, async (...args) =>
    (await page()).replaceCodes(...args),
  )

  app.post(FACTORS_PASSKEY, change, async (...args) => (await page()).addPasskey(...args))
  app.post(`${FACTORS_PASSKEY}/:id/rename`, changeOne, async (...args) =>
    (await page()).renamePasskey(...args),
  )
  app.post(`${FACTORS_PASSKEY}/:id/remove`, changeOne, async (...args) =>
    (await page()).removePasskey(...args),
  )

  app.post(`${FACTORS}/devices/:id/end`, changeOne, async (...args) =>
    (await page()).endDevice(...args),
  )
}
