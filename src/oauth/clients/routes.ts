import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../../http/caller.js'
import { problems } from '../../http/openapi/problems.js'
import { RotateBody } from '../../http/schemas.js'
import type { Late } from '../../lib/late.js'
import type { ClientDesk } from './desk.js'
import type { IssuedClient } from './register.js'
import {
  ChangeClientBody,
  ClientAnswer,
  ClientParams,
  ClientsAnswer,
  IssuedClientAnswer,
  RegisterClientBody,
} from './schemas.js'

export interface ClientRoutesOptions {
  readonly clientDesk: Late<ClientDesk>
}

const TAGS = ['Administration']
const ID = '/api/admin/clients/:id'

/** Apps that sign people in here, for administrators. */
const clientRoutes: FastifyPluginAsyncTypebox<ClientRoutesOptions> = async (
  app,
  { clientDesk },
) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireAdmin() }
  const show = async ({ client, secret }: IssuedClient) => ({
    client: await clientDesk.present(client),
    ...(secret !== undefined && { clientSecret: secret, message: 'Save this secret securely' }),
  })

  app.get(
    '/api/admin/clients',
    {
      ...common,
      config: { ...common.config, ids: { pointer: '/clients/0/id', of: ID } },
      schema: {
        tags: TAGS,
        summary: 'List the apps that sign people in',
        response: { 200: ClientsAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async () => ({
      clients: await Promise.all(
        (await clientDesk.list()).map((client) => clientDesk.present(client)),
      ),
    }),
  )

  app.post(
    '/api/admin/clients',
    {
      ...common,
      config: { ...common.config, ids: { pointer: '/client/id', of: ID } },
      schema: {
        tags: TAGS,
        summary: 'Register an app',
        description:
          'The answer has its `client_id` and, unless it is public, a secret, which is shown once. Needs a sign-in of the last 15 minutes.',
        body: RegisterClientBody,
        response: { 201: IssuedClientAnswer, ...problems(400, 401, 403, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { session, body } = request
      const issued = await clientDesk.register(callerOf(request), session, body)
      return reply.code(201).send(await show(issued))
    },
  )

  app.get(
    ID,
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Show an app',
        params: ClientParams,
        response: { 200: ClientAnswer, ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request) => ({
      client: await clientDesk.present(await clientDesk.find(request.params.id)),
    }),
  )

  app.patch(
    ID,
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Change an app',
        description:
          'What is left out stays. Whether an app is public does not change: register another. Needs a sign-in of the last 15 minutes.',
        params: ClientParams,
        body: ChangeClientBody,
        response: { 200: ClientAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request) => {
      const { params, body, session } = request
      const client = await clientDesk.change(callerOf(request), session, params.id, body)
      return { client: await clientDesk.present(client) }
    },
  )

  app.post(
    `${ID}/secret`,
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Give an app a new secret',
        description:
          'The new secret works at once, and the old one for the overlap, so that nothing stops. Needs a sign-in of the last 15 minutes.',
        params: ClientParams,
        body: RotateBody,
        response: { 201: IssuedClientAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { params, session } = request
      const { overlapSeconds } = request.body ?? {}
      const caller = callerOf(request)
      const issued = await clientDesk.rotateSecret(caller, session, params.id, overlapSeconds)
      return reply.code(201).send(await show(issued))
    },
  )

  app.delete(
    ID,
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Remove an app',
        description:
          'It is unknown from then on: no one can sign in to it, and its refresh tokens are refused. Needs a sign-in of the last 15 minutes.',
        params: ClientParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      await clientDesk.remove(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export default clientRoutes
