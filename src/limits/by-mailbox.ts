import type { Database } from '../dynamodb/database.js'
import type { Caller } from '../http/caller.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { Clock } from '../lib/clock.js'
import { keyedDigest } from '../lib/keyed-digest.js'
import type { Random } from '../lib/random.js'
import { AttemptCounter, type CountedAttempt } from './attempts.js'
import type { Limit } from './by-address.js'
import { deviceCookieOf, deviceOf, type MarkedAccount } from './known-devices.js'

export interface MailboxLimitOptions extends Limit {
  readonly database: Database
  /** The table of counters. */
  readonly table: string
  /** What is counted: the first part of the counter's key. */
  readonly name: string
  readonly dataKeys: SecretKeyRing
  readonly clock: Clock
  readonly random: Random
}

/** An attempt that was let in. */
export interface MailboxAttempt {
  /** It does not count after all. */
  takeBack(): Promise<void>
}

/** Mails to one address that strangers can ask for, over all kinds of them. */
export const MAILS: Limit = { max: 3, windowMs: 3_600_000 }

/**
 * Wrong codes for one address, over all kinds and flows. At this rate an attacker who tries every code that they may,
 * of a million accounts, on each of ten days, is right for one of them.
 */
export const WRONG_CODES: Limit = { max: 10, windowMs: 24 * 3_600_000 }

/**
 * What strangers may do with an e-mail address, known or not, in a window, and as much again in each browser that its
 * account knows.
 */
export class MailboxLimit {
  readonly #options: MailboxLimitOptions
  readonly #attempts: AttemptCounter

  constructor(options: MailboxLimitOptions) {
    this.#options = options
    this.#attempts = new AttemptCounter(options)
  }

  /**
   * @param mailbox the address in its normal form.
   * @param owner the account that has it, if one does.
   * @returns undefined where none is left.
   * @throws {Problem} STORE_UNAVAILABLE: what cannot be counted is not done.
   */
  async count(
    caller: Caller,
    mailbox: string,
    owner: MarkedAccount | undefined,
  ): Promise<MailboxAttempt | undefined> {
    const { name } = this.#options
    const client = await this.#digest('counted client', caller.address)
    const subject = `${name}#${await this.#digest('counted mailbox', mailbox)}`
    const shared = await this.#attempts.count(subject, client)
    if (shared.admitted) return this.#admitted(shared)
    const device = owner && (await this.#knownDevice(caller, owner))
    if (device === undefined) return undefined
    const own = await this.#attempts.count(`${subject}#device#${device}`, client)
    return own.admitted ? this.#admitted(own) : undefined
  }

  #admitted(counted: CountedAttempt): MailboxAttempt {
    return { takeBack: () => this.#attempts.takeBack(counted) }
  }

  /** Under the first key, so that counts stay through every rotation. */
  async #digest(label: string, text: string): Promise<string> {
    return keyedDigest(await this.#options.dataKeys.first(), label, text)
  }

  #knownDevice(caller: Caller, owner: MarkedAccount): Promise<string | undefined> {
    const { dataKeys } = this.#options
    return deviceOf(deviceCookieOf(caller), owner, (id) => dataKeys.byId(id))
  }
}
