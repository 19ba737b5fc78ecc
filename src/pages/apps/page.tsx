import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/caller.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { fieldOf } from '../kit/forms.js'
import { APPS } from '../kit/paths.js'
import type { Handler } from '../kit/routes.js'
import type { Notice } from '../kit/view.js'
import { Apps } from './view.js'

/** What a person has allowed apps. */
export function appHandlers(context: PageContext) {
  const { consents, resources } = context.services

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    notice: Notice | undefined,
    status?: number,
  ) => {
    const page = (
      <Apps
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        apps={await consents.list(request.session.account)}
        nameOfApi={(identifier) => resources.find(identifier)?.name ?? identifier}
      />
    )
    return context.send(reply, page, status)
  }

  const show: Handler = async (request, reply) => send(request, reply, context.notice(request))

  const withdraw: Handler = async (request, reply) => {
    const clientId = fieldOf(request, 'clientId') ?? ''
    try {
      await consents.withdraw(callerOf(request), request.session.account, clientId)
    } catch (error) {
      // A form that is sent twice, or an app that another tab has let go: it has no access, which is what was wanted.
      if (codeOf(error) !== 'CONSENT_NOT_FOUND') throw error
    }
    return goOn(reply, APPS, 'CONSENT_WITHDRAWN')
  }

  return { show, withdraw }
}
