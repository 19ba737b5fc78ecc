import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { FactorDesk } from './desk.js'
import {
  ConfirmTotpBody,
  FactorsAnswer,
  RecoveryCodesAnswer,
  TotpConfirmedAnswer,
  TotpSecretAnswer,
} from './schemas.js'

export interface FactorRoutesOptions {
  readonly factorDesk: Late<FactorDesk>
}

const RECENT =
  'The sign-in must not be older than 15 minutes, and of an account that has a second factor, it must have proved one.'

/** A person's own second factors. */
const factorRoutes: FastifyPluginAsyncTypebox<FactorRoutesOptions> = async (
  app,
  { factorDesk },
) => {
  app.get(
    '/api/auth/factors',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'List my second factors',
        response: { 200: FactorsAnswer, ...problems(401, 429, 503) },
      },
    },
    (request) => factorDesk.list(request.session),
  )

  app.post(
    '/api/auth/factors/totp',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'Get a secret for an authenticator app',
        description: `It can be confirmed for ten minutes, and counts only then. A new one takes its place. ${RECENT}`,
        response: { 200: TotpSecretAnswer, ...problems(401, 403, 409, 429, 503) },
      },
    },
    (request) => factorDesk.beginTotp(request.session),
  )

  app.post(
    '/api/auth/factors/totp/confirm',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'Confirm the secret with a code of the app',
        description: `From now on a sign-in asks for a second factor. The first one comes with ten recovery codes, which are shown this once. Other sessions go on; browsers that skip the second factor are asked for it again. ${RECENT}`,
        body: ConfirmTotpBody,
        response: {
          200: TotpConfirmedAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    (request) => factorDesk.confirmTotp(callerOf(request), request.session, request.body.code),
  )

  app.delete(
    '/api/auth/factors/totp',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'Remove my authenticator app',
        description: `With the last second factor the recovery codes go too. ${RECENT}`,
        response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      await factorDesk.removeTotp(callerOf(request), request.session)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/auth/factors/recovery-codes',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'Make new recovery codes',
        description: `Ten, which are shown this once. The earlier ones no longer work. ${RECENT}`,
        response: { 200: RecoveryCodesAnswer, ...problems(401, 403, 404, 429, 503) },
      },
    },
    async (request) => ({
      recoveryCodes: await factorDesk.replaceRecoveryCodes(callerOf(request), request.session),
    }),
  )
}

export default factorRoutes
