import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { hashKey } from '../api-keys/verification/format.js'

const REMEMBERED_MS = 10 * 60_000
const SIZE = 1000

/** `Authorization` headers, as hashes, that this instance has lately found good for introspection. */
export class ProvenClients {
  readonly #clock: Clock
  readonly #provenAt = new BoundedMap<string, number>(SIZE)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(authorization: string | undefined): boolean {
    if (authorization === undefined) return false
    const provenAt = this.#provenAt.get(hashKey(authorization)) ?? -Infinity
    return this.#clock() - provenAt < REMEMBERED_MS
  }

  add(authorization: string | undefined): void {
    if (authorization !== undefined) this.#provenAt.set(hashKey(authorization), this.#clock())
  }

  remove(authorization: string | undefined): void {
    if (authorization !== undefined) this.#provenAt.delete(hashKey(authorization))
  }
}
