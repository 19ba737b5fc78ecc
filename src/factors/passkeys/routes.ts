import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../../http/caller.js'
import { problems } from '../../http/openapi/problems.js'
import type { Late } from '../../lib/late.js'
import type { Passkeys } from './passkeys.js'
import {
  CreatedPasskeyAnswer,
  CreatePasskeyBody,
  CreationOptionsAnswer,
  PasskeyAnswer,
  PasskeyEndpoints,
  PasskeyParams,
  PasskeysAnswer,
  RenamePasskeyBody,
} from './schemas.js'

export interface PasskeyRoutesOptions {
  readonly passkeys: Late<Passkeys>
}

const TAGS = ['Second factors']

/** A person's own passkeys. */
const passkeyRoutes: FastifyPluginAsyncTypebox<PasskeyRoutesOptions> = async (
  app,
  { passkeys },
) => {
  app.post(
    '/api/auth/passkeys/options',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: TAGS,
        summary: 'Begin to make a passkey',
        description:
          'Hand the answer to `navigator.credentials.create()` by `PublicKeyCredential.parseCreationOptionsFromJSON()`. It is good once, for ten minutes, in this session.',
        response: { 200: CreationOptionsAnswer, ...problems(401, 403, 404, 409, 429, 503) },
      },
    },
    ({ session }) => passkeys.creationOptions(session.account, session.sessionId),
  )

  app.post(
    '/api/auth/passkeys',
    {
      config: {
        rateLimit: {},
        ids: { pointer: '/passkey/id', of: '/api/auth/passkeys/:id' },
      },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: TAGS,
        summary: 'Add a passkey',
        description:
          'From then on each sign-in asks for a second factor, and a sign-in by this passkey alone is enough. With the first second factor of an account the answer has its recovery codes, which are shown once.',
        body: CreatePasskeyBody,
        response: {
          201: CreatedPasskeyAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await passkeys.create(callerOf(request), request.session, request.body)),
  )

  app.get(
    '/api/auth/passkeys',
    {
      config: {
        rateLimit: {},
        ids: { pointer: '/passkeys/0/id', of: '/api/auth/passkeys/:id' },
      },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'List my passkeys',
        response: { 200: PasskeysAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async ({ session }) => ({ passkeys: await passkeys.list(session) }),
  )

  app.patch(
    '/api/auth/passkeys/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: TAGS,
        summary: 'Rename one of my passkeys',
        params: PasskeyParams,
        body: RenamePasskeyBody,
        response: { 200: PasskeyAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => ({
      passkey: await passkeys.rename(
        callerOf(request),
        request.session,
        request.params.id,
        request.body.name,
      ),
    }),
  )

  app.get(
    '/.well-known/passkey-endpoints',
    {
      schema: {
        tags: TAGS,
        summary: 'Where people make and manage passkeys, for password managers',
        security: [],
        response: { 200: PasskeyEndpoints, ...problems(404, 503) },
      },
    },
    () => passkeys.endpoints(),
  )

  app.delete(
    '/api/auth/passkeys/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: TAGS,
        summary: 'Remove one of my passkeys',
        description:
          'The recovery codes go with the last second factor, which an account keeps where the service wants one.',
        params: PasskeyParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      await passkeys.remove(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export default passkeyRoutes
