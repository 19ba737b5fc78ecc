import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Clock, epochSeconds } from '../clock.js'
import { isOutage } from '../problem.js'
import type { Random } from '../random.js'
import { AttemptCounter, type CountedAttempt } from './attempt-counter.js'
import { clientAddress, type Limit, logExceeded, rateLimited } from './rate-limit.js'

export interface AccountLimitOptions {
  readonly account: Limit
  readonly allowOnOutage: boolean
  readonly clock: Clock
  readonly random: Random
}

/** How long an address stays known to an account after a sign-in from it. */
const KNOWN_MS = 30 * 86_400_000

/** One counted attempt on an account. Call exactly one of the two when its outcome is known, or neither. */
export interface Attempt {
  /** The password was right: the attempt does not count, and the address becomes a known one. */
  succeeded(): Promise<void>
  /** The attempt came to no answer, by our own fault: it does not count. */
  abandoned(): Promise<void>
}

/**
 * A limit on failed passwords by account. All strangers share one count; an address that the owner has
 * signed in from has a count of its own to fall back on, so that who hammers an account from elsewhere
 * does not lock its owner out. The attempt is counted before the password is looked at, which keeps the
 * limit exact under parallel guesses and spares argon2.
 */
export default fp<AccountLimitOptions>(
  async function accountLimit(app, { account, allowOnOutage, clock, random }) {
    const { database } = app
    const table = app.tables.rateLimits
    const counter = new AttemptCounter({ ...account, database, table, clock, random })

    const isKnown = async (key: string): Promise<boolean> => {
      const item = await database.get(table, { key })
      return item !== undefined && (item.ttl as number) * 1000 > clock()
    }

    const admit = async (subject: string, known: string): Promise<CountedAttempt> => {
      const shared = await counter.count(subject)
      if (shared.admitted) return shared
      if (!(await isKnown(known))) throw rateLimited(account, shared.resetMs)
      const own = await counter.count(known)
      if (own.admitted) return own
      throw rateLimited(account, own.resetMs)
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

    app.decorate('limitAccount', async (request: FastifyRequest, email: string) => {
      const subject = `account#${digest(email)}`
      const known = `${subject}#${clientAddress(request)}`
      const counted = await unlessAway(() => admit(subject, known)).catch((error: unknown) => {
        if (!isOutage(error)) logExceeded(request)
        throw error
      })
      const abandoned = async () => {
        if (counted) await unlessAway(() => counter.takeBack(counted))
      }
      const remember = () => {
        const ttl = epochSeconds(clock() + KNOWN_MS)
        return unlessAway(() => database.put({ TableName: table, Item: { key: known, ttl } }))
      }
      return {
        abandoned,
        async succeeded() {
          await Promise.all([abandoned(), remember()])
        },
      }
    })
  },
  { name: 'account-limit', fastify: '5.x', dependencies: ['dynamodb'] },
)

/** Addresses of people do not belong in the keys of a table of counters. */
const digest = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('base64url')

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy. */
    limitAccount(request: FastifyRequest, email: string): Promise<Attempt>
  }
}
