import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { type Caller, callerOf } from '../../http/caller.js'
import { NOT_NOW_COOKIE } from '../../http/cookies.js'
import type { AccountExport } from '../../personal-data/schemas.js'
import type { LiveSession } from '../../sessions/session.js'
import { hasSecondFactor } from '../../users/factors.js'
import { ChangePasswordBody, CurrentPassword, RenameBody } from '../../users/schemas.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldsOf, valuesOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors, passwordRefusal } from '../kit/refusals.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { Account } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly suspendsRecent?: boolean
  readonly status?: number
}

/** For so long an account is new, milliseconds. */
const NEW_ACCOUNT_MS = 86_400_000

const PATH = '/dashboard'
/** A user who has a password must give it. */
const WithCurrentPassword = Type.Object({
  ...ChangePasswordBody.properties,
  currentPassword: CurrentPassword,
})

/** The profile of a person, and how they sign in. */
export function accountHandlers(context: PageContext) {
  const { options } = context
  const { keyDesk, users, accounts, verification, addressChange, personalData } = context.services

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), errors = {}, suspendsRecent = true }: Shown = {},
  ) => {
    const {
      createdAt,
      email,
      emailVerified = false,
      passwordHash,
      identities = [],
    } = request.session.account
    const page = (
      <Account
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        errors={errors}
        createdAt={createdAt}
        emailVerified={emailVerified}
        canChangeEmail={addressChange.isOffered}
        canVerify={verification.isOffered && email !== undefined && !emailVerified}
        hasPassword={passwordHash !== undefined}
        identities={identities}
        // Only a new password suspends.
        suspendedKeys={
          passwordHash === undefined ? [] : await keyDesk.listSuspended(request.session)
        }
        suspendsRecent={suspendsRecent}
        offersFactor={isFactorOffered(request)}
        providers={options.providers}
        rules={users.passwordRules}
      />
    )
    return context.send(reply, page, status)
  }

  /** A new account is offered a second factor, unless its person has said that they want none now. */
  const isFactorOffered = (request: FastifyRequest): boolean => {
    const { account } = request.session
    const age = options.clock() - Date.parse(account.createdAt)
    const isAnswered = request.cookieNames(NOT_NOW_COOKIE).length > 0
    return age < NEW_ACCOUNT_MS && !hasSecondFactor(account) && !isAnswered
  }

  const showAccount: Handler = async (request, reply) => send(request, reply)

  /** An empty field takes the name away. */
  const changeName: Handler = async (request, reply) => {
    const { name = null } = fieldsOf(request, ['name'])
    const form = checkForm(request, RenameBody, { name })
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { errors, status: 400 })
    }
    await accounts.rename(callerOf(request), request.session, form.value.name)
    return goOn(reply, PATH, 'NAME_CHANGED')
  }

  const changePassword: Handler = async (request, reply) => {
    const choices = valuesOf(request, 'suspendRecentCredentials')
    const suspendsRecent = choices.length === 0 || choices.includes('true')
    const view = context.view(request)
    const hasPassword = request.session.account.passwordHash !== undefined
    const form = checkForm(request, hasPassword ? WithCurrentPassword : ChangePasswordBody, {
      ...fieldsOf(request, ['currentPassword', 'newPassword']),
      suspendRecentCredentials: suspendsRecent,
    })
    if (form.wrong) {
      const errors = fieldErrors(view, form.wrong)
      return send(request, reply, { errors, suspendsRecent, status: 400 })
    }
    try {
      await accounts.changePassword(callerOf(request), request.session, {
        current: form.value.currentPassword,
        next: form.value.newPassword,
        suspendRecentCredentials: suspendsRecent,
      })
    } catch (error) {
      const code = codeOf(error)
      if (isTooLate(error)) return proveAgain(reply, PATH)
      const notice = context.explain(request, reply, error)
      const errors = {
        ...passwordRefusal(view, users, error, 'newPassword'),
        ...(code === 'INVALID_CREDENTIALS' && {
          currentPassword: view.language.text('problem.WRONG_PASSWORD'),
        }),
      }
      const { statusCode: status } = reply
      const said = isNamed(errors) ? undefined : notice
      return send(request, reply, { status, errors, suspendsRecent, notice: said })
    }
    return goOn(reply, PATH, 'PASSWORD_CHANGED')
  }

  const changeIdentity =
    (
      change: (caller: Caller, session: LiveSession, id: string) => Promise<unknown>,
      done: string,
    ): Handler =>
    async (request, reply) => {
      try {
        const { id } = request.params as { id: string }
        await change(callerOf(request), request.session, id)
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, PATH)
        const notice = context.explain(request, reply, error)
        return send(request, reply, { notice, status: reply.statusCode })
      }
      return goOn(reply, PATH, done)
    }

  /** A failure of the export, or of the deletion, as the page says it. */
  const sayFailure = async (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    if (isTooLate(error)) return proveAgain(reply, PATH)
    const notice = context.explain(request, reply, error)
    return send(request, reply, { notice, status: reply.statusCode })
  }

  const download: Handler = async (request, reply) => {
    let data: AccountExport
    try {
      data = await personalData.export(callerOf(request), request.session)
    } catch (error) {
      return sayFailure(request, reply, error)
    }
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="my-data.json"')
      .send(JSON.stringify(data, undefined, 2))
  }

  const deleteAccount: Handler = async (request, reply) => {
    try {
      await personalData.erase(callerOf(request), request.session)
    } catch (error) {
      return sayFailure(request, reply, error)
    }
    return goOn(reply.forgetSession(), '/login', 'ACCOUNT_DELETED')
  }

  return {
    download,
    deleteAccount,
    showAccount,
    changeName,
    changePassword,
    unlinkIdentity: changeIdentity((...of) => accounts.unlinkIdentity(...of), 'IDENTITY_UNLINKED'),
    enableIdentity: changeIdentity((...of) => accounts.enableIdentity(...of), 'IDENTITY_ENABLED'),
  }
}

const isNamed = (errors: FieldErrors): boolean => Object.keys(errors).length > 0
