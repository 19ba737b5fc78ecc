import type { FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../../events/report.js'
import { requestEnded } from '../../oauth/authorization/errors.js'
import type { OpenRequest } from '../../oauth/authorization/request.js'
import { goOn, type PageContext } from '../kit/context.js'
import { callerOf } from '../../http/caller.js'
import { fieldOf } from '../kit/forms.js'
import { queryOf } from '../kit/query.js'
import type { Handler } from '../kit/routes.js'
import { Consent } from './view.js'

/**
 * Asks a person whether an app may have what it asks for. Their answer goes to the app at once: the code is written with
 * it, by the same service that `/oauth/authorize` has.
 */
export function consentHandlers(context: PageContext) {
  const { authorization, consents, resources } = context.services

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { open: { client, request: asked }, returnTo }: Shown,
  ) => {
    context.leadTo(reply, asked.redirectUri)
    const apis = asked.resources.flatMap((identifier) => resources.find(identifier) ?? [])
    const page = (
      <Consent
        view={context.view(request)}
        owner={context.owner(request)}
        {...{ client, asked, apis, returnTo }}
      />
    )
    return context.send(reply, page)
  }

  /** The question, while it is one: what is answered, over, or needs something else first goes on there. */
  const questionOf = async (request: FastifyRequest) => {
    const returnTo = context.returnTo(queryOf(request).returnTo)
    if (returnTo === undefined) throw requestEnded()
    const { open, next } = (await context.pending(request, returnTo)) ?? {}
    return { returnTo, open: next === 'consent' || next === 'grant' ? open : undefined }
  }

  const show: Handler = async (request, reply) => {
    const { open, returnTo } = await questionOf(request)
    return open ? send(request, reply, { open, returnTo }) : goOn(reply, returnTo)
  }

  const answer: Handler = async (request, reply) => {
    const { account } = request.session
    const { open, returnTo } = await questionOf(request)
    if (!open) return goOn(reply, returnTo)
    const said = fieldOf(request, 'answer')
    if (said === 'no') return goOn(reply, await authorization.refuse(open))
    // Another person may have signed in since the page was shown, in another tab.
    const isTheirs = fieldOf(request, 'account') === account.id
    if (said !== 'yes' || !isTheirs) return send(request, reply, { open, returnTo })
    const { client } = open
    const kept = consents.keeping(callerOf(request), account, client, open.request)
    const answered = await authorization.grant(open, request.session, kept)
    report(request.log, 'consent_given', { userId: account.id, clientId: client.clientId })
    return goOn(reply, answered)
  }

  return { show, answer }
}

interface Shown {
  readonly open: OpenRequest
  readonly returnTo: string
}
