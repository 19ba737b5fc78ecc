import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { UserParams } from '../administration/schemas.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import { RotateBody } from '../http/schemas.js'
import type { Late } from '../lib/late.js'
import type { IssuedKey } from './api-keys.js'
import type { KeyDesk } from './desk.js'
import type { HeldKey, HolderKeys } from './holder-keys.js'
import { present } from './present.js'
import {
  GenerateBody,
  IssuedAnswer,
  KeyAnswer,
  KeyParams,
  KeysAnswer,
  ListQuery,
  UpdateBody,
  UsageAnswer,
} from './schemas.js'
import type { UsageRecorder } from './usage.js'
import { holderHook, presentedKey } from './verification/hooks.js'
import type { ApiKeyVerifier } from './verification/verifier.js'

export interface ApiKeyRoutesOptions {
  readonly desk: Late<KeyDesk>
  readonly holderKeys: Late<HolderKeys>
  readonly usage: UsageRecorder
  readonly verifier: ApiKeyVerifier
}

const TAGS = ['API keys']

/** What an owner, or an administrator, does with keys. Every route asks for a session that is alive. */
const apiKeyRoutes: FastifyPluginAsyncTypebox<ApiKeyRoutesOptions> = async (
  app,
  { desk, holderKeys, usage, verifier },
) => {
  app.post(
    '/api/apikeys/generate',
    {
      config: { rateLimit: {}, ids: { pointer: '/key/id', of: '/api/apikeys/:id' } },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'Make a key',
        description: 'The key is shown once.',
        body: GenerateBody,
        response: { 201: IssuedAnswer, ...problems(400, 401, 403, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...settings } = request.body
      const issued = await desk.generate(callerOf(request), request.session, {
        ...settings,
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      })
      return reply.code(201).send(show(issued))
    },
  )

  app.get(
    '/api/apikeys',
    {
      config: { rateLimit: {}, ids: { pointer: '/keys/0/id', of: '/api/apikeys/:id' } },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'List my keys',
        querystring: ListQuery,
        response: { 200: KeysAnswer, ...problems(400, 401, 429, 503) },
      },
    },
    async (request) => {
      const { ownerId = request.session.account.id } = request.query
      return { keys: (await desk.list(callerOf(request), request.session, ownerId)).map(present) }
    },
  )

  app.get(
    '/api/admin/users/:id/keys',
    {
      config: { rateLimit: {} },
      onRequest: app.requireAdmin(),
      schema: {
        tags: ['Administration'],
        summary: 'List the API keys of a user',
        params: UserParams,
        response: { 200: KeysAnswer, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async (request) => {
      const { params, session } = request
      return { keys: (await desk.list(callerOf(request), session, params.id)).map(present) }
    },
  )

  app.get(
    '/api/apikeys/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'Show a key',
        params: KeyParams,
        response: { 200: KeyAnswer, ...problems(400, 401, 404, 429, 503) },
      },
    },
    async (request) => ({
      key: present(await desk.find(callerOf(request), request.session, request.params.id)),
    }),
  )

  app.get(
    '/api/apikeys/:id/usage',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'Calls of a key by day and outcome',
        params: KeyParams,
        response: { 200: UsageAnswer, ...problems(400, 401, 404, 429, 503) },
      },
    },
    async (request) => {
      const { keyId } = await desk.find(callerOf(request), request.session, request.params.id)
      return { days: await usage.read(keyId) }
    },
  )

  app.patch(
    '/api/apikeys/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'Rename, rescope, limit, disable or enable a key',
        description: 'What is left out stays; null takes a setting away.',
        params: KeyParams,
        body: UpdateBody,
        response: { 200: KeyAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => {
      const { expiresAt, ...changes } = request.body
      const key = await desk.update(callerOf(request), request.session, request.params.id, {
        ...changes,
        ...(expiresAt !== undefined && {
          expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
        }),
      })
      return { key: present(key) }
    },
  )

  app.delete(
    '/api/apikeys/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: TAGS,
        summary: 'Delete a key',
        params: KeyParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      await desk.delete(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )

  const requireSession = app.requireSession()
  const requireHolder = holderHook(verifier)
  app.post(
    '/api/apikeys/:id/rotate',
    {
      config: { rateLimit: {} },
      async onRequest(request, reply) {
        if (request.headers['x-api-key'] === undefined)
          await requireSession.call(app, request, reply)
        else await requireHolder(request)
      },
      schema: {
        tags: TAGS,
        summary: 'Give a key a new secret',
        description:
          'The old secret works for the overlap, so that nothing stops. By a session that began within 15 minutes, or by the key itself in `x-api-key`.',
        security: [{ bearer: [] }, { cookie: [] }, { apiKey: [] }],
        params: KeyParams,
        body: RotateBody,
        response: { 201: IssuedAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { overlapSeconds } = request.body ?? {}
      const { id } = request.params
      const caller = callerOf(request)
      const byKey = request.headers['x-api-key'] !== undefined
      const issued = byKey
        ? await holderKeys.rotate(caller, heldKeyOf(request), id, overlapSeconds)
        : await desk.rotate(caller, request.session, id, overlapSeconds)
      return reply.code(201).send(show(issued))
    },
  )
}

export default apiKeyRoutes

const heldKeyOf = (request: FastifyRequest): HeldKey => ({
  key: request.apiKey,
  text: presentedKey(request),
})

const show = ({ secret, key }: IssuedKey) => ({
  apiKey: secret,
  key: present(key),
  message: 'Save this key securely' as const,
})
