import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.js'
import { OAUTH_COOKIE, type OAuthCookie } from '../plugins/cookies.js'
import { type Flow, FLOW_SECONDS, flowId, openFlow, sealFlow } from './flow.js'

/** The keys of the service, of which flows use those that make refresh tokens, through a derivation. */
type Keys = FastifyRequest['server']['keyRing']

/** Tabs with a flow each. Past it, the flows that were begun before are given up. */
const MAX_FLOWS = 5

const cookieOf = (state: string): OAuthCookie => `${OAUTH_COOKIE}_${flowId(state)}`

/** Flows between redirect and callback: each in a cookie of its own, so that tabs don't disturb each other. */
export class FlowCookies {
  readonly #keys: Keys
  readonly #clock: Clock

  constructor(keys: Keys, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  async put(request: FastifyRequest, reply: FastifyReply, flow: Flow): Promise<void> {
    const begun = request.cookieNames(OAUTH_COOKIE)
    if (begun.length >= MAX_FLOWS) for (const name of begun) reply.dropCookie(name)
    const sealed = await sealFlow(flow, await this.#keys.refreshKey(), this.#clock)
    reply.writeCookie(cookieOf(flow.state), sealed, FLOW_SECONDS)
  }

  /** Takes a flow out of its browser. @returns undefined for a state that this browser did not begin. */
  async take(
    request: FastifyRequest,
    reply: FastifyReply,
    state: string,
  ): Promise<Flow | undefined> {
    const name = cookieOf(state)
    const sealed = request.readCookie(name)
    if (sealed === undefined) return undefined
    reply.dropCookie(name)
    const flow = await openFlow(sealed, (id) => this.#keys.refreshKeyById(id), this.#clock)
    return flow?.state === state ? flow : undefined
  }
}
