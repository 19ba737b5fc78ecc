import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { type Profile, profileOf } from './user.js'
import type { UsersStore } from './store.js'

const MAX_PROFILES = 5000

interface Entry {
  readonly readAt: number
  readonly profile: Promise<Profile | undefined>
}

/**
 * Profiles for display, remembered by this instance for a while; one read serves a burst of requests.
 * It decides nothing but what a holder of a valid token is shown, and a disabled user is shown nothing.
 */
export class Profiles {
  readonly #store: UsersStore
  readonly #clock: Clock
  readonly #maxAgeMs: number
  readonly #entries = new BoundedMap<string, Entry>(MAX_PROFILES)

  constructor(store: UsersStore, clock: Clock, maxAgeMs: number) {
    this.#store = store
    this.#clock = clock
    this.#maxAgeMs = maxAgeMs
  }

  /** @returns undefined for a user who is disabled or gone. */
  find(id: string): Promise<Profile | undefined> {
    const now = this.#clock()
    const known = this.#entries.get(id)
    if (known && now - known.readAt < this.#maxAgeMs) return known.profile
    const profile = this.#read(id)
    const entry = { readAt: now, profile }
    this.#entries.set(id, entry)
    profile.catch(() => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id)
    })
    return profile
  }

  /** The next call reads again; a read that is under way is not remembered. */
  forget(id: string): void {
    this.#entries.delete(id)
  }

  async #read(id: string): Promise<Profile | undefined> {
    const user = await this.#store.findById(id)
    return user?.status === 'active' ? profileOf(user) : undefined
  }
}
