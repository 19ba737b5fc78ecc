import type { FastifyReply, FastifyRequest } from 'fastify'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { fieldsOf, wrongFields } from '../kit/forms.js'
import type { Handler } from '../kit/handler.js'
import { fieldErrors, passwordRefusal } from '../kit/refusals.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { Account } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

const PATH = '/dashboard'
const AGAIN = '/login?error=RECENT_SIGN_IN_REQUIRED'

/** Who somebody is, and how they sign in. */
export function accountHandlers(context: PageContext) {
  const { app, options } = context

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), errors = {} }: Shown = {},
  ) => {
    const {
      createdAt,
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
        hasPassword={passwordHash !== undefined}
        identities={identities}
        providers={options.providers}
        rules={app.users.passwordRules}
      />
    )
    return context.send(reply, page, status)
  }

  const showAccount: Handler = async (request, reply) => send(request, reply)

  const changePassword: Handler = async (request, reply) => {
    const fields = fieldsOf(request, ['currentPassword', 'newPassword'])
    const { currentPassword, newPassword = '' } = fields as Passwords
    const view = context.view(request)
    const hasPassword = request.session.account.passwordHash !== undefined
    const wrong = wrongFields(request, options.schemas.changePassword, fields)
    if (hasPassword && currentPassword === undefined) wrong.push('currentPassword')
    if (wrong.length > 0) {
      return send(request, reply, { errors: fieldErrors(view, wrong), status: 400 })
    }
    try {
      await app.changePassword(request, currentPassword, newPassword)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'RECENT_SIGN_IN_REQUIRED') return reply.redirect(AGAIN, 303)
      const notice = context.explain(request, reply, error)
      const errors = {
        ...passwordRefusal(view, app, error, 'newPassword'),
        ...(code === 'INVALID_CREDENTIALS' && {
          currentPassword: view.language.text('problem.WRONG_PASSWORD'),
        }),
      }
      const { statusCode: status } = reply
      return send(request, reply, { status, errors, notice: isNamed(errors) ? undefined : notice })
    }
    return goOn(reply, PATH, 'PASSWORD_CHANGED')
  }

  const unlinkIdentity: Handler = async (request, reply) => {
    try {
      await app.unlinkIdentity(request, (request.params as { id: string }).id)
    } catch (error) {
      if (codeOf(error) === 'RECENT_SIGN_IN_REQUIRED') return reply.redirect(AGAIN, 303)
      const notice = context.explain(request, reply, error)
      return send(request, reply, { notice, status: reply.statusCode })
    }
    return goOn(reply, PATH, 'IDENTITY_UNLINKED')
  }

  return { showAccount, changePassword, unlinkIdentity }
}

const isNamed = (errors: FieldErrors): boolean => Object.keys(errors).length > 0

interface Passwords {
  readonly currentPassword?: string
  readonly newPassword?: string
}
