import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { ManagedUsers } from './managed-users.js'
import { ManagedUserAnswer, UserParams } from './schemas.js'

export interface AdminFactorRoutesOptions {
  readonly managedUsers: Late<ManagedUsers>
}

const RECENT =
  'Needs a sign-in of the last 15 minutes, with a second factor where the administrator has one.'

/** Second factors of users who have lost them, for administrators. */
const adminFactorRoutes: FastifyPluginAsyncTypebox<AdminFactorRoutesOptions> = async (
  app,
  { managedUsers },
) => {
  const removal = '/api/admin/users/:id/factors-removal'
  const common = { config: { rateLimit: {} }, onRequest: app.requireAdmin() }
  const schema = {
    tags: ['Administration'],
    params: UserParams,
    response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 409, 429, 503) },
  }

  app.post(
    removal,
    {
      ...common,
      schema: {
        ...schema,
        summary: 'Begin to remove all second factors of a user',
        description: `For a user who has lost them. \`factorsRemoval\` says when it takes effect: with the first sign-in after 24 hours, or at once when another administrator confirms it. The user gets a mail with a link that takes it back. For an administrator’s account both are wanted: the other administrator and the 24 hours. A removal that is under way stays as it is; after seven days it lapses. ${RECENT}`,
      },
    },
    async (request) => {
      const { params, session } = request
      return { user: await managedUsers.beginFactorsRemoval(callerOf(request), session, params.id) }
    },
  )

  app.post(
    `${removal}/confirm`,
    {
      ...common,
      schema: {
        ...schema,
        summary: 'Confirm that all second factors of a user are removed',
        description: `By another administrator than the one who began it, or by the same after 24 hours. Authenticator app, passkeys, recovery codes and trusted devices are gone then, every session ends, and the user is told by mail. For an administrator’s account it is done after the 24 hours. It signs no one in. ${RECENT}`,
      },
    },
    async (request) => {
      const { params, session } = request
      const caller = callerOf(request)
      return { user: await managedUsers.confirmFactorsRemoval(caller, session, params.id) }
    },
  )

  app.delete(
    removal,
    {
      ...common,
      schema: { ...schema, summary: 'Take back the removal of the second factors of a user' },
    },
    async (request) => {
      const { params, session } = request
      const caller = callerOf(request)
      return { user: await managedUsers.takeBackFactorsRemoval(caller, session, params.id) }
    },
  )

  app.post(
    '/api/admin/users/:id/factors/unlock',
    {
      ...common,
      schema: {
        ...schema,
        summary: 'Let a user try one-time passwords again',
        description: `After 100 wrong ones in a row none is compared. ${RECENT}`,
      },
    },
    async (request) => {
      const { params, session } = request
      return { user: await managedUsers.unlockFactors(callerOf(request), session, params.id) }
    },
  )
}

export default adminFactorRoutes
