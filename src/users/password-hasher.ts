import pLimit, { type LimitFunction } from 'p-limit'
import { Problem, type ProblemType } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import { isImported } from './imported/mark.js'
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
const loadImported = async () => (await import('./imported/verify.js')).verifyImported

const BUSY: ProblemType = { status: 503, code: 'BUSY', title: 'Too many sign-ins at once' }
const RETRY_AFTER_SECONDS = '2'
const SALT_BYTES = 16
const HASH_BYTES = 32

/** What one hash costs: its time grows with memory times passes. */
export interface HashCost {
  /** KiB. */
  readonly memoryCost: number
  readonly timeCost: number
}

/** The part of the queue that one address may fill. */
const SHARE = 1 / 4

/**
 * argon2id (RFC 9106) with bounded memory: `concurrency` hashes run, `queue` wait, and past that the
 * caller gets a 503 at once instead of the process dying. One address gets it sooner.
 */
export class PasswordHasher {
  readonly #options: HasherOptions
  readonly #limit: LimitFunction
  /** Hashes of each address that run or wait. */
  readonly #held = new Map<string, number>()
  /** Costs as much to check as a real one and belongs to no password. */
  readonly #decoy: string

  constructor(options: HasherOptions, random: Random) {
    this.#options = options
    this.#limit = pLimit(options.concurrency)
    const { memoryCost, timeCost, parallelism } = options
    const base64 = (bytes: number) => random(bytes).toString('base64').replaceAll('=', '')
    this.#decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(SALT_BYTES)}$${base64(HASH_BYTES)}`
  }

  /**
   * @param address whose work it is; without one it is bounded by the queue alone.
   * @returns a PHC string.
   */
  hash(password: string, address?: string): Promise<string> {
    return this.#run(address, () => this.#hash(password, this.#options))
  }

  /**
   * Takes as long without a digest as with one, and as long with a weak one. An imported digest takes its own time, in
   * the same queue.
   */
  async verify(digest: string | undefined, password: string, address?: string): Promise<boolean> {
    const matches = await this.#run(address, async () => {
      if (digest !== undefined && isImported(digest)) {
        const verifyImported = await loadImported()
        return verifyImported(digest, password)
      }
      const argon2 = await loadArgon2()
      const isRight = await argon2.verify(digest ?? this.#decoy, normalizePassword(password))
      const rest = digest === undefined ? undefined : missingCost(digest, this.#options)
      if (rest) await this.#hash(password, rest)
      return isRight
    })
    return matches && digest !== undefined
  }

  /** Whether another system made a digest, or it has less memory or fewer passes than are asked for now. */
  isWeak(digest: string): boolean {
    if (isImported(digest)) return true
    const { memoryCost, timeCost } = costOf(digest)
    return !(memoryCost >= this.#options.memoryCost && timeCost >= this.#options.timeCost)
  }

  async #hash(password: string, { memoryCost, timeCost }: HashCost): Promise<string> {
    const argon2 = await loadArgon2()
    return argon2.hash(normalizePassword(password), {
      type: argon2.argon2id,
      memoryCost,
      timeCost,
      parallelism: this.#options.parallelism,
      hashLength: HASH_BYTES,
    })
  }

  async #run<T>(address: string | undefined, work: () => Promise<T>): Promise<T> {
    const { concurrency, queue } = this.#options
    const isFull = this.#limit.activeCount + this.#limit.pendingCount >= concurrency + queue
    const held = address === undefined ? 0 : (this.#held.get(address) ?? 0)
    if (isFull || held >= Math.max(1, Math.floor(queue * SHARE))) {
      throw new Problem(BUSY, { headers: { 'retry-after': RETRY_AFTER_SECONDS } })
    }
    if (address === undefined) return this.#limit(work)
    this.#held.set(address, held + 1)
    try {
      return await this.#limit(work)
    } finally {
      this.#release(address)
    }
  }

  #release(address: string): void {
    const held = (this.#held.get(address) ?? 1) - 1
    if (held > 0) this.#held.set(address, held)
    else this.#held.delete(address)
  }
}

function costOf(digest: string): HashCost {
  const found = /\$m=(\d+),t=(\d+),/.exec(digest)
  return { memoryCost: Number(found?.[1]), timeCost: Number(found?.[2]) }
}

/**
 * What verifying a digest costs less than verifying one of today: time tells whether there is an account, where
 * it has a digest of before the parameters were raised.
 * @returns undefined for nothing, and for less than argon2 can do (RFC 9106 §3.1).
 */
function missingCost(
  digest: string,
  { memoryCost, timeCost, parallelism }: HasherOptions,
): HashCost | undefined {
  const found = costOf(digest)
  const missing = memoryCost * timeCost - found.memoryCost * found.timeCost
  const memory = Math.round(missing / timeCost)
  return memory >= 8 * parallelism ? { memoryCost: memory, timeCost } : undefined
}
