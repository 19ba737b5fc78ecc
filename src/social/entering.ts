import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../events/report.js'

/** How a person who came from a provider gets in, or what they are asked first. */
export type SignedIn = Awaited<ReturnType<FastifyInstance['identities']['signIn']>>

/** A person who has got in by a provider. */
interface Entrance {
  readonly provider: string
  readonly arrival: Exclude<SignedIn, { readonly how: 'held' }>
}

/** Opens the session of a person who came from a provider. @returns their id. */
export async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { provider, arrival }: Entrance,
): Promise<string> {
  const { user, how } = arrival
  const who = { userId: user.id, provider }
  if (how === 'freed') {
    report(request.log, 'address_freed', { userId: arrival.freedFrom, provider })
  }
  if (how === 'created' || how === 'freed') report(request.log, 'user_created', who)
  if (how === 'linked') report(request.log, 'identity_linked', who)
  const grant = await request.server.startSession(request, user, {
    transport: 'cookies',
    provider,
  })
  await reply.deliverTokens(grant, 'cookies')
  return user.id
}
