import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import { assertAdmin } from '../../administration/guard.js'
import { callerOf } from '../../http/caller.js'
import { PeopleQuery, SearchPeopleBody } from '../../administration/schemas.js'
import { Problem } from '../../http/problem.js'
import { normalizeEmail } from '../../users/email.js'
import { USER_NOT_FOUND } from '../../users/errors.js'
import type { UserChanges } from '../../users/user.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldsOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors } from '../kit/refusals.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { viewOf } from '../keys/page.js'
import type { CredentialsOfUser } from './credentials.js'
import type { UserPage } from './list.js'
import { type ManagedUser, Users } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly found?: ManagedUser
  readonly credentials?: CredentialsOfUser
  readonly page?: UserPage
  readonly status?: number
}

const PATH = '/dashboard/users'

const idOf = (request: FastifyRequest): string => (request.params as { id?: string }).id ?? ''

/** Other people's accounts, for administrators. */
export function userHandlers(context: PageContext) {
  const { options } = context
  const { managedUsers, people, keyDesk } = context.services

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

  const showUsers = forAdmin(async (request, reply) => {
    const wanted = wantedBy(request)
    const page = await people.list(callerOf(request), request.session, wanted)
    return send(request, reply, { page: { ...page, ...wanted } })
  })

  const showUser = forAdmin(async (request, reply, id) => {
    const caller = callerOf(request)
    const { session } = request
    const [found, { sessions, lastSignInAt }, keys] = await Promise.all([
      managedUsers.find(caller, session, { id }),
      people.sessionsOf(caller, session, id),
      keyDesk.list(caller, session, id),
    ])
    const credentials = {
      ...{ sessions, lastSignInAt },
      keys: keys.map((key) => viewOf(key, options.clock())),
    }
    return send(request, reply, { found, credentials })
  })

  /** The address stays out of the URL: one that is found whole is shown by its id. */
  const findUser = forAdmin(async (request, reply) => {
    const values = fieldsOf(request, ['query', 'cursor'])
    const form = checkForm(request, SearchPeopleBody, values)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { errors, values, status: 400 })
    }
    const { query } = form.value
    const page = await people.search(callerOf(request), request.session, form.value)
    const whole = page.users.find(
      ({ id, email }) => id === query || email === normalizeEmail(query),
    )
    if (whole) return goOn(reply, `${PATH}/${whole.id}`)
    if (page.users.length === 0) {
      const notice = context.explain(request, reply, new Problem(USER_NOT_FOUND))
      return send(request, reply, { notice, values, status: reply.statusCode })
    }
    return send(request, reply, { values, page: { ...page, query } })
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

  const deleteUser = forAdmin(async (request, reply, id) => {
    await managedUsers.remove(callerOf(request), request.session, id)
    return goOn(reply, PATH, 'USER_DELETED')
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
    deleteUser,
    beginRemoval,
    confirmRemoval,
    takeBackRemoval,
    unlockFactors,
  }
}

/** What can't be a cursor or a status leads to the first page: people follow links as they are. */
function wantedBy({ query }: FastifyRequest): Static<typeof PeopleQuery> {
  return Value.Check(PeopleQuery, query) ? query : {}
}
