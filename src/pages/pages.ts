import type { FastifyInstance } from 'fastify'
import { makeAssets } from './assets.js'
import { PageContext } from './context.js'
import { accountHandlers } from './handlers/account.js'
import { errorsHandler } from './handlers/errors.js'
import { failureHandler } from './handlers/failure.js'
import { keyHandlers } from './handlers/keys.js'
import { sessionHandlers } from './handlers/sessions.js'
import { signInHandlers } from './handlers/sign-in.js'
import { userHandlers } from './handlers/users.js'
import { assetHandlers } from './handlers/asset.js'
import type { PagesOptions } from './options.js'

/** Everything that pages are made of; loaded by the first that is asked for. */
export async function openPages(app: FastifyInstance, options: PagesOptions) {
  const context = new PageContext(app, options, await makeAssets(options.brand))
  return {
    ...assetHandlers(context),
    fail: failureHandler(context),
    ...errorsHandler(context),
    ...signInHandlers(context),
    ...accountHandlers(context),
    ...sessionHandlers(context),
    ...keyHandlers(context),
    ...userHandlers(context),
  }
}

export type Pages = Awaited<ReturnType<typeof openPages>>
