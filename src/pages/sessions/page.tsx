import { goOn, type PageContext } from '../kit/context.js'
import type { Handler } from '../kit/routes.js'
import type { Notice } from '../kit/view.js'
import { Sessions } from './view.js'
import { callerOf } from '../../http/caller.js'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A page has a weight: who has more sessions than this ends them all. */
const SHOWN = 25

/** The sessions of a person. */
export function sessionHandlers(context: PageContext) {
  const { sessions } = context.services

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    notice: Notice | undefined,
    status?: number,
  ) => {
    const { account, sessionId } = request.session
    const listed = await sessions.list(account)
    const rows = listed.map((each) => ({ ...each, current: each.sessionId === sessionId }))
    const sorted = rows.sort((a, b) => Number(b.current) - Number(a.current))
    const page = (
      <Sessions
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        sessions={sorted.slice(0, SHOWN)}
        more={Math.max(0, sorted.length - SHOWN)}
      />
    )
    return context.send(reply, page, status)
  }

  const showSessions: Handler = async (request, reply) =>
    send(request, reply, context.notice(request))

  const endSession: Handler = async (request, reply) => {
    const { id } = request.params as { id: string }
    try {
      await sessions.endOne(callerOf(request), request.session, id)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      return send(request, reply, notice, reply.statusCode)
    }
    if (id === request.session.sessionId) {
      return goOn(reply.forgetSession(), '/login', 'SIGNED_OUT')
    }
    return goOn(reply, '/dashboard/sessions', 'SESSION_ENDED')
  }

  const endSessions: Handler = async (request, reply) => {
    await sessions.endAll(callerOf(request), request.session)
    return goOn(reply.forgetSession(), '/login', 'SESSIONS_ENDED')
  }

  return { showSessions, endSession, endSessions }
}
