import type { Part } from '../dynamodb/part.js'
import type { MailRequests } from '../email/requests.js'
import type { Outbox } from '../email/outbox.js'
import type { Doer } from '../email/notices.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import { Problem } from '../http/problem.js'
import type { TicketMaker } from '../tickets/ticket-maker.js'
import { ACCOUNT_DISABLED, USER_NOT_FOUND } from '../users/errors.js'
import type { AddressedUser } from '../users/user.js'

export interface PasswordOffersDependencies {
  readonly requests: Pick<MailRequests, 'assertConfigured' | 'write'>
  readonly tickets: Pick<TicketMaker, 'issue'>
  readonly outbox: Outbox
  readonly usersTable: string
}

/**
 * Mails of administrators with which users choose a new password. The link is that of a forgotten password, and no
 * administrator ever sees it (ASVS 6.4.6), the command line included, which reads no ticket key. Strangers have no share in how many there are.
 */
export class PasswordOffers {
  readonly #dependencies: PasswordOffersDependencies

  constructor(dependencies: PasswordOffersDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} MAIL_NOT_CONFIGURED. */
  assertConfigured(): void {
    this.#dependencies.requests.assertConfigured()
  }

  /**
   * Sends the mail.
   * @param alongside is written in the same transaction.
   * @throws {Problem} ACCOUNT_DISABLED: there the link would be good for nothing; USER_NOT_FOUND; and what `alongside` throws.
   */
  async send(doer: Doer, user: AddressedUser, alongside: readonly Part[]): Promise<void> {
    const { requests, usersTable } = this.#dependencies
    const parts = await this.parts(doer, user)
    const guard = unlessErased(usersTable, user.id, () => new Problem(USER_NOT_FOUND))
    await requests.write([...alongside, ...parts, guard])
  }

  /** The mail alone, for the transaction that makes the account. @throws {Problem} ACCOUNT_DISABLED. */
  async parts({ language }: Doer, user: AddressedUser): Promise<readonly Part[]> {
    if (user.status !== 'active') throw new Problem(ACCOUNT_DISABLED)
    const { tickets, outbox } = this.#dependencies
    const to = user.email
    const { ticket, item } = await tickets.issue({ kind: 'password-reset', address: to, user })
    const mail = outbox.item({ kind: 'password-offer', to, isDecoy: false, language, ticket })
    return [{ item }, { item: mail }]
  }
}
