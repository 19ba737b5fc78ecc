import type { FastifyReply, FastifyRequest } from 'fastify'
import { assertAdmin } from '../../administration/guard.js'
import { callerOf } from '../../http/caller.js'
import type { AppClient } from '../../oauth/clients/client.js'
import { ChangeClientBody, RegisterClientBody } from '../../oauth/clients/schemas.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldOf } from '../kit/forms.js'
import { CLIENTS } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import { overlapOf } from '../kit/rotate.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { Client } from './client.js'
import {
  changesTo,
  clientFormOf,
  formOfClient,
  isTicked,
  refusalsOf,
  valuesOfForm,
} from './form.js'
import { Clients } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly secret?: string | undefined
  readonly status?: number
}

/**
 * The apps that sign people in here, for administrators. A new secret is only in the answer to its form, which no cache
 * keeps.
 */
export function clientHandlers(context: PageContext) {
  const { issuer, clock } = context.options
  const { clientDesk, resources } = context.services

  const sendClients = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), ...shown }: Shown,
  ) => {
    const page = (
      <Clients
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        clients={await clientDesk.list()}
        apis={resources.all}
        {...shown}
      />
    )
    return context.send(reply, page, status)
  }

  const sendClient = (
    request: FastifyRequest,
    reply: FastifyReply,
    client: AppClient,
    { status, notice = context.notice(request), values, ...shown }: Shown = {},
  ) => {
    const page = (
      <Client
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        of={client}
        apis={resources.all}
        issuer={issuer}
        now={clock()}
        values={values ?? valuesOfForm(formOfClient(client))}
        {...shown}
      />
    )
    return context.send(reply, page, status)
  }

  /** The role is the store's, read with the session that the request came in. */
  const forAdmin =
    (handler: Handler): Handler =>
    async (request, reply) => {
      assertAdmin(request.session)
      return handler(request, reply)
    }

  /** An app that is not there, or is not to be changed, is said on the list of those that are. */
  const withClient = (
    use: (request: FastifyRequest, reply: FastifyReply, id: string) => Promise<FastifyReply>,
  ): Handler =>
    forAdmin(async (request, reply) => {
      const { id } = request.params as { id: string }
      try {
        return await use(request, reply, id)
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, `${CLIENTS}/${id}`)
        if (codeOf(error) === undefined) throw error
        const notice = context.explain(request, reply, error)
        return sendClients(request, reply, { notice, status: reply.statusCode })
      }
    })

  const showClients = forAdmin(async (request, reply) => sendClients(request, reply, {}))

  const showClient = withClient(async (request, reply, id) =>
    sendClient(request, reply, await clientDesk.find(id)),
  )

  const registerClient = forAdmin(async (request, reply) => {
    const view = context.view(request)
    const form = clientFormOf(request)
    const isPublic = isTicked(request, 'public')
    const values = { ...valuesOfForm(form), ...(isPublic && { public: 'on' }) }
    const { resources: apis, ...rest } = form
    const settings = { ...rest, public: isPublic, ...(apis && { resources: apis }) }
    const { wrong } = checkForm(request, RegisterClientBody, settings)
    if (wrong) {
      const errors = fieldErrors(view, wrong)
      return sendClients(request, reply, { errors, values, status: 400 })
    }
    try {
      const { session } = request
      const { client, secret } = await clientDesk.register(callerOf(request), session, settings)
      if (secret === undefined)
        return await goOn(reply, `${CLIENTS}/${client.clientId}`, 'CLIENT_REGISTERED')
      return await sendClient(request, reply, client, { secret, status: 201 })
    } catch (error) {
      if (isTooLate(error)) return proveAgain(reply, CLIENTS)
      const errors = refusalsOf(view, form, error)
      if (errors) return sendClients(request, reply, { errors, values, status: 400 })
      const notice = context.explain(request, reply, error)
      return sendClients(request, reply, { notice, values, status: reply.statusCode })
    }
  })

  const changeClient = withClient(async (request, reply, id) => {
    const view = context.view(request)
    const client = await clientDesk.find(id)
    const form = clientFormOf(request)
    const changes = changesTo(client, form)
    if (Object.keys(changes).length === 0) return goOn(reply, `${CLIENTS}/${id}`, 'CLIENT_CHANGED')
    const refuse = (errors: FieldErrors) =>
      sendClient(request, reply, client, { errors, values: valuesOfForm(form), status: 400 })
    const { wrong } = checkForm(request, ChangeClientBody, changes)
    if (wrong) return refuse(fieldErrors(view, wrong))
    try {
      await clientDesk.change(callerOf(request), request.session, id, changes)
    } catch (error) {
      const errors = refusalsOf(view, form, error)
      if (!errors) throw error
      return refuse(errors)
    }
    return goOn(reply, `${CLIENTS}/${id}`, 'CLIENT_CHANGED')
  })

  const rotateSecret = withClient(async (request, reply, id) => {
    const { session } = request
    const overlap = overlapOf(fieldOf(request, 'overlap'))
    const { client, secret } = await clientDesk.rotateSecret(
      callerOf(request),
      session,
      id,
      overlap,
    )
    return sendClient(request, reply, client, { secret, status: 201 })
  })

  const enableClient = withClient(async (request, reply, id) => {
    await clientDesk.change(callerOf(request), request.session, id, { status: 'active' })
    return goOn(reply, `${CLIENTS}/${id}`, 'CLIENT_ENABLED')
  })

  const removeClient = withClient(async (request, reply, id) => {
    await clientDesk.remove(callerOf(request), request.session, id)
    return goOn(reply, CLIENTS, 'CLIENT_REMOVED')
  })

  return {
    showClients,
    showClient,
    registerClient,
    changeClient,
    rotateSecret,
    enableClient,
    removeClient,
  }
}
