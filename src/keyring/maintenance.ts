import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { HeldRing } from './held-ring.js'
import { CachedKeyRing } from './cached-ring.js'
import { replaced, type TokenLifetimes } from './ring.js'
import { SecretKeyRing } from './secret-ring.js'
import { newSecretKey, TICKET_MS } from './secret-keys.js'
import { newSpare, type SpareKey, type SpareKeys } from './spare.js'
import type { RotationStores } from './store.js'

/** Other writers may come between; more than this in a row means that something is wrong. */
const TRIES = 3

export interface KeyMaintenanceOptions {
  readonly stores: RotationStores
  readonly lifetimes: TokenLifetimes
  readonly clock: Clock
  readonly random: Random
}

/** What makes, renews and replaces all keys of the service. */
export class KeyMaintenance {
  readonly keyRing: CachedKeyRing
  readonly #spares: HeldRing<SpareKeys, SpareKeys>
  readonly #ticketKeys: SecretKeyRing
  readonly #dataKeys: SecretKeyRing
  readonly #options: KeyMaintenanceOptions

  constructor(options: KeyMaintenanceOptions) {
    const { stores, lifetimes, clock, random } = options
    this.#options = options
    this.#spares = new HeldRing({
      store: stores.spareKeys,
      clock,
      create: async () => ({ spares: [await newSpare(random)] }),
      load: (spares) => spares,
    })
    this.keyRing = new CachedKeyRing({
      store: stores.keyRing,
      lifetimes,
      clock,
      random,
      spares: () => this.#spares.read(),
    })
    const secretKeys = { clock, random }
    this.#ticketKeys = new SecretKeyRing({
      ...secretKeys,
      store: stores.ticketKeys,
      lifetimeMs: TICKET_MS,
    })
    this.#dataKeys = new SecretKeyRing({
      ...secretKeys,
      store: stores.dataKeys,
      lifetimeMs: Infinity,
    })
  }

  /**
   * Makes what is missing, renews what is due, drops what is outlived. Data keys are never dropped.
   * @throws {Problem} STORE_UNAVAILABLE, also where a write did not happen.
   */
  async maintain(): Promise<void> {
    await this.#maintainRing()
    await this.#ticketKeys.maintain()
    await this.#dataKeys.maintain()
  }

  /**
   * After a compromise: the spare signs, the old signing key leaves the JWKS, refresh and ticket keys are
   * new, and so is the spare. Every session and machine token dies; API keys and data keys stay.
   * @returns the id of the key that signs now.
   * @throws {Error} where that did not happen; the signing key is the old one then.
   */
  async replaceNow(): Promise<string> {
    await this.#maintainRing()
    await this.#insist(() => this.#ticketKeys.replace())
    // Its private half is kept before its public half is published.
    const next = await this.#addSpare()
    const held = await this.#spares.read()
    const { clock, random } = this.#options
    await this.#insist(() =>
      this.keyRing.replace((ring) => replaced(ring, held, next, clock(), random)),
    )
    const { spare } = await this.keyRing.ring()
    await this.#insist(() =>
      this.#spares.change(({ spares }) => ({ spares: spares.filter(isNamed(spare?.kid)) })),
    )
    return (await this.keyRing.signingKey()).kid
  }

  /**
   * After tables went back in time: refresh and ticket keys are new, so that no session, grant or mailed link that
   * the tables have again is good for anything. Signing and data keys stay.
   * @throws {Error} where that did not happen.
   */
  async replaceSessionKeys(): Promise<void> {
    const { clock, random } = this.#options
    await this.#insist(() => this.#ticketKeys.replace())
    const now = clock()
    await this.#insist(() =>
      this.keyRing.replace((ring) => ({ ...ring, refresh: [newSecretKey(now, now, random)] })),
    )
  }

  /** The ring with its spare, which a ring of an older version lacks. */
  async #maintainRing(): Promise<void> {
    await this.keyRing.maintain()
    const [{ spare }, { spares }] = await Promise.all([this.keyRing.ring(), this.#spares.read()])
    if (spares.some(isNamed(spare?.kid))) return
    await this.#addSpare()
    await this.keyRing.maintain()
  }

  async #addSpare(): Promise<SpareKey> {
    const spare = await newSpare(this.#options.random)
    await this.#insist(() => this.#spares.change(({ spares }) => ({ spares: [...spares, spare] })))
    return spare
  }

  async #insist(write: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) if (await write()) return
    throw new Error('other writers of the keys came first, again and again')
  }
}

const isNamed =
  (kid: string | undefined) =>
  (key: { readonly kid: string }): boolean =>
    key.kid === kid
