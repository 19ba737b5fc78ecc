import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import {
  ChangeUserBody,
  FindUserBody,
  ManagedUserAnswer,
  UserIdentityParams,
  UserParams,
} from './schemas.js'
import { EnableIdentityBody } from '../users/schemas.js'
import { callerOf } from '../http/caller.js'
import type { ManagedUsers } from './managed-users.js'

const TAGS = ['Administration']

export interface AdminRoutesOptions {
  readonly managedUsers: Late<ManagedUsers>
}

/** What administrators do with one user. */
const adminRoutes: FastifyPluginAsyncTypebox<AdminRoutesOptions> = async (
  app,
  { managedUsers },
) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireAdmin() }

  app.post(
    '/api/admin/users/find',
    {
      ...common,
      config: { ...common.config, ids: { pointer: '/user/id', of: '/api/admin/users/:id' } },
      schema: {
        tags: TAGS,
        summary: 'Find a user by e-mail address',
        description: 'By POST, since addresses have no place in URLs.',
        body: FindUserBody,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => ({
      user: await managedUsers.find(callerOf(request), request.session, request.body),
    }),
  )

  app.get(
    '/api/admin/users/:id',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Show a user',
        params: UserParams,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request) => ({
      user: await managedUsers.find(callerOf(request), request.session, request.params),
    }),
  )

  app.patch(
    '/api/admin/users/:id',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Disable or enable a user, change their role',
        description:
          'Giving or taking a role and enabling require a sign-in within the last 15 minutes; disabling does not. A change of status ends all of the user’s sessions. Administrators cannot disable themselves or give up their own role.',
        params: UserParams,
        body: ChangeUserBody,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request) => {
      const { params, body, session } = request
      return { user: await managedUsers.change(callerOf(request), session, params.id, body) }
    },
  )

  app.patch(
    '/api/admin/users/:id/identities/:identityId',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Enable an identity of a user that is suspended',
        description:
          'Needs a sign-in of the last 15 minutes. API keys are enabled by `PATCH /api/apikeys/:id`.',
        params: UserIdentityParams,
        body: EnableIdentityBody,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => {
      const { id, identityId } = request.params
      const caller = callerOf(request)
      return { user: await managedUsers.enableIdentity(caller, request.session, id, identityId) }
    },
  )

  app.post(
    '/api/admin/users/:id/password-reset',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Send a user a link to choose a new password',
        description:
          'The mail has a link, good for 30 minutes, which only its reader sees. Nothing changes until it is used. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.',
        params: UserParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      await managedUsers.offerPassword(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/admin/users/:id/verify-address',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Confirm that an address is a user’s own',
        description:
          'For an administrator who knows it by other means. The user is told by mail. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.',
        params: UserParams,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request) => {
      const { params, session } = request
      return { user: await managedUsers.verifyAddress(callerOf(request), session, params.id) }
    },
  )

  app.post(
    '/api/admin/users/:id/release-address',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Take the address from a user, so that another account can have it',
        description:
          'Ends all of the user’s sessions. The account stays, and its owner may come back with the former address and password for 30 days. The address is told by mail. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.',
        params: UserParams,
        response: { 200: ManagedUserAnswer, ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request) => {
      const { params, session } = request
      return { user: await managedUsers.releaseAddress(callerOf(request), session, params.id) }
    },
  )

  app.delete(
    '/api/admin/users/:id',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Delete a user, for good',
        description:
          'As `DELETE /api/account` does. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.',
        params: UserParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      await managedUsers.remove(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/users/:id/sessions',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'End all sessions of a user',
        params: UserParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      await managedUsers.endSessions(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export default adminRoutes
