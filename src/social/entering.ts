import type { FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { callerOf } from '../http/caller.js'
import type { SignIn } from '../sign-in/sign-in.js'
import type { Arrival } from '../users/identities/identities.js'

/** A person who has got in by a provider. */
interface Entrance {
  readonly provider: string
  readonly arrival: Arrival
}

/** Opens the session of a person who came from a provider. @returns their id. */
export async function enter(
  signIn: SignIn,
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
  const arriving = { transport: 'cookies', provider } as const
  const grant = await signIn.completeSignIn(callerOf(request), user, arriving)
  await reply.deliverTokens(grant, 'cookies')
  return user.id
}
