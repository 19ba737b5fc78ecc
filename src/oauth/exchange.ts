import type { Caller } from '../http/caller.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { newId, type Random } from '../lib/random.js'
import { keyIdOf, originOf } from '../sessions/origin.js'
import type { RefreshKeys } from '../sessions/refresh-token.js'
import { belongsTo } from '../sessions/session.js'
import type { AppGrant } from '../sessions/app-grant.js'
import type { Grant, Sessions } from '../sessions/sessions.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import { type CodeRecord, type Codes, type KeptCode, userIdOfCode } from './authorization/codes.js'
import type { AppClient } from './clients/client.js'
import type { Consents } from './consents.js'
import { invalidGrant, OAuthError } from './errors.js'

export interface ExchangeDependencies {
  readonly codes: Codes
  readonly users: Pick<UsersStore, 'findById'>
  readonly sessions: Sessions
  readonly consents: Pick<Consents, 'notWithdrawnSince'>
  readonly trail: Trail
  readonly keys: RefreshKeys
  readonly clock: Clock
  readonly random: Random
}

/** What an app swaps for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export interface Redemption {
  readonly code: string
  readonly redirectUri: string
  readonly verifier: string
}

/** Finds the app that a request comes from, which has proved to be itself. */
export type Authenticate = () => Promise<AppClient>

/** A code that its app has proved to be its own. */
export interface ProvedCode {
  readonly code: string
  readonly kept: KeptCode
  readonly user: User
  readonly client: AppClient
}

/** RFC 7636 §4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/

/** Pages send twice: how long after the first a second redemption from the same place is no theft, milliseconds. */
const TWICE_MS = 5000

/**
 * Codes for sessions. A code works once: the first request that names it spends it, right or wrong. A second one that
 * proves as much as the first can only come from a thief, or from the app that a thief was faster than, and ends the
 * session that the code has made (RFC 6749 §4.1.2).
 */
export class Exchange {
  readonly #dependencies: ExchangeDependencies

  constructor(dependencies: ExchangeDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @param authenticate finds the app, at the same time as the code is read.
   * @throws {OAuthError} invalid_grant, and what the app is refused with.
   * @throws {Problem} STORE_UNAVAILABLE: the code is good as before.
   */
  async prove(
    caller: Caller,
    redemption: Redemption,
    authenticate: Authenticate,
  ): Promise<ProvedCode> {
    const { codes, users } = this.#dependencies
    const { code } = redemption
    const userId = userIdOfCode(code)
    const [client, kept, user] = await Promise.all([
      authenticate(),
      userId === undefined ? undefined : codes.find(code),
      userId === undefined ? undefined : users.findById(userId),
    ])
    if (!kept) throw invalidGrant()
    const isProved = isRight(kept.detail, client, redemption)
    if (isProved) await this.#judgeSecond(caller, kept)
    if (!codes.isOpen(kept)) throw invalidGrant()
    if (!isProved) await codes.spend(code)
    if (!isProved || !user || !belongsTo(kept.detail, user)) throw invalidGrant()
    return { code, kept, user, client }
  }

  /**
   * Opens the session of the app and uses the code up, in one transaction.
   * @throws {OAuthError} invalid_grant where another request was faster, the browser's session has ended, or its person
   * has taken back a consent since.
   */
  async open(caller: Caller, { code, kept, user }: ProvedCode, app: AppGrant): Promise<Grant> {
    const { codes, sessions, consents, trail, keys, random } = this.#dependencies
    const { sessionId: parentSessionId, amr, authTime } = kept.detail
    const [userId, sessionId] = [user.id, newId(random)]
    const login = { userId, sessionId, clientId: app.clientId }
    const origin = originOf(await keys.refreshKey(), caller)
    try {
      const grant = await sessions.openForApp(user, caller, {
        ...{ sessionId, app, amr, authTime },
        ...(!app.scopes.includes('offline_access') && { parentSessionId }),
        alongside: [
          codes.consumption(code, { sessionId, origin }, invalidGrant),
          sessions.whileAlive({ userId, sessionId: parentSessionId }, invalidGrant),
          consents.notWithdrawnSince(userId, codes.issuedAt(kept), invalidGrant),
          trail.part(caller, 'authn_app_login', login),
        ],
      })
      report(caller.log, 'authn_app_login', login)
      return grant
    } catch (error) {
      const now = error instanceof OAuthError ? await codes.find(code) : undefined
      if (now) await this.#judgeSecond(caller, now)
      throw error
    }
  }

  /** A code that has made no session yet, or was spent on a request that was wrong, has nothing to end. */
  async #judgeSecond(
    caller: Caller,
    { detail: { userId }, usedBy: sessionId, usedAt, usedFrom }: KeptCode,
  ): Promise<void> {
    const { sessions, clock, keys } = this.#dependencies
    if (sessionId === undefined || usedAt === undefined || usedFrom === undefined) return
    if (clock() - usedAt < TWICE_MS) {
      const key = await keys.refreshKeyById(keyIdOf(usedFrom))
      if (key && originOf(key, caller) === usedFrom) return
    }
    const reuse = { reason: 'AUTHORIZATION_CODE', userId, sessionId }
    if (await sessions.end(caller, 'authn_token_reuse', reuse))
      report(caller.log, 'authn_token_reuse', reuse)
  }
}

const isRight = (
  { clientId, redirectUri, challenge }: CodeRecord,
  client: AppClient,
  redemption: Redemption,
): boolean =>
  client.clientId === clientId &&
  redemption.redirectUri === redirectUri &&
  VERIFIER.test(redemption.verifier) &&
  digest(redemption.verifier) === challenge
