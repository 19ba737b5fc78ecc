import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../lib/clock.js'
import { OAUTH_COOKIE, type OAuthCookie } from '../http/cookies.js'
import type { SealingKeys } from '../http/sealed-cookie.js'
import { seal, unseal } from '../lib/sealed.js'
import { type Flow, FLOW_SEAL, FLOW_SECONDS, flowId } from './flow.js'

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
    const sealed = await seal(FLOW_SEAL, flow, await this.#keys.current(), this.#clock)
    reply.writeCookie(cookieOf(flow.state), sealed, FLOW_SECONDS)
  }

  async #dropOldest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const names = request.cookieNames(OAUTH_COOKIE).filter(isFlowCookie)
    if (names.length < MAX_FLOWS) return
    const begun = await Promise.all(
      names.map(async (name) => ({ name, beganAt: await this.#beganAt(request, name) })),
    )
    begun.sort((one, other) => one.beganAt - other.beganAt)
    for (const { name } of begun.slice(0, 1 - MAX_FLOWS)) reply.dropCookie(name)
  }

  /** One that can't be opened is older than all others. */
  async #beganAt(request: FastifyRequest, name: OAuthCookie): Promise<number> {
    const sealed = request.readCookie(name)
    return (sealed === undefined ? undefined : await this.#open(sealed))?.iat ?? 0
  }

  #open(sealed: string) {
    return unseal<Flow>(FLOW_SEAL, sealed, (id) => this.#keys.byId(id), this.#clock)
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
    const flow = await this.#open(sealed)
    return flow?.state === state ? flow : undefined
  }
}
