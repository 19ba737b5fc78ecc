import type { FastifyReply, FastifyRequest } from 'fastify'
import { assertAdmin } from '../../administration/guard.js'
import { callerOf } from '../../http/caller.js'
import { FindUserBody } from '../../administration/schemas.js'
import type { UserChanges } from '../../users/user.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldsOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors } from '../kit/refusals.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { type ManagedUser, Users } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly found?: ManagedUser
  readonly status?: number
}

const PATH = '/dashboard/users'

const idOf = (request: FastifyRequest): string => (request.params as { id?: string }).id ?? ''

/** Other people's accounts, for administrators. */
export function userHandlers(context: PageContext) {
  const { options } = context
  const { managedUsers } = context.services

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), ...shown }: Shown,
  ) => {
    const page = (
      <Users
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        providers={options.providers}
        now={options.clock()}
        hasMail={context.services.passwordReset.isOffered}
        {...shown}
      />
    )
    return context.send(reply, page, status)
  }

  /** The role is the store's, read with the session that the request came in. */
  const forAdmin =
    (
      use: (request: FastifyRequest, reply: FastifyReply, id: string) => Promise<FastifyReply>,
    ): Handler =>
    async (request, reply) => {
      assertAdmin(request.session)
      try {
        return await use(request, reply, idOf(request))
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, `${PATH}/${idOf(request)}`)
        if (codeOf(error) === undefined) throw error
        const notice = context.explain(request, reply, error)
        return send(request, reply, { notice, status: reply.statusCode })
      }
    }

  const showUsers = forAdmin(async (request, reply) => send(request, reply, {}))

  const showUser = forAdmin(async (request, reply, id) =>
    send(request, reply, {
      found: await managedUsers.find(callerOf(request), request.session, { id }),
    }),
  )

  /** The address stays out of the URL: what is found is shown by its id. */
  const findUser = forAdmin(async (request, reply) => {
    const values = fieldsOf(request, ['email'])
    const form = checkForm(request, FindUserBody, values)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { errors, values, status: 400 })
    }
    try {
      const { id } = await managedUsers.find(callerOf(request), request.session, form.value)
      return await goOn(reply, `${PATH}/${id}`)
    } catch (error) {
      if (codeOf(error) === undefined) throw error
      const notice = context.explain(request, reply, error)
      return send(request, reply, { notice, values, status: reply.statusCode })
    }
  })

  const change = (changes: UserChanges) =>
    forAdmin(async (request, reply, id) => {
      await managedUsers.change(callerOf(request), request.session, id, changes)
      return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
    })

  const endSessionsOfUser = forAdmin(async (request, reply, id) => {
    await managedUsers.endSessions(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_SESSIONS_ENDED')
  })

  const offerPassword = forAdmin(async (request, reply, id) => {
    await managedUsers.offerPassword(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'PASSWORD_OFFERED')
  })

  const verifyAddress = forAdmin(async (request, reply, id) => {
    await managedUsers.verifyAddress(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  const releaseAddress = forAdmin(async (request, reply, id) => {
    await managedUsers.releaseAddress(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  const beginRemoval = forAdmin(async (request, reply, id) => {
    await managedUsers.beginFactorsRemoval(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  const confirmRemoval = forAdmin(async (request, reply, id) => {
    await managedUsers.confirmFactorsRemoval(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  const takeBackRemoval = forAdmin(async (request, reply, id) => {
    await managedUsers.takeBackFactorsRemoval(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  const unlockFactors = forAdmin(async (request, reply, id) => {
    await managedUsers.unlockFactors(callerOf(request), request.session, id)
    return goOn(reply, `${PATH}/${id}`, 'USER_CHANGED')
  })

  return {
    showUsers,
    showUser,
    findUser,
    disableUser: change({ status: 'disabled' }),
    enableUser: change({ status: 'active' }),
    promoteUser: change({ role: 'admin' }),
    demoteUser: change({ role: 'user' }),
    endSessionsOfUser,
    offerPassword,
    verifyAddress,
    releaseAddress,
    beginRemoval,
    confirmRemoval,
    takeBackRemoval,
    unlockFactors,
  }
}
