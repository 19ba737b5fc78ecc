import { type CookieName, DEVICE_COOKIE } from '../http/cookies.js'
import type { Caller } from '../http/caller.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import { isOutage, type Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { keyedDigest } from '../lib/keyed-digest.js'
import type { Random } from '../lib/random.js'
import type { AddressPermit, AddressPermits } from './address-permits.js'
import { AttemptCounter, type CountedAttempt } from './attempts.js'
import { type Limit, logExceeded, rateLimited } from './by-address.js'
import { windowOf } from './counter.js'
import { isKnownAddress, KNOWN_MS, type KnownAddresses, withAddress } from './known-addresses.js'
import {
  deviceCookieOf,
  deviceOf,
  type FindKey,
  type MarkedAccount,
  withMark,
} from './known-devices.js'
import { OnceEach } from './once-each.js'

export interface AccountLimitsOptions {
  readonly database: Database
  /** The table of counters. */
  readonly table: string
  readonly dataKeys: SecretKeyRing
  readonly permits: AddressPermits
  readonly account: Limit
  /** Failed sign-ins of one address, over all accounts. */
  readonly failures: Limit
  readonly allowOnOutage: boolean
  readonly clock: Clock
  readonly random: Random
}

/**
 * Whose password it is. Tries are counted by the address that is typed; what is known belongs to the account, so
 * that the next holder of an address inherits no browser of the one before.
 */
interface Owner extends MarkedAccount {
  readonly knownAddresses?: KnownAddresses
}

/** The account that has the address that was typed, if any has. */
interface Found {
  readonly user?: Owner | undefined
}

/** One counted attempt on an account. */
export interface Attempt {
  /** The attempt came to no answer by our own fault: it does not count. */
  takeBack(): Promise<void>
}

/** An attempt to sign in, of which one of three things comes. */
export interface SignInAttempt extends Attempt {
  /** Whether the right password opens the account. One that does not takes as long all the same. */
  readonly isOpen: boolean
  /**
   * The password was wrong: the attempt counts.
   * @returns where strangers have no try left, what is answered in place of the failure, so that the answer does not
   * tell whether the address is a known one.
   */
  fail(): Promise<Problem | undefined>
  /** The password was right: what the session's own transaction takes back. */
  succeed(): readonly Part[]
}

/** What a cookie is written to. */
interface CookieJar {
  writeCookie(name: CookieName, value: string, maxAge: number): unknown
}

/** A sign-in as the counts know it. */
interface Try {
  readonly subject: string
  readonly client: string
  /** Of a browser that the account knows. */
  readonly device: string | undefined
  readonly isKnownAddress: boolean
}

/** What the counts say of a try: the place that it has in one of them, if there was one. */
interface Admission {
  readonly counted?: CountedAttempt
  readonly refusal?: Problem
  readonly isOpen: boolean
}

/**
 * The limits on failed passwords by account. All strangers share one count; an address that the owner has
 * signed in from, and a browser, have counts of their own to fall back on, so that an attacker elsewhere
 * does not lock the owner out. A stranger's attempt takes its place before the password is looked at, which keeps
 * the limit exact under parallel guesses (NIST SP 800-63B-4 §3.2.2).
 *
 * So that its owner's sign-in costs no count, the first try of a known address or browser in an instance and a window
 * takes its place only when it has failed: then that instance has no such try left in that window. So `N` instances
 * look at no more than `limit + N` of its passwords.
 *
 * Only a person who has been in the account may learn which addresses it knows. So when the tries that strangers
 * share are used up, each address has the same few more, all refused like the rest and in the same time, except the
 * right password from a known address. Only a browser with the account's own cookie is told that a password is wrong.
 */
export class AccountLimits {
  readonly #options: AccountLimitsOptions
  readonly #attempts: AttemptCounter
  /** The first try of each client at each account: it costs an argon2, even where the counts have no room. */
  readonly #first: OnceEach
  readonly #findKey: FindKey

  constructor(options: AccountLimitsOptions) {
    const { account, clock } = options
    this.#options = options
    this.#attempts = new AttemptCounter({ ...options, ...account })
    this.#first = new OnceEach(clock)
    this.#findKey = (id) => options.dataKeys.byId(id)
  }

  /**
   * @param address the e-mail address that was typed, in its normal form.
   * @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy.
   */
  async limitSignIn(caller: Caller, address: string, { user }: Found): Promise<SignInAttempt> {
    const { account, clock } = this.#options
    const attempted = await this.#tryOf(caller, address, user)
    const permit = await this.#permitFailure(caller, attempted)
    const { subject, device, client } = attempted
    const { key, endsAt } = windowOf(subject, account.windowMs, clock())
    const turn = `${key}#${device ?? client}`
    const isFirst = this.#first.take(turn, endsAt)
    let isOver = false
    const forget = () => {
      if (isFirst && !isOver) this.#first.putBack(turn)
      isOver = true
      permit?.putBack()
    }
    if (isFirst && (device !== undefined || attempted.isKnownAddress)) {
      return {
        isOpen: true,
        fail: async () => (await this.#unlessAway(() => this.#admit(attempted)))?.refusal,
        succeed() {
          forget()
          return []
        },
        takeBack: async () => forget(),
      }
    }
    const admission = await this.#unlessAway(() => this.#admit(attempted)).catch(
      (error: unknown) => {
        forget()
        throw error
      },
    )
    const { counted, refusal, isOpen = true } = admission ?? {}
    // A known client's first try would be looked at: that of any other takes as long.
    if (refusal && !counted && !isFirst) {
      forget()
      logExceeded(caller)
      throw refusal
    }
    return {
      isOpen,
      fail: async () => refusal,
      succeed: () => {
        forget()
        return counted ? [this.#attempts.takingBack(counted)] : []
      },
      takeBack: async () => {
        forget()
        if (counted) await this.#unlessAway(() => this.#attempts.takeBack(counted))
      },
    }
  }

  /**
   * For the holder of a session: counted separately from sign-in, which strangers can exhaust.
   * @throws {Problem} as `limitSignIn`.
   */
  async limitPasswordChange(caller: Caller, owner: Owner): Promise<Attempt> {
    const counted = await this.#unlessAway(() => this.#admitPasswordChange(caller, owner)).catch(
      (error: unknown) => {
        if (!isOutage(error)) logExceeded(caller)
        throw error
      },
    )
    return {
      takeBack: async () => {
        if (counted) await this.#unlessAway(() => this.#attempts.takeBack(counted))
      },
    }
  }

  /**
   * What an account knows after its owner has signed in, in any way: the address, where neither it nor the browser is
   * known yet. An outage is ignored: it is no reason to refuse the sign-in.
   * @returns undefined where nothing needs to be written.
   */
  async knownAfter(caller: Caller, owner: Owner): Promise<KnownAddresses | undefined> {
    const { id, knownAddresses } = owner
    return passOver(async () => {
      if ((await this.#knownDevice(caller, owner)) !== undefined) return undefined
      const digest = await this.#knownDigest(caller, id)
      return withAddress(knownAddresses, digest, this.#options.clock())
    })
  }

  /** The same for a browser that keeps cookies: it is known wherever it goes. */
  async rememberBrowser(caller: Caller, jar: CookieJar, owner: MarkedAccount): Promise<void> {
    const { dataKeys, random } = this.#options
    await passOver(async () => {
      const marking = { key: await dataKeys.current(), findKey: this.#findKey, random }
      const cookie = await withMark(deviceCookieOf(caller), owner, marking)
      jar.writeCookie(DEVICE_COOKIE, cookie, KNOWN_MS / 1000)
    })
  }

  /**
   * Whether an account that has been signed in to before knows neither the address nor the browser. An outage says no.
   */
  async isNewDevice(caller: Caller, owner: Owner): Promise<boolean> {
    if (!owner.knownAddresses) return false
    const isKnown = await passOver(
      async () =>
        (await this.#isKnownAddress(caller, owner)) ||
        (await this.#knownDevice(caller, owner)) !== undefined,
    )
    return isKnown === false
  }

  async #tryOf(caller: Caller, address: string, owner: Owner | undefined): Promise<Try> {
    const account = await this.#digest('counted account', address)
    return {
      subject: `account#${account}`,
      client: await this.#clientOf(caller),
      device: owner && (await this.#knownDevice(caller, owner)),
      isKnownAddress: await this.#isKnownAddress(caller, owner ?? { id: account }),
    }
  }

  async #admit({ subject, client, device, isKnownAddress }: Try): Promise<Admission> {
    const { account } = this.#options
    const shared = await this.#attempts.count(subject, client)
    if (shared.admitted) return { counted: shared, isOpen: true }
    if (device !== undefined) {
      const own = await this.#attempts.count(`${subject}#device#${device}`, client)
      if (own.admitted) return { counted: own, isOpen: true }
    }
    const refusal = rateLimited(account, shared.resetMs)
    const left = account.max - shared.fromClient
    if (left <= 0) return { refusal, isOpen: false }
    const own = await this.#attempts.count(`${subject}#${client}`, client, left)
    return own.admitted
      ? { counted: own, refusal, isOpen: isKnownAddress }
      : { refusal, isOpen: false }
  }

  /** For the holder of a session, who sees the account's addresses anyway. */
  async #admitPasswordChange(caller: Caller, owner: Owner): Promise<CountedAttempt> {
    const client = await this.#clientOf(caller)
    const subject = `password#${digest(owner.id)}`
    const shared = await this.#attempts.count(subject, client)
    if (shared.admitted) return shared
    if (await this.#isKnownAddress(caller, owner)) {
      const own = await this.#attempts.count(`${subject}#${client}`, client)
      if (own.admitted) return own
    }
    const device = await this.#knownDevice(caller, owner)
    if (device !== undefined) {
      const own = await this.#attempts.count(`${subject}#device#${device}`, client)
      if (own.admitted) return own
    }
    throw rateLimited(this.#options.account, shared.resetMs)
  }

  /** One password for many accounts fails at each of them once: those failures have an address in common. */
  async #permitFailure(
    caller: Caller,
    { client, device }: Try,
  ): Promise<AddressPermit | undefined> {
    const { permits, failures } = this.#options
    const permit = await this.#unlessAway(() => permits.take(`failures#${client}`, failures))
    // The others behind an address still sign in from browsers that their accounts know.
    if (!permit || permit.granted || device !== undefined) return permit
    logExceeded(caller)
    throw rateLimited(failures, permit.resetMs)
  }

  /** A limit that may be skipped must not block the request in any of its steps. */
  async #unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (this.#options.allowOnOutage && isOutage(error)) return undefined
      throw error
    }
  }

  /**
   * How the tables name an address or a client: without a data key it tells neither who tried nor from where. By the
   * first key, so that counts and known clients stay through every rotation.
   */
  async #digest(label: string, ...parts: [string, ...string[]]): Promise<string> {
    return keyedDigest(await this.#options.dataKeys.first(), label, ...parts)
  }

  #clientOf({ address }: Caller): Promise<string> {
    return this.#digest('counted client', address)
  }

  async #knownDigest({ address }: Caller, id: string): Promise<string> {
    return (await this.#digest('known client', id, address)).slice(0, KNOWN_DIGEST)
  }

  async #isKnownAddress(caller: Caller, { id, knownAddresses }: Owner): Promise<boolean> {
    const digest = await this.#knownDigest(caller, id)
    return isKnownAddress(knownAddresses, digest, this.#options.clock())
  }

  async #knownDevice(caller: Caller, owner: MarkedAccount): Promise<string | undefined> {
    const cookie = deviceCookieOf(caller)
    if (cookie === undefined) return undefined
    return passOver(() => deviceOf(cookie, owner, this.#findKey))
  }
}

/** Letters of a known address's digest: 72 bits, which no one can search without the key. */
const KNOWN_DIGEST = 12

/** Does what helps a person to sign in; an outage of it must not stop them. */
async function passOver<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!isOutage(error)) throw error
    return undefined
  }
}
