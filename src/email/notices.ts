import type { Part } from '../dynamodb/part.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import type { Caller } from '../http/caller.js'
import { cutText } from '../lib/display-name.js'
import type { Facts, NoticeKind } from './message.js'
import type { Outbox } from './outbox.js'

/** An account, as far as a notice to it needs to know. */
export interface Noticed {
  readonly id: string
  /** Missing for an account without an address, which gets none. */
  readonly email?: string
  readonly emailVerified?: boolean
}

export interface NoticesOptions {
  /** False for a service that sends no mail. */
  readonly hasMail: boolean
  readonly outbox: Outbox
  readonly usersTable: string
}

/** Whose doing it is: the mail names the browser, and speaks the language. */
export type Doer = Pick<Caller, 'language' | 'userAgent'> & Partial<Pick<Caller, 'ip'>>

/**
 * What is told to an address that is not proved too. Anyone can make an account with the address of another person,
 * who must not get a mail for each thing that is done in it. A password, and what others do with the address, are worth
 * one: its owner can end all of it with the link that the mail has.
 */
const TO_ANY_ADDRESS: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'password-changed',
  'address-verified',
  'address-released',
  'address-freed',
  'factors-removed',
])

const MAX_USER_AGENT = 256

/** News for the owner of an account, each written with what it is about. */
export class Notices {
  readonly #options: NoticesOptions

  constructor(options: NoticesOptions) {
    this.#options = options
  }

  /**
   * The parts of the transaction that makes a change. They have no condition, so that a notice stops no change; five
   * of a kind become one when they are sent (`NoticeCounter`).
   * @returns none where the service sends no mail, or the account has no address that may get it.
   */
  of(
    { language, userAgent }: Doer,
    kind: NoticeKind,
    { id, email, emailVerified }: Noticed,
    facts: Omit<Facts, 'userAgent'> = {},
  ): Part[] {
    const { hasMail, outbox } = this.#options
    const isReachable = emailVerified === true || TO_ANY_ADDRESS.has(kind)
    if (!hasMail || email === undefined || !isReachable) return []
    const device = userAgent && { userAgent: cutText(userAgent, MAX_USER_AGENT) }
    const about = { ...facts, ...device }
    const mail = { kind, to: email, isDecoy: false, language, account: id, facts: about }
    return [{ item: outbox.item(mail) }]
  }

  /** The same for a transaction that changes nothing of the account; nothing is written where it was erased meanwhile. */
  unlessErased(...of: Parameters<Notices['of']>): Part[] {
    const parts = this.of(...of)
    const [, , { id }] = of
    return parts.length > 0 ? [...parts, unlessErased(this.#options.usersTable, id)] : []
  }
}
