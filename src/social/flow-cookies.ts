import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../lib/clock.js'
import { OAUTH_COOKIE, type OAuthCookie } from '../http/cookies.js'
import { SealedCookie, type SealingKeys } from '../http/sealed-cookie.js'
import { type Flow, FLOW_SEAL, flowId } from './flow.js'

/** Tabs with a flow each. Past it, the oldest is given up. */
const MAX_FLOWS = 5

const cookieOf = (state: string): OAuthCookie => `${OAUTH_COOKIE}_${flowId(state)}`

/** Names out of a request go no further than this. */
const FLOW_COOKIE = new RegExp(`^${OAUTH_COOKIE}_[\\w-]{22}$`)
const isFlowCookie = (name: string): name is OAuthCookie => FLOW_COOKIE.test(name)

/** Flows between redirect and callback: each in a cookie of its own, so that tabs don't disturb each other. */
export class FlowCookies {
  readonly #keys: SealingKeys
  readonly #clock: Clock

  constructor(keys: SealingKeys, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  async put(request: FastifyRequest, reply: FastifyReply, flow: Flow): Promise<void> {
    await this.#dropOldest(request, reply)
    await this.#cookie(cookieOf(flow.state)).write(reply, flow)
  }

  async #dropOldest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const names = request.cookieNames(OAUTH_COOKIE).filter(isFlowCookie)
    if (names.length < MAX_FLOWS) return
    const begun = await Promise.all(
      names.map(async (name) => {
        const flow = await this.#cookie(name).read(request)
        // One that can't be opened is older than all others.
        return { name, beganAt: flow?.iat ?? 0 }
      }),
    )
    begun.sort((one, other) => one.beganAt - other.beganAt)
    for (const { name } of begun.slice(0, 1 - MAX_FLOWS)) reply.dropCookie(name)
  }

  /** @returns undefined for a state that this browser did not begin. */
  async read(request: FastifyRequest, state: string): Promise<Flow | undefined> {
    const flow = await this.#cookie(cookieOf(state)).read(request)
    return flow?.state === state ? flow : undefined
  }

  drop(request: FastifyRequest, reply: FastifyReply, state: string): void {
    const name = cookieOf(state)
    if (request.cookieNames(name).length > 0) reply.dropCookie(name)
  }

  #cookie(name: OAuthCookie): SealedCookie<Flow> {
    return new SealedCookie({ ...FLOW_SEAL, name, keys: this.#keys, clock: this.#clock })
  }
}
