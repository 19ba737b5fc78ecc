import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import type { ListedSession } from '../sessions/listed.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Directory, DirectoryPage } from '../users/directory.js'
import { normalizeEmail } from '../users/email.js'
import { listedUser, type ListedUser, type Status } from '../users/user.js'
import type { Administration } from './administration.js'
import { cursorInvalid } from './errors.js'

export interface PeopleDependencies {
  readonly directory: Directory
  readonly administration: Pick<Administration, 'findById'>
  readonly sessions: Pick<Sessions, 'list'>
  /** When a person has signed in last, ISO 8601. */
  readonly lastSignIn: (userId: string) => Promise<string | undefined>
}

export interface ListWanted {
  /** `cursor` of the page before. */
  readonly cursor?: string | undefined
  readonly status?: Status | undefined
}

export interface SearchWanted {
  /** The beginning of an address, or a whole id. */
  readonly query: string
  readonly cursor?: string | undefined
}

export interface PeoplePage {
  readonly users: ListedUser[]
  /** Leads on to the next page; null where there is none. */
  readonly cursor: string | null
}

export interface SessionsOfUser {
  /** The most recently used first. */
  readonly sessions: readonly ListedSession[]
  /** ISO 8601. */
  readonly lastSignInAt: string | null
}

/** The place of an account in the list: when it was made, and its id. */
const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]+Z#[A-Za-z0-9_-]{1,64}$/
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** All people, for administrators. `admin` is the session of one (`assertAdmin`), whose looks are recorded. */
export class People {
  readonly #dependencies: PeopleDependencies

  constructor(dependencies: PeopleDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * The newest accounts first.
   * @throws {Problem} VALIDATION_FAILED for a cursor that no page has given.
   */
  async list(
    { log }: Pick<Caller, 'log'>,
    { account }: LiveSession,
    { cursor, status }: ListWanted,
  ): Promise<PeoplePage> {
    const after = placeOf(cursor, (place) => PLACE.test(place))
    const page = await this.#dependencies.directory.list({ status, after })
    report(log, 'authz_admin', { userId: account.id, action: 'list', targetId: undefined })
    return pageOf(page)
  }

  /**
   * Accounts whose addresses begin with what is searched for, and the one whose id it is.
   * @throws {Problem} VALIDATION_FAILED for a cursor that no page of this search has given.
   */
  async search(
    { log }: Pick<Caller, 'log'>,
    { account }: LiveSession,
    { query, cursor }: SearchWanted,
  ): Promise<PeoplePage> {
    const { directory } = this.#dependencies
    const prefix = normalizeEmail(query)
    const after = placeOf(cursor, (place) => place.startsWith(prefix))
    const [byId, page] = await Promise.all([
      cursor === undefined && ID.test(query) ? directory.find(query) : undefined,
      directory.search(prefix, { after }),
    ])
    report(log, 'authz_admin', { userId: account.id, action: 'search', targetId: undefined })
    const others = page.users.filter(({ id }) => id !== byId?.id)
    return pageOf({ ...page, users: [...(byId ? [byId] : []), ...others] })
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async sessionsOf(
    { log }: Pick<Caller, 'log'>,
    { account }: LiveSession,
    id: string,
  ): Promise<SessionsOfUser> {
    const { administration, sessions, lastSignIn } = this.#dependencies
    const user = await administration.findById(id)
    const [listed, lastSignInAt = null] = await Promise.all([sessions.list(user), lastSignIn(id)])
    report(log, 'authz_admin', { userId: account.id, action: 'find_sessions', targetId: id })
    return { sessions: listed, lastSignInAt }
  }
}

const pageOf = ({ users, last }: DirectoryPage): PeoplePage => ({
  users: users.map(listedUser),
  cursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
})

/** @throws {Problem} VALIDATION_FAILED. */
function placeOf(
  cursor: string | undefined,
  isPlace: (place: string) => boolean,
): string | undefined {
  if (cursor === undefined) return undefined
  const place = Buffer.from(cursor, 'base64url').toString()
  if (isPlace(place)) return place
  throw cursorInvalid()
}
