import pLimit, { type LimitFunction } from 'p-limit'
import { Problem, type ProblemType } from '../problem.js'
import type { Random } from '../random.js'
import { normalizePassword } from './password-policy.js'

export interface HasherOptions {
  /** KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
  /** Hashes at once. */
  readonly concurrency: number
  /** Hashes that may wait. */
  readonly queue: number
}

/** Loaded by the first password: most instances of a function never see one. */
const loadArgon2 = async () => (await import('argon2')).default

const BUSY: ProblemType = { status: 503, code: 'BUSY', title: 'Too many sign-ins at once' }
const RETRY_AFTER_SECONDS = '2'
const SALT_BYTES = 16
const HASH_BYTES = 32

/**
 * argon2id (RFC 9106) with bounded memory: `concurrency` hashes run, `queue` wait, and past that the
 * caller hears 503 at once instead of the process dying.
 */
export class PasswordHasher {
  readonly #options: HasherOptions
  readonly #limit: LimitFunction
  /** Costs as much to check as a real one and belongs to no password. */
  readonly #decoy: string

  constructor(options: HasherOptions, random: Random) {
    this.#options = options
    this.#limit = pLimit(options.concurrency)
    const { memoryCost, timeCost, parallelism } = options
    const base64 = (bytes: number) => random(bytes).toString('base64').replaceAll('=', '')
    this.#decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(SALT_BYTES)}$${base64(HASH_BYTES)}`
  }

  /** @returns a PHC string. */
  hash(password: string): Promise<string> {
    const { memoryCost, timeCost, parallelism } = this.#options
    return this.#run(async () => {
      const argon2 = await loadArgon2()
      return argon2.hash(normalizePassword(password), {
        type: argon2.argon2id,
        memoryCost,
        timeCost,
        parallelism,
        hashLength: HASH_BYTES,
      })
    })
  }

  /** Takes as long without a digest as with one. */
  async verify(digest: string | undefined, password: string): Promise<boolean> {
    const matches = await this.#run(async () => {
      const argon2 = await loadArgon2()
      return argon2.verify(digest ?? this.#decoy, normalizePassword(password))
    })
    return matches && digest !== undefined
  }

  /** Whether a digest was made with less memory or fewer passes than are asked for now. */
  isWeak(digest: string): boolean {
    const found = /\$m=(\d+),t=(\d+),/.exec(digest)
    const [memoryCost, timeCost] = [Number(found?.[1]), Number(found?.[2])]
    return !(memoryCost >= this.#options.memoryCost && timeCost >= this.#options.timeCost)
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    const { concurrency, queue } = this.#options
    if (this.#limit.activeCount + this.#limit.pendingCount >= concurrency + queue) {
      throw new Problem(BUSY, { headers: { 'retry-after': RETRY_AFTER_SECONDS } })
    }
    return this.#limit(work)
  }
}
