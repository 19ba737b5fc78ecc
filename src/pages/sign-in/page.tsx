import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../../email/mail-flow.js'
import { Assertion } from '../../factors/passkeys/schemas.js'
import { callerOf } from '../../http/caller.js'
import { SIGN_IN_LIMIT } from '../../limits/by-address.js'
import { DEFAULT_RETURN_TO, parkedIdOf } from '../../http/return-to.js'
import { HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { LoginBody } from '../../sign-in/schemas.js'
import { RegisterBody } from '../../users/schemas.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { credentialOf } from '../kit/factor-proof.js'
import { checkForm, fieldOf, fieldsOf, keepChoiceOf } from '../kit/forms.js'
import { withKeepChoice } from '../kit/keep-signed-in.js'
import { queryOf } from '../kit/query.js'
import { READDRESS, VERIFY } from '../kit/paths.js'
import { formerUserOf, returnTicket } from '../kit/returning.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors, passwordRefusal } from '../kit/refusals.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { Failure, SignIn, SignOut, SignUp, withReturnTo } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly returnTo: string | undefined
  /** Whether a new password takes the place of one that was chosen for the person. */
  readonly choosing?: boolean
  readonly path?: string
  readonly keepsSignedIn?: boolean
  readonly isTaken?: boolean
  readonly status?: number
}

interface Instead {
  readonly email: string
  readonly password: string
  readonly returnTo: string | undefined
}

/** Sign-in, sign-up and sign-out. */
export function signInHandlers(context: PageContext) {
  const { options } = context
  const { providers } = options
  const {
    users,
    sessions,
    current,
    signIn: gate,
    registrations,
    addressLimits,
    passwordReset,
    passkeySignIn,
  } = context.services
  const hasSignUp = registrations.isOpen
  const ticket = returnTicket(options)
  const flow = new MailFlow('verification', options)
  const halfWay = new HalfWayFlows(options)

  /** What an app that has sent the person here adds to the page. */
  const onward = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { returnTo, values }: Pick<Shown, 'returnTo' | 'values'>,
  ) => {
    const asking = await context.asking(request, reply, returnTo)
    if (asking && hasSignUp && passwordReset.isOffered) context.keepAsked(reply, returnTo)
    const { appName, loginHint } = asking ?? {}
    return { appName, values: { ...values, email: values?.email ?? loginHint } }
  }

  const sendSignIn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, choosing = false, keepsSignedIn = isKept(request), ...shown }: Shown,
  ) =>
    context.send(
      reply,
      <SignIn
        view={context.view(request)}
        providers={providers}
        hasSignUp={hasSignUp}
        hasMail={passwordReset.isOffered}
        hasPasskeys={options.hasPasskeys}
        keepsSignedIn={keepsSignedIn}
        newPassword={choosing ? users.passwordRules : undefined}
        {...shown}
        {...await onward(request, reply, shown)}
      />,
      status,
    )
  const sendClosed = (request: FastifyRequest, reply: FastifyReply) => {
    const view = context.view(request)
    const text = view.language.text('problem.SIGN_UP_CLOSED')
    const wayOn = { href: '/login', label: 'register.login' } as const
    const page = <Failure view={view} title="register.closed" text={text} wayOn={wayOn} />
    return context.send(reply, page, 403)
  }
  const sendSignUp = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown,
  ) => {
    if (!hasSignUp) return sendClosed(request, reply)
    return context.send(
      reply,
      <SignUp
        view={context.view(request)}
        providers={providers}
        rules={users.passwordRules}
        {...shown}
        {...await onward(request, reply, shown)}
      />,
      status,
    )
  }

  /** A person who is signed in has nothing to do here, unless they were sent to do it once more. */
  const showFor =
    (send: typeof sendSignIn): Handler =>
    async (request, reply) => {
      const { error, returnTo: given } = queryOf(request)
      const returnTo = context.returnTo(given)
      if (error === undefined && (await current.resume(request, reply))) {
        return goOn(reply, returnTo ?? DEFAULT_RETURN_TO)
      }
      return send(request, reply, { notice: noticeOf(request, returnTo), returnTo })
    }

  /** An app wants a sign-in, or its person another account: nothing has failed, and no change waits. */
  const noticeOf = (request: FastifyRequest, returnTo: string | undefined) => {
    const { text } = context.view(request).language
    const isAgain = queryOf(request).error === 'RECENT_SIGN_IN_REQUIRED'
    return isAgain && parkedIdOf(returnTo) !== undefined
      ? ({ tone: 'good', text: text('login.again') } as const)
      : context.notice(request)
  }

  const showSignInAs: Handler = async (request, reply) => {
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const values = { email: fieldOf(request, 'email') }
    return sendSignIn(request, reply, { values, returnTo, path: pathOf(returnTo, isKept(request)) })
  }

  const signIn: Handler = async (request, reply) => {
    const typed = fieldsOf(request, ['email', 'password', 'newPassword'])
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const values = { email: typed.email }
    const choosing = typed.newPassword !== undefined
    const keepsSignedIn = isKept(request)
    const form = checkForm(request, LoginBody, typed)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      const again = { errors, values, returnTo, choosing, keepsSignedIn, status: 400 }
      return sendSignIn(request, reply, again)
    }
    const { email, password, newPassword } = form.value
    try {
      const grant = await gate.withPassword(
        callerOf(request),
        { email, password, newPassword },
        { transport: 'cookies', isShort: !keepsSignedIn },
      )
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      if (await comesBack(reply, email, error)) {
        return goOn(reply, withReturnTo(READDRESS, returnTo))
      }
      const isShort = !keepsSignedIn
      const onward = await halfWay.keep(request, reply, error, { email, returnTo, isShort })
      if (onward !== undefined) return goOn(reply, onward)
      const notice = context.explain(request, reply, error)
      const code = codeOf(error)
      const shown = {
        errors: passwordRefusal(context.view(request), users, error, 'newPassword'),
        choosing:
          code === 'PASSWORD_CHANGE_REQUIRED' || (choosing && code !== 'PASSWORD_CHANGE_UNNEEDED'),
        ...{ notice, values, returnTo, keepsSignedIn, status: reply.statusCode },
      }
      return sendSignIn(request, reply, shown)
    }
    return goOn(reply, returnTo ?? DEFAULT_RETURN_TO)
  }

  const signInWithPasskey: Handler = async (request, reply) => {
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const keepsSignedIn = isKept(request)
    const again = { returnTo, keepsSignedIn, path: pathOf(returnTo, keepsSignedIn) }
    const given = credentialOf(fieldOf(request, 'assertion') ?? '')
    const form = checkForm(request, Assertion, given)
    if (form.wrong) {
      const text = context.view(request).language.text('passkey.assertion.failed')
      return sendSignIn(request, reply, { ...again, notice: { tone: 'bad', text }, status: 400 })
    }
    try {
      const wish = { transport: 'cookies', isShort: !keepsSignedIn } as const
      const grant = await passkeySignIn.confirm(callerOf(request), form.value, wish)
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      const onward = await halfWay.keep(request, reply, error, { returnTo })
      if (onward !== undefined) return goOn(reply, onward)
      const notice = context.explain(request, reply, error)
      return sendSignIn(request, reply, { ...again, notice, status: reply.statusCode })
    }
    return goOn(reply, returnTo ?? DEFAULT_RETURN_TO)
  }

  /** @returns whether it was the former address and password of an account, which may choose another address. */
  async function comesBack(reply: FastifyReply, email: string, error: unknown): Promise<boolean> {
    const userId = formerUserOf(error)
    if (userId === undefined) return false
    const returning = { formerEmail: email, userId }
    const user = await users.addresses.findReturning(returning)
    if (user) await ticket.write(reply, returning)
    return user !== undefined
  }

  const signUp: Handler = async (request, reply) => {
    if (!hasSignUp) return sendClosed(request, reply)
    const typed = fieldsOf(request, ['name', 'email', 'password'])
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const values = { email: typed.email, name: typed.name }
    const view = context.view(request)
    const form = checkForm(request, RegisterBody, typed)
    if (form.wrong) {
      const errors = fieldErrors(view, form.wrong)
      return sendSignUp(request, reply, { errors, values, returnTo, status: 400 })
    }
    const { email, password } = form.value
    try {
      const caller = callerOf(request)
      const { user, mail } = await registrations.signUp(caller, form.value)
      if (mail) await flow.keep(request, reply, mail, { email, returnTo })
      if (user === undefined) return await goOn(reply, VERIFY)
      const grant = await gate.completeSignIn(caller, user, {
        transport: 'cookies',
        method: 'password',
      })
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      const onward = await halfWay.keep(request, reply, error, { email, returnTo })
      if (onward !== undefined) return goOn(reply, onward)
      const instead =
        codeOf(error) === 'EMAIL_TAKEN'
          ? await signInInstead(request, reply, { email, password, returnTo })
          : undefined
      if (instead !== undefined) return goOn(reply, instead)
      const notice = context.explain(request, reply, error)
      const errors = {
        ...passwordRefusal(view, users, error, 'password'),
        ...(codeOf(error) === 'EMAIL_TAKEN' && { email: notice.text }),
      }
      const named = Object.keys(errors).length > 0
      const isTaken = errors.email !== undefined
      const shown = { errors, values, returnTo, isTaken, status: reply.statusCode }
      return sendSignUp(request, reply, named ? shown : { ...shown, notice })
    }
    return goOn(reply, returnTo ?? DEFAULT_RETURN_TO)
  }

  /**
   * A form that was sent twice made the account the first time.
   * @returns where the person goes on, if the password is the account's.
   */
  async function signInInstead(
    request: FastifyRequest,
    reply: FastifyReply,
    { email, password, returnTo }: Instead,
  ): Promise<string | undefined> {
    try {
      await addressLimits.count(callerOf(request), SIGN_IN_LIMIT)
      const wish = { transport: 'cookies' } as const
      const grant = await gate.withPassword(callerOf(request), { email, password }, wish)
      await reply.deliverTokens(grant, 'cookies')
      return returnTo ?? DEFAULT_RETURN_TO
    } catch (error) {
      if (codeOf(error) === undefined) throw error
      return halfWay.keep(request, reply, error, { email, returnTo })
    }
  }

  /** A person who is signed out already gets the same answer. */
  const signOut: Handler = async (request, reply) => {
    try {
      await sessions.signOut(callerOf(request), await current.toEnd(request))
    } catch (error) {
      if (codeOf(error) === undefined) throw error
    }
    return goOn(reply.forgetSession(), '/login', 'SIGNED_OUT')
  }

  const showSignOut: Handler = async (request, reply) => {
    if (!(await current.resume(request, reply))) return goOn(reply, '/login', 'SIGNED_OUT')
    return context.send(reply, <SignOut view={context.view(request)} />)
  }

  return {
    showSignIn: showFor(sendSignIn),
    showSignInAs,
    showSignOut,
    showSignUp: showFor(sendSignUp),
    signIn,
    signInWithPasskey,
    signUp,
    signOut,
  }
}

/** A form without the box keeps its person signed in. */
const isKept = (request: FastifyRequest): boolean => keepChoiceOf(request) ?? true

/** The page that a form of another page leads to. */
const pathOf = (returnTo: string | undefined, keepsSignedIn: boolean): string =>
  withKeepChoice(withReturnTo('/login', returnTo), keepsSignedIn)
