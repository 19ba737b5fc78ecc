import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Clock, epochSeconds } from '../lib/clock.js'
import { isOutage, type Problem } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import { settleAll } from '../lib/settle-all.js'
import { AttemptCounter, type CountedAttempt } from './attempts.js'
import { DEVICE_COOKIE } from '../http/cookies.js'
import { deviceOf, type FindKey, type MarkKey, withMark } from './known-devices.js'
import { clientAddress, type Limit, logExceeded, rateLimited } from './by-address.js'

export interface AccountLimitOptions {
  readonly account: Limit
  /** Failed sign-ins of one address, over all accounts. */
  readonly failures: Limit
  readonly allowOnOutage: boolean
  /** The server keys that the marks of known browsers are made with. */
  readonly keys: {
    refreshKey(): Promise<MarkKey>
    refreshKeyById(id: string): Promise<MarkKey | undefined>
  }
  readonly clock: Clock
  readonly random: Random
}

/** How long an address stays known to an account after its owner has proved themself there. */
const KNOWN_MS = 30 * 86_400_000

/** Whose password it is. */
interface Owner {
  readonly id: string
  readonly email: string
}

/** What an attempt is counted against. */
interface Guarded {
  readonly subject: string
  readonly email: string
}

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

/** A place in a count, and what it is worth. */
interface Admission {
  readonly counted: CountedAttempt
  readonly refusal?: Problem
  readonly isOpen?: boolean
}

/**
 * A limit on failed passwords by account. All strangers share one count; an address that the owner has
 * signed in from, and a browser, have counts of their own to fall back on, so that an attacker elsewhere
 * does not lock the owner out. The attempt is counted before the password is looked at, which keeps the
 * limit exact under parallel guesses.
 *
 * Which addresses an account knows is for nobody to learn who has not been in it: when the tries that strangers
 * share are used up, each address has the same few more, all refused as the rest are and in the same time, but for
 * the right password from a known one. Only a browser with the account's own cookie hears that a password is wrong.
 */
export default fp<AccountLimitOptions>(
  async function accountLimit(app, options) {
    const { account, failures, allowOnOutage, keys, clock, random } = options
    const findKey: FindKey = (id) => keys.refreshKeyById(id)
    const { database } = app
    const table = app.tables.rateLimits
    const counter = new AttemptCounter({ ...account, database, table, clock, random })
    const addresses = new AttemptCounter({ ...failures, database, table, clock, random })

    const isKnown = async (key: string): Promise<boolean> => {
      const item = await database.get(table, { key })
      return item !== undefined && (item.ttl as number) * 1000 > clock()
    }

    const countKnownDevice = async (
      { subject, email }: Guarded,
      request: FastifyRequest,
    ): Promise<CountedAttempt | undefined> => {
      const device = await knownDevice(request, email)
      if (device === undefined) return undefined
      return counter.count(`${subject}#device#${device}`, clientAddress(request))
    }

    const admitSignIn = async (guarded: Guarded, request: FastifyRequest): Promise<Admission> => {
      const client = clientAddress(request)
      const shared = await counter.count(guarded.subject, client)
      if (shared.admitted) return { counted: shared }
      const device = await countKnownDevice(guarded, request)
      if (device?.admitted) return { counted: device }
      const refusal = rateLimited(account, shared.resetMs)
      const left = account.max - shared.fromClient
      if (left <= 0) throw refusal
      const [counted, isOpen] = await settleAll([
        counter.count(`${guarded.subject}#${client}`, client, left),
        isKnown(knownKey(request, guarded.email)),
      ])
      if (counted.admitted) return { counted, refusal, isOpen }
      throw refusal
    }

    /** For whoever holds a session, who sees the account's addresses. */
    const admitPasswordChange = async (
      guarded: Guarded,
      request: FastifyRequest,
    ): Promise<Admission> => {
      const client = clientAddress(request)
      const shared = await counter.count(guarded.subject, client)
      if (shared.admitted) return { counted: shared }
      if (await isKnown(knownKey(request, guarded.email))) {
        const own = await counter.count(`${guarded.subject}#${client}`, client)
        if (own.admitted) return { counted: own }
      }
      const device = await countKnownDevice(guarded, request)
      if (device?.admitted) return { counted: device }
      throw rateLimited(account, shared.resetMs)
    }

    const knownDevice = async (
      request: FastifyRequest,
      email: string,
    ): Promise<string | undefined> => {
      try {
        return await deviceOf(deviceCookie(request), accountKey(email), findKey)
      } catch (error) {
        if (isOutage(error)) return undefined
        throw error
      }
    }

    /** A limit that may be skipped must not stand in the way in any of its steps. */
    const unlessAway = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work()
      } catch (error) {
        if (allowOnOutage && isOutage(error)) return undefined
        throw error
      }
    }

    const attempt = async (
      request: FastifyRequest,
      limit: AttemptCounter,
      admitting: () => Promise<Admission | undefined>,
    ): Promise<SignInAttempt> => {
      const admission = await unlessAway(admitting).catch((error: unknown) => {
        if (!isOutage(error)) logExceeded(request)
        throw error
      })
      return {
        refusal: admission?.refusal,
        isOpen: admission?.isOpen ?? true,
        async takeBack() {
          if (admission) await unlessAway(() => limit.takeBack(admission.counted))
        },
      }
    }

    /** One password for many accounts fails at each of them once: those failures have an address in common. */
    const admitAddress = async (
      request: FastifyRequest,
      email: string,
    ): Promise<Admission | undefined> => {
      const client = clientAddress(request)
      const counted = await addresses.count(`failures#${client}`, client)
      if (counted.admitted) return { counted }
      // The others behind an address still sign in from browsers that their accounts know.
      if ((await knownDevice(request, email)) !== undefined) return undefined
      throw rateLimited(failures, counted.resetMs)
    }

    app.decorate('limitSignIn', async (request: FastifyRequest, email: string) => {
      const guarded = { subject: accountKey(email), email }
      const byAccount = await attempt(request, counter, () => admitSignIn(guarded, request))
      const counting = attempt(request, addresses, () => admitAddress(request, email))
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
    })
    app.decorate('limitPasswordChange', (request: FastifyRequest, { id, email }: Owner) =>
      attempt(request, counter, () =>
        admitPasswordChange({ subject: `password#${id}`, email }, request),
      ),
    )

    app.decorate('rememberBrowser', async (request, reply, email) => {
      const marking = { key: await keys.refreshKey(), findKey, random }
      const cookie = await withMark(deviceCookie(request), accountKey(email), marking)
      reply.writeCookie(DEVICE_COOKIE, cookie, KNOWN_MS / 1000)
    })

    app.decorate('rememberAddress', async (request: FastifyRequest, email: string) => {
      const ttl = epochSeconds(clock() + KNOWN_MS)
      try {
        await database.put({ TableName: table, Item: { key: knownKey(request, email), ttl } })
      } catch (error) {
        if (!isOutage(error)) throw error
      }
    })
  },
  { name: 'account-limit', fastify: '5.x', dependencies: ['dynamodb', 'cookies'] },
)

/** A cookie that was sent twice is none: it decides about nothing but tries. */
function deviceCookie(request: FastifyRequest): string | undefined {
  try {
    return request.readCookie(DEVICE_COOKIE)
  } catch {
    return undefined
  }
}

/** Addresses of people do not belong in the keys of a table of counters. */
const accountKey = (email: string): string =>
  `account#${createHash('sha256').update(email.toLowerCase()).digest('base64url')}`

const knownKey = (request: FastifyRequest, email: string): string =>
  `${accountKey(email)}#${clientAddress(request)}`

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy. */
    limitSignIn(request: FastifyRequest, email: string): Promise<SignInAttempt>
    /**
     * For whoever holds a session: counted apart from sign-in, which strangers can exhaust.
     * @throws {Problem} as `limitSignIn`.
     */
    limitPasswordChange(request: FastifyRequest, owner: Owner): Promise<Attempt>
    /**
     * For whoever has just proved that the account is theirs, however: from now on the address is a known one.
     * An outage is no reason to turn them away, and is passed over.
     */
    rememberAddress(request: FastifyRequest, email: string): Promise<void>
    /** The same for a browser that keeps cookies: it is known wherever it goes. */
    rememberBrowser(request: FastifyRequest, reply: FastifyReply, email: string): Promise<void>
  }
}
