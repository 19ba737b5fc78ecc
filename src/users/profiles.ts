import { BoundedMap } from '../bounded-map.js'
import type { Clock } from '../clock.js'
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
    this.#entries.set(id, { readAt: now, profile })
    return profile
  }

  async #read(id: string): Promise<Profile | undefined> {
    try {
      const user = await this.#store.findById(id)
      return user?.status === 'active' ? profileOf(user) : undefined
    } catch (error) {
      this.#entries.delete(id)
      throw error
    }
  }
}
