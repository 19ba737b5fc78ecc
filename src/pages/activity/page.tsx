import type { FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { assertAdmin } from '../../administration/guard.js'
import { EventsQuery } from '../../audit/schemas.js'
import { callerOf } from '../../http/caller.js'
import type { PageContext } from '../kit/context.js'
import { ACTIVITY } from '../kit/paths.js'
import type { Handler } from '../kit/routes.js'
import { Activity } from './view.js'

/** What happened in an account. */
export function activityHandlers(context: PageContext) {
  const { trailDesk } = context.services

  const showOwn: Handler = async (request, reply) => {
    const { events, cursor } = await trailDesk.list(request.session, wantedBy(request))
    const page = (
      <Activity
        view={context.view(request)}
        owner={context.owner(request)}
        notice={context.notice(request)}
        entries={events}
        older={cursor === null ? undefined : pathAt(ACTIVITY, cursor)}
      />
    )
    return context.send(reply, page)
  }

  const showOfUser: Handler = async (request, reply) => {
    assertAdmin(request.session)
    const { id } = request.params as { id: string }
    const { session } = request
    const { events, cursor } = await trailDesk.listOf(
      callerOf(request),
      session,
      id,
      wantedBy(request),
    )
    const user = `/dashboard/users/${id}`
    const page = (
      <Activity
        view={context.view(request)}
        owner={context.owner(request)}
        notice={context.notice(request)}
        entries={events}
        older={cursor === null ? undefined : pathAt(`${user}/activity`, cursor)}
        user={{ id, path: user }}
      />
    )
    return context.send(reply, page)
  }

  return { showOwn, showOfUser }
}

const pathAt = (path: string, cursor: string): string =>
  `${path}?${new URLSearchParams({ cursor }).toString()}`

/** What can't be a cursor leads to the newest: people follow links as they are. */
function wantedBy({ query }: FastifyRequest): { readonly cursor?: string } {
  const { cursor } = query as Readonly<Record<string, unknown>>
  const isOne = typeof cursor === 'string' && Value.Check(EventsQuery, { cursor })
  return isOne ? { cursor } : {}
}
