import { makeAssets } from './kit/assets.js'
import { PageContext } from './kit/context.js'
import { accountHandlers } from './account/page.js'
import { addressHandlers } from './addresses/page.js'
import { errorsHandler } from './errors/page.js'
import { failureHandler } from './failure/page.js'
import { keyHandlers } from './keys/page.js'
import { sessionHandlers } from './sessions/page.js'
import { signInHandlers } from './sign-in/page.js'
import { userHandlers } from './users/page.js'
import { assetHandlers } from './kit/asset.js'
import type { PagesOptions } from './kit/options.js'

/** Everything that pages are made of; loaded by the first that is asked for. */
export async function openPages(options: PagesOptions) {
  const context = new PageContext(options, await makeAssets(options.brand))
  return {
    ...assetHandlers(context),
    fail: failureHandler(context),
    ...errorsHandler(context),
    ...signInHandlers(context),
    ...addressHandlers(context),
    ...accountHandlers(context),
    ...sessionHandlers(context),
    ...keyHandlers(context),
    ...userHandlers(context),
  }
}

export type Pages = Awaited<ReturnType<typeof openPages>>
