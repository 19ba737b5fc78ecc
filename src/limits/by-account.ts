import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Caller } from '../http/caller.js'
import type { Database } from '../dynamodb/database.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import { isOutage, type Problem } from '../http/problem.js'
import { keyedDigest } from '../lib/keyed-digest.js'
import type { Random } from '../lib/random.js'
import { settleAll } from '../lib/settle-all.js'
import { AttemptCounter, type CountedAttempt } from './attempts.js'
import { type CookieName, DEVICE_COOKIE } from '../http/cookies.js'
import { deviceOf, type FindKey, withMark } from './known-devices.js'
import { type Limit, logExceeded, rateLimited } from './by-address.js'

export interface AccountLimitsOptions {
  readonly database: Database
  /** The table of counters and known clients. */
  readonly table: string
  readonly dataKeys: SecretKeyRing
  readonly account: Limit
  /** Failed sign-ins of one address, over all accounts. */
  readonly failures: Limit
  readonly allowOnOutage: boolean
  readonly clock: Clock
  readonly random: Random
}

/** How long an address stays known to an account after its owner has signed in there. */
const KNOWN_MS = 30 * 86_400_000

/**
 * Whose password it is. Tries are counted by the address that is typed; what is known belongs to the account, so
 * that the next holder of an address inherits no browser of the one before.
 */
interface Owner {
  readonly id: string
}

/** The account that has the address that was typed, found at the same time; undefined for none. */
export type Finding = Promise<{ readonly user?: Owner | undefined }>

/** One counted attempt on an account. */
export interface Attempt {
  /** The password was right, or the attempt came to no answer by our own fault: it does not count. */
  takeBack(): Promise<void>
}

/** An attempt to sign in. */
export interface SignInAttempt extends Attempt {
  /**
   * Set where strangers have no try left: what a wrong password is answered with, so that the answer does not tell
   * whether the address is a known one.
   */
  readonly refusal: Problem | undefined
  /** Whether the right password opens the account. One that does not takes as long all the same. */
  readonly isOpen: boolean
}

/** What a cookie is written to. */
interface CookieJar {
  writeCookie(name: CookieName, value: string, maxAge: number): unknown
}

/** A place in a count, and what it is worth. */
interface Admission {
  readonly counted: CountedAttempt
  readonly refusal?: Problem
  readonly isOpen?: boolean
}

/**
 * The limits on failed passwords by account. All strangers share one count; an address that the owner has
 * signed in from, and a browser, have counts of their own to fall back on, so that an attacker elsewhere
 * does not lock the owner out. The attempt is counted before the password is looked at, which keeps the
 * limit exact under parallel guesses.
 *
 * Only a person who has been in the account may learn which addresses it knows. So when the tries that strangers
 * share are used up, each address has the same few more, all refused like the rest and in the same time, except the
 * right password from a known address. Only a browser with the account's own cookie is told that a password is wrong.
 */
export class AccountLimits {
  readonly #options: AccountLimitsOptions
  readonly #accounts: AttemptCounter
  readonly #addresses: AttemptCounter
  readonly #findKey: FindKey

  constructor(options: AccountLimitsOptions) {
    const { account, failures, ...counting } = options
    this.#options = options
    this.#accounts = new AttemptCounter({ ...counting, ...account })
    this.#addresses = new AttemptCounter({ ...counting, ...failures })
    this.#findKey = (id) => options.dataKeys.byId(id)
  }

  /** @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy. */
  async limitSignIn(caller: Caller, email: string, finding: Finding): Promise<SignInAttempt> {
    const byAccount = await this.#attempt(caller, this.#accounts, () =>
      this.#admitSignIn(caller, email, finding),
    )
    const counting = this.#attempt(caller, this.#addresses, () =>
      this.#admitAddress(caller, finding),
    )
    const byAddress = await counting.catch(async (error: unknown) => {
      await byAccount.takeBack()
      throw error
    })
    return {
      ...byAccount,
      async takeBack() {
        await Promise.all([byAccount.takeBack(), byAddress.takeBack()])
      },
    }
  }

  /**
   * For the holder of a session: counted separately from sign-in, which strangers can exhaust.
   * @throws {Problem} as `limitSignIn`.
   */
  limitPasswordChange(caller: Caller, owner: Owner): Promise<Attempt> {
    return this.#attempt(caller, this.#accounts, () => this.#admitPasswordChange(caller, owner))
  }

  /**
   * Makes the address a known one, after the owner has signed in in any way. An outage is ignored: it is no
   * reason to refuse the sign-in.
   */
  async rememberAddress(caller: Caller, { id }: Owner): Promise<void> {
    const { database, table, clock } = this.#options
    await passOver(async () => {
      const key = await this.#knownKey(caller, id)
      const ttl = epochSeconds(clock() + KNOWN_MS)
      await database.put({ TableName: table, Item: { key, ttl } })
    })
  }

  /** The same for a browser that keeps cookies: it is known wherever it goes. */
  async rememberBrowser(caller: Caller, jar: CookieJar, { id }: Owner): Promise<void> {
    const { dataKeys, random } = this.#options
    await passOver(async () => {
      const marking = { key: await dataKeys.current(), findKey: this.#findKey, random }
      const cookie = await withMark(deviceCookie(caller), id, marking)
      jar.writeCookie(DEVICE_COOKIE, cookie, KNOWN_MS / 1000)
    })
  }

  async #admitSignIn(caller: Caller, email: string, finding: Finding): Promise<Admission> {
    const { account } = this.#options
    const client = await this.#clientOf(caller)
    const address = await this.#digest('counted account', email.toLowerCase())
    const subject = `account#${address}`
    const shared = await this.#accounts.count(subject, client)
    if (shared.admitted) return { counted: shared }
    const device = await this.#countKnownDevice(caller, finding, { subject, client })
    if (device?.admitted) return { counted: device }
    const refusal = rateLimited(account, shared.resetMs)
    const left = account.max - shared.fromClient
    if (left <= 0) throw refusal
    const id = await ownerOf(finding)
    const [counted, isOpen] = await settleAll([
      this.#accounts.count(`${subject}#${client}`, client, left),
      // Looked for where no account has the address too, so that the calls are the same.
      this.#isKnown(await this.#knownKey(caller, id ?? address)),
    ])
    if (counted.admitted) return { counted, refusal, isOpen }
    throw refusal
  }

  /** For the holder of a session, who sees the account's addresses anyway. */
  async #admitPasswordChange(caller: Caller, { id }: Owner): Promise<Admission> {
    const client = await this.#clientOf(caller)
    const subject = `password#${id}`
    const shared = await this.#accounts.count(subject, client)
    if (shared.admitted) return { counted: shared }
    if (await this.#isKnown(await this.#knownKey(caller, id))) {
      const own = await this.#accounts.count(`${subject}#${client}`, client)
      if (own.admitted) return { counted: own }
    }
    const finding = Promise.resolve({ user: { id } })
    const device = await this.#countKnownDevice(caller, finding, { subject, client })
    if (device?.admitted) return { counted: device }
    throw rateLimited(this.#options.account, shared.resetMs)
  }

  /** One password for many accounts fails at each of them once: those failures have an address in common. */
  async #admitAddress(caller: Caller, finding: Finding): Promise<Admission | undefined> {
    const client = await this.#clientOf(caller)
    const counted = await this.#addresses.count(`failures#${client}`, client)
    if (counted.admitted) return { counted }
    // The others behind an address still sign in from browsers that their accounts know.
    if ((await this.#knownDevice(caller, finding)) !== undefined) return undefined
    throw rateLimited(this.#options.failures, counted.resetMs)
  }

  async #attempt(
    caller: Caller,
    limit: AttemptCounter,
    admitting: () => Promise<Admission | undefined>,
  ): Promise<SignInAttempt> {
    const admission = await this.#unlessAway(admitting).catch((error: unknown) => {
      if (!isOutage(error)) logExceeded(caller)
      throw error
    })
    return {
      refusal: admission?.refusal,
      isOpen: admission?.isOpen ?? true,
      takeBack: async () => {
        if (admission) await this.#unlessAway(() => limit.takeBack(admission.counted))
      },
    }
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
   * How the table of counters names an address or a client: without a data key it tells neither who tried nor from
   * where. By the first key, so that counts and known clients stay through every rotation.
   */
  async #digest(label: string, ...parts: [string, ...string[]]): Promise<string> {
    return keyedDigest(await this.#options.dataKeys.first(), label, ...parts)
  }

  #clientOf({ address }: Caller): Promise<string> {
    return this.#digest('counted client', address)
  }

  /** Its item exists while the account knows the client. */
  async #knownKey({ address }: Caller, id: string): Promise<string> {
    return `known#${await this.#digest('known client', id, address)}`
  }

  async #isKnown(key: string): Promise<boolean> {
    const { database, table, clock } = this.#options
    const item = await database.get(table, { key })
    return item !== undefined && (item.ttl as number) * 1000 > clock()
  }

  async #countKnownDevice(
    caller: Caller,
    finding: Finding,
    { subject, client }: { readonly subject: string; readonly client: string },
  ): Promise<CountedAttempt | undefined> {
    const device = await this.#knownDevice(caller, finding)
    if (device === undefined) return undefined
    return this.#accounts.count(`${subject}#device#${device}`, client)
  }

  async #knownDevice(caller: Caller, finding: Finding): Promise<string | undefined> {
    const cookie = deviceCookie(caller)
    const id = cookie === undefined ? undefined : await ownerOf(finding)
    if (id === undefined) return undefined
    try {
      return await deviceOf(cookie, id, this.#findKey)
    } catch (error) {
      if (isOutage(error)) return undefined
      throw error
    }
  }
}

/** A failure to find it is the sign-in's own, and told there. */
async function ownerOf(finding: Finding): Promise<string | undefined> {
  try {
    return (await finding).user?.id
  } catch {
    return undefined
  }
}

/** A cookie that was sent twice is none: it decides about nothing but tries. */
function deviceCookie(caller: Caller): string | undefined {
  try {
    return caller.cookie(DEVICE_COOKIE)
  } catch {
    return undefined
  }
}

/** Does what helps a person at a later sign-in; an outage must not stop the one of now. */
async function passOver(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isOutage(error)) throw error
  }
}
