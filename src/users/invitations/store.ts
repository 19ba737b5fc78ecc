import type { Database } from '../../dynamodb/database.js'
import { asRead } from '../../dynamodb/expressions.js'
import type { Part } from '../../dynamodb/part.js'
import { type Clock, epochSeconds } from '../../lib/clock.js'
import { AccountChanged } from '../errors.js'
import { allInvitations, type Invitation, invitationKey } from './invitation.js'

export interface InvitationsStoreOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
  readonly clock: Clock
}

export interface InvitationsPage {
  /** Open ones, in no order. */
  readonly invitations: readonly Invitation[]
  /** Leads on to the next page; undefined where there is none. */
  readonly last: string | undefined
}

const PAGE = 100

/** Open invitations, one an address. One that is accepted or withdrawn is deleted. */
export class InvitationsStore {
  readonly #options: InvitationsStoreOptions

  constructor(options: InvitationsStoreOptions) {
    this.#options = options
  }

  /** The open invitation of an address. */
  async find(email: string): Promise<Invitation | undefined> {
    const { database, table, clock } = this.#options
    const found = (await database.get(table, invitationKey(email))) as Invitation | undefined
    return found && found.expiresAt > clock() ? found : undefined
  }

  /** Up to 100. @param after `last` of the page before. */
  async list(after?: string): Promise<InvitationsPage> {
    const { database, table, clock } = this.#options
    const { items, next } = await database.queryPage({
      TableName: table,
      ...allInvitations,
      Limit: PAGE,
      ...(after !== undefined && {
        ExclusiveStartKey: { ...invitationKey(''), eventId: after },
      }),
    })
    const invitations = items as unknown as Invitation[]
    return {
      invitations: invitations.filter(({ expiresAt }) => expiresAt > clock()),
      last: next && String(next.eventId),
    }
  }

  /**
   * The part that keeps an invitation in the place of the one that was read.
   * @param before undefined where none was open.
   */
  keeping(invitation: Invitation, before: Invitation | undefined): Part {
    const { table, clock } = this.#options
    const { email, expiresAt, ticketId } = invitation
    return {
      item: {
        Put: {
          TableName: table,
          Item: { ...invitationKey(email), ...invitation, ttl: epochSeconds(expiresAt) },
          ...(before
            ? asRead({ ticketId: before.ticketId })
            : {
                ConditionExpression: 'attribute_not_exists(userId) OR expiresAt <= :now',
                ExpressionAttributeValues: { ':now': clock() },
              }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found) => (found?.ticketId === ticketId ? undefined : new AccountChanged()),
    }
  }

  /**
   * The part that ends an invitation, as it was read.
   * @param refusal what its caller is told where it has been ended or renewed meanwhile.
   */
  ending({ email, ticketId }: Invitation, refusal: () => Error): Part {
    const { table } = this.#options
    const Key = invitationKey(email)
    return {
      item: { Delete: { TableName: table, Key, ...asRead({ ticketId }) } },
      onConflict: refusal,
    }
  }
}
