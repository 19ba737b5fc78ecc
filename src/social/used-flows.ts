import type { Clock } from '../lib/clock.js'
import { isOutage } from '../http/problem.js'
import type { TicketStore } from '../tickets/store.js'
import { FLOW_SECONDS } from './flow.js'

/** Flows whose callback has come, kept for as long as the flow's cookie would open. */
export class UsedFlows {
  readonly #tickets: TicketStore
  readonly #clock: Clock

  constructor(tickets: TicketStore, clock: Clock) {
    this.#tickets = tickets
    this.#clock = clock
  }

  /** @returns whether the flow is the caller's to go on with: true for one caller. */
  use(state: string): Promise<boolean> {
    return this.#tickets.consumeSealed('social-flow', state, this.#end())
  }

  /** The flow has done what it was begun for. A lost mark costs the person a notice, not the sign-in. */
  async recordSuccess(state: string, userId: string): Promise<void> {
    try {
      await this.#tickets.put('social-arrival', state, { userId }, this.#end())
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }

  /** @returns the user of a flow that has succeeded. */
  async findUser(state: string): Promise<string | undefined> {
    return (await this.#tickets.find('social-arrival', state))?.userId
  }

  #end(): number {
    return this.#clock() + FLOW_SECONDS * 1000
  }
}
