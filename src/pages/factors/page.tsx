import type { FastifyReply, FastifyRequest } from 'fastify'
import { CreatePasskeyBody, RenamePasskeyBody } from '../../factors/passkeys/schemas.js'
import { ConfirmTotpBody } from '../../factors/schemas.js'
import { callerOf } from '../../http/caller.js'
import { NOT_NOW_COOKIE } from '../../http/cookies.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { hasSecondFactor } from '../../users/factors.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { credentialOf } from '../kit/factor-proof.js'
import { checkForm, fieldOf, fieldsOf } from '../kit/forms.js'
import { FACTORS, FACTORS_TOTP } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { AddTotp, Factors, NewCodes } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

/** How long the dashboard does not offer a second factor to a person who does not want one now, seconds. */
const NOT_NOW_SECONDS = 86_400

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id

/** A person's own second factors, and the devices that need none. */
export function factorHandlers(context: PageContext) {
  const { factorDesk, passkeys, sessions, trustedDevices } = context.services
  const { hasPasskeys } = context.options

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), errors = {} }: Shown = {},
  ) => {
    const { account } = request.session
    const { totp, passkeys: held, recoveryCodesLeft } = await factorDesk.list(request.session)
    const page = (
      <Factors
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        errors={errors}
        totpSince={totp?.addedAt}
        passkeys={held}
        hasPasskeys={hasPasskeys}
        codesLeft={hasSecondFactor(account) ? recoveryCodesLeft : undefined}
        devices={await trustedDevices.list(callerOf(request), account)}
      />
    )
    return context.send(reply, page, status)
  }

  /** New recovery codes are only in the answer to their form, which no cache keeps. */
  const sendCodes = (request: FastifyRequest, reply: FastifyReply, codes: readonly string[]) => {
    const [view, owner] = [context.view(request), context.owner(request)]
    return context.send(reply, <NewCodes view={view} owner={owner} codes={codes} />, 201)
  }

  /** What a form does, for a person who has lately proved who they are. */
  const recently =
    (handler: Handler, { returnTo = FACTORS }: { readonly returnTo?: string } = {}): Handler =>
    async (request, reply) => {
      try {
        sessions.assertRecent(request.session)
        return await handler(request, reply)
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, returnTo)
        if (codeOf(error) === undefined) throw error
        const notice = context.explain(request, reply, error)
        return send(request, reply, { notice, status: reply.statusCode })
      }
    }

  const beginTotp = recently(async (request, reply) => {
    await factorDesk.beginTotp(request.session)
    return goOn(reply, FACTORS_TOTP)
  })

  const sendTotp = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, errors = {}, notice }: Shown = {},
  ) => {
    const secret = await factorDesk.pendingTotp(request.session)
    if (!secret) return goOn(reply, FACTORS)
    const [view, owner] = [context.view(request), context.owner(request)]
    return context.send(reply, <AddTotp {...{ view, owner, secret, errors, notice }} />, status)
  }

  /** A person who sees the secret has the factor: a session that another person uses must not show it. */
  const showTotp = recently(async (request, reply) => sendTotp(request, reply), {
    returnTo: FACTORS_TOTP,
  })

  const confirmTotp = recently(
    async (request, reply) => {
      const { language } = context.view(request)
      const errors = { code: language.text('field.totp.wrong') }
      const form = checkForm(request, ConfirmTotpBody, fieldsOf(request, ['code']))
      if (form.wrong) return sendTotp(request, reply, { errors, status: 400 })
      try {
        const { code } = form.value
        const { recoveryCodes } = await factorDesk.confirmTotp(
          callerOf(request),
          request.session,
          code,
        )
        if (recoveryCodes) return await sendCodes(request, reply, recoveryCodes)
      } catch (error) {
        if (codeOf(error) !== 'FACTOR_INVALID') throw error
        context.explain(request, reply, error)
        return sendTotp(request, reply, { errors, status: reply.statusCode })
      }
      return goOn(reply, FACTORS, 'FACTOR_ADDED')
    },
    { returnTo: FACTORS_TOTP },
  )

  const removeTotp = recently(async (request, reply) => {
    await factorDesk.removeTotp(callerOf(request), request.session)
    return goOn(reply, FACTORS, 'FACTOR_REMOVED')
  })

  const replaceCodes = recently(async (request, reply) => {
    const caller = callerOf(request)
    return sendCodes(request, reply, await factorDesk.replaceRecoveryCodes(caller, request.session))
  })

  const addPasskey = recently(async (request, reply) => {
    const attestation = credentialOf(fieldOf(request, 'attestation') ?? '')
    const named = fieldsOf(request, ['name'])
    const form = checkForm(request, CreatePasskeyBody, { attestation, ...named })
    if (form.wrong) {
      const view = context.view(request)
      const errors = fieldErrors(view, form.wrong)
      const text = view.language.text('passkey.attestation.failed')
      const notice = errors.name === undefined ? ({ tone: 'bad', text } as const) : undefined
      return send(request, reply, { errors, notice, status: 400 })
    }
    const made = await passkeys.create(callerOf(request), request.session, form.value)
    if (made.recoveryCodes) return sendCodes(request, reply, made.recoveryCodes)
    return goOn(reply, FACTORS, 'FACTOR_ADDED')
  })

  const renamePasskey = recently(async (request, reply) => {
    const form = checkForm(request, RenamePasskeyBody, fieldsOf(request, ['name']))
    if (form.wrong) {
      const text = context.view(request).language.text('field.name.wrong')
      return send(request, reply, { notice: { tone: 'bad', text }, status: 400 })
    }
    await passkeys.rename(callerOf(request), request.session, idOf(request), form.value.name)
    return goOn(reply, FACTORS, 'PASSKEY_RENAMED')
  })

  const removePasskey = recently(async (request, reply) => {
    await passkeys.remove(callerOf(request), request.session, idOf(request))
    return goOn(reply, FACTORS, 'FACTOR_REMOVED')
  })

  /** It makes a sign-in harder, so that it needs no proof. */
  const endDevice: Handler = async (request, reply) => {
    try {
      const { account } = request.session
      const cookie = await trustedDevices.end(callerOf(request), account, idOf(request))
      if (cookie !== undefined) reply.dropCookie(cookie)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      return send(request, reply, { notice, status: reply.statusCode })
    }
    return goOn(reply, FACTORS, 'DEVICE_ENDED')
  }

  /** The dashboard does not ask again for a day. */
  const notNow: Handler = async (_request, reply) =>
    goOn(reply.writeCookie(NOT_NOW_COOKIE, 'yes', NOT_NOW_SECONDS), DEFAULT_RETURN_TO)

  return {
    showFactors: (async (request, reply) => send(request, reply)) satisfies Handler,
    notNow,
    beginTotp,
    showTotp,
    confirmTotp,
    removeTotp,
    replaceCodes,
    addPasskey,
    renamePasskey,
    removePasskey,
    endDevice,
  }
}
