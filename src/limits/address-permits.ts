import type { Clock } from '../lib/clock.js'
import { windowOf } from './counter.js'
import type { PermitLeases } from './permit-leases.js'

/** The answer to one address that asked in the window that is open. */
export interface AddressPermit {
  readonly granted: boolean
  readonly remaining: number
  /** Milliseconds until the window ends. */
  readonly resetMs: number
  /** What the permit was for was none of what is limited. A second call changes nothing. */
  putBack(): void
}

const MAX_FREE = 5
/** A twentieth of the limit: small limits have no free permits, and are exact. */
const FREE_OF = 20

/**
 * How often an address may do something in a fixed window. Each instance has 5 permits for each address and window
 * that it grants before it asks the others, so that most addresses cost no write; `N` instances let through at most
 * `limit + 5·N`, and one instance `limit`.
 */
export class AddressPermits {
  readonly #leases: PermitLeases
  readonly #clock: Clock

  constructor(leases: PermitLeases, clock: Clock) {
    this.#leases = leases
    this.#clock = clock
  }

  /** @param subject what is limited, and the address. */
  async take(
    subject: string,
    { max: limit, windowMs }: { readonly max: number; readonly windowMs: number },
  ): Promise<AddressPermit> {
    const { key, endsAt, resetMs } = windowOf(subject, windowMs, this.#clock())
    const free = Math.min(MAX_FREE, Math.floor(limit / FREE_OF))
    const window = { key, limit, endsAt, free }
    const { granted, remaining } = await this.#leases.take(window)
    let isBack = !granted
    const putBack = () => {
      if (!isBack) this.#leases.putBack(window)
      isBack = true
    }
    return { granted, remaining, resetMs, putBack }
  }
}
