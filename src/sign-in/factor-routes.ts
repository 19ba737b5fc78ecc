import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import { factorInvalid } from '../factors/errors.js'
import { CreationOptionsAnswer } from '../factors/passkeys/schemas.js'
import { TotpSecretAnswer } from '../factors/schemas.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { SIGN_IN_LIMIT } from '../limits/by-address.js'
import { type CurrentSession, isByCookie } from '../sessions/current.js'
import type { User } from '../users/user.js'
import type { ForcedEnrolment } from './forced-enrolment.js'
import {
  EnrolmentAnswer,
  EnrolmentBody,
  EnrolmentPasskeyAnswer,
  EnrolmentPasskeyBody,
  EnrolmentTotpBody,
  FactorAnswer,
  FactorBody,
  StepUpAnswer,
} from './schemas.js'
import type { SecondStep } from './second-step.js'
import type { StepUp, StepUpProof } from './step-up.js'

export interface SecondStepRoutesOptions {
  readonly secondStep: Late<SecondStep>
  readonly stepUp: Late<StepUp>
  readonly forcedEnrolment: Late<ForcedEnrolment>
  readonly current: CurrentSession
  readonly resources: Resources
}

/** The second step of a sign-in and of a step-up, and the first factor of an account that has to have one. */
const secondStepRoutes: FastifyPluginAsyncTypebox<SecondStepRoutesOptions> = async (
  app,
  { secondStep, stepUp, forcedEnrolment, current, resources },
) => {
  app.post(
    '/api/auth/login/factor',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Prove a second factor',
        description:
          'With the `ticket` of `SECOND_FACTOR_REQUIRED` this completes the sign-in; the ticket is good for five minutes, and after a wrong proof still. With that of `POST /api/auth/step-up`, and in the session that asked for it, it makes that session prove more: the answer has a new access token, as a cookie where the session came by cookie, and no refresh token. Of an account, 10 wrong proofs are compared in 15 minutes, and 30 in a day.',
        security: [],
        body: FactorBody,
        response: { 200: FactorAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { ticket, trustDevice, useCookies = false } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const proof = proofIn(request.body)
      const caller = callerOf(request)
      const session = await current.ofRequestIfAny(request)
      if (session && (await stepUp.isOpen(session, ticket))) {
        const stepped = await stepUp.complete(caller, session, { ticket, proof })
        const transport = isByCookie(request) ? 'cookies' : 'body'
        return { ...(await reply.deliverTokens(stepped, transport, resource)), ...told(stepped) }
      }
      if ('password' in proof) throw factorInvalid()
      const transport = useCookies ? 'cookies' : 'body'
      const wish = { ticket, proof, transport, trustDevice } as const
      const completed = await secondStep.complete(caller, wish)
      const { trust } = completed
      if (trust) reply.writeCookie(trust.cookie, trust.secret, trust.seconds)
      return { ...(await reply.deliverTokens(completed, transport, resource)), ...told(completed) }
    },
  )

  app.post(
    '/api/auth/step-up',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sign-in'],
        summary: 'Prove more in this session',
        description:
          'After `RECENT_SIGN_IN_REQUIRED`, or where another API wants a later or a stronger sign-in (RFC 9470). `POST /api/auth/login/factor` takes the `ticket` with one of `factors`.',
        response: { 200: StepUpAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async (request) => {
      const { ticket, factors } = await stepUp.begin(request.session)
      return { ticket, factors: [...factors] }
    },
  )

  app.post(
    '/api/auth/login/enrolment/totp',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Get a secret for an authenticator app, to sign in at last',
        description:
          'With the `ticket` of `SECOND_FACTOR_ENROLMENT_REQUIRED`, which is good for 15 minutes and for nothing else.',
        security: [],
        body: EnrolmentBody,
        response: { 200: TotpSecretAnswer, ...problems(400, 401, 403, 409, 415, 429, 503) },
      },
    },
    async (request) => forcedEnrolment.beginTotp(request.body.ticket),
  )

  app.post(
    '/api/auth/login/enrolment/totp/confirm',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Confirm the secret with a code of the app, and sign in',
        description:
          'Factor and session are made together, or neither is. The answer is that of a sign-in, with the recovery codes, which are shown this once.',
        security: [],
        body: EnrolmentTotpBody,
        response: { 200: EnrolmentAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { ticket, code, useCookies = false } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const caller = callerOf(request)
      const enrolled = await forcedEnrolment.confirmTotp(caller, ticket, code, { transport })
      const delivered = await reply.deliverTokens(enrolled, transport, resource)
      return { ...delivered, ...told(enrolled), recoveryCodes: [...enrolled.recoveryCodes] }
    },
  )

  app.post(
    '/api/auth/login/enrolment/passkeys/options',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Begin to make a passkey, to sign in at last',
        description: 'As `POST /api/auth/passkeys/options`, and good with this ticket alone.',
        security: [],
        body: EnrolmentBody,
        response: {
          200: CreationOptionsAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request) => forcedEnrolment.beginPasskey(request.body.ticket),
  )

  app.post(
    '/api/auth/login/enrolment/passkeys',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Add a passkey, and sign in',
        description:
          'Passkey and session are made together, or neither is. The answer is that of a sign-in, with the recovery codes, which are shown this once.',
        security: [],
        body: EnrolmentPasskeyBody,
        response: {
          200: EnrolmentPasskeyAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { ticket, attestation, name, useCookies = false } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const made = { attestation, name }
      const enrolled = await forcedEnrolment.createPasskey(callerOf(request), ticket, made, {
        transport,
      })
      const { passkey, recoveryCodes } = enrolled
      return {
        ...(await reply.deliverTokens(enrolled, transport, resource)),
        ...told(enrolled),
        passkey,
        recoveryCodes: [...recoveryCodes],
      }
    },
  )
}

export default secondStepRoutes

/** The one that the schema lets a body have. */
function proofIn({ totp, recoveryCode, assertion, password = '' }: FactorBody): StepUpProof {
  if (totp !== undefined) return { totp }
  if (assertion !== undefined) return { assertion }
  return recoveryCode === undefined ? { password } : { recoveryCode }
}

interface Told {
  readonly user: User
  readonly recoveryCodesLeft?: number | undefined
}

/** What an answer says beside the tokens. An account that was made at a provider may have no address. */
const told = ({ user: { id, email, role }, recoveryCodesLeft }: Told) => ({
  user: { id, role, ...(email !== undefined && { email }) },
  ...(recoveryCodesLeft !== undefined && { recoveryCodesLeft }),
})
