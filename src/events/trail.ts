import { createHash } from 'node:crypto'
import { type Clock, epochSeconds } from '../lib/clock.js'
import { cutText } from '../lib/display-name.js'
import { newId, type Random } from '../lib/random.js'
import type { CountedName, EventFields, EventName, TrailName } from './catalogue.js'

export interface TrailOptions {
  /** The table of events. */
  readonly table: string
  /** How long an item is kept, milliseconds. */
  readonly keptMs: number
  readonly clock: Clock
  readonly random: Random
}

/** Where something is done from. */
export interface Place {
  readonly ip?: string | undefined
  readonly userAgent?: string | undefined
}

/** Who does something, where it is neither the person themselves nor another user, whose id is kept then. */
export const OTHER_ACTORS = ['command-line', 'key-holder', 'service', 'stranger'] as const
export type OtherActor = (typeof OTHER_ACTORS)[number]

/** What the trail keeps of an event beside what the log tells. */
export interface TrailFacts {
  /** Who did it, where the fields do not say so: another actor, or the id of a user. */
  readonly by?: string
  /** What it takes to do again what was taken away. Never a secret, and never an e-mail address. */
  readonly facts?: Facts
}

/** What was refused: of an account, or of none. */
export interface Tried {
  readonly userId?: string | undefined
  /** What was typed to name an account, such as an address; it chooses the decoy. */
  readonly tried: string
}

export type Facts = Readonly<Record<string, unknown>>

/** Names an item of the table of events. */
export interface EventKey {
  readonly userId: string
  readonly eventId: string
}

/** An item of the audit trail, in the table of events. */
export interface TrailItem extends Place {
  /** Whose trail it is in: the account that the event is about; of an app, the administrator who changed it. */
  readonly userId: string
  /** The time, and what tells events of one time apart. */
  readonly eventId: string
  readonly event: EventName
  /** ISO 8601. Of counted refusals, the last one. */
  readonly at: string
  /** The id of an administrator, or another actor; missing where it was the person of the account. */
  readonly actorId?: string
  readonly facts?: Facts
  /** Of refusals: how many there were in the hour. */
  readonly times?: number
}

const HOUR_MS = 3_600_000
const MAX_USER_AGENT = 256

/** Partition keys of refusals that no account had, which no trail has. */
const DECOY_PREFIX = 'REFUSED#'
/** Many, so that those who try unknown addresses at once do not meet at one item. */
const DECOYS = 64

/** Fields that say who, which an item says by its own attributes. */
const WHO = new Set(['userId', 'targetId', 'ownerId'])

/**
 * The audit trail: items of the table of events, each written in the transaction of the change that it tells of, so that
 * neither is ever there without the other.
 */
export class Trail {
  readonly #options: TrailOptions

  constructor(options: TrailOptions) {
    this.#options = options
  }

  /**
   * The part that keeps an event, for the transaction that makes the change.
   * @param fields as the log has them.
   */
  part<N extends TrailName>(
    place: Place,
    event: N,
    fields: EventFields[N],
    { by, facts }: TrailFacts = {},
  ) {
    const { table, clock, random } = this.#options
    const told: EventFields[N] & Told = fields
    const { userId: doer, targetId, ownerId } = told
    const userId = targetId ?? ownerId ?? doer
    if (userId === undefined) throw new Error(`the event ${event} is about no account`)
    const actorId = by ?? (doer === userId ? undefined : doer)
    const at = new Date(clock()).toISOString()
    const rest = Object.entries({ ...told, ...facts }).filter(
      ([name, value]) => !WHO.has(name) && value !== undefined,
    )
    const item: TrailItem = {
      userId,
      eventId: `${at}#${newId(random)}`,
      event,
      at,
      ...(actorId !== undefined && { actorId }),
      ...bounded(place),
      ...(rest.length > 0 && { facts: Object.fromEntries(rest) }),
    }
    return { item: { Put: { TableName: table, Item: { ...item, ttl: this.#ttl() } } } }
  }

  /**
   * The update that counts a refusal: one item an account, event and hour, however many a stranger causes. Where no
   * account had what was tried, a decoy is counted, so that the calls are the same.
   */
  counting(place: Place, event: CountedName, { tried, userId = decoyOf(tried) }: Tried) {
    const { table, clock } = this.#options
    const now = clock()
    const hour = new Date(Math.floor(now / HOUR_MS) * HOUR_MS).toISOString()
    const attributes: Omit<TrailItem, 'userId' | 'eventId' | 'times'> & { readonly ttl: number } = {
      event,
      at: new Date(now).toISOString(),
      actorId: 'stranger' satisfies OtherActor,
      ...bounded(place),
      ttl: this.#ttl(),
    }
    const names = Object.keys(attributes)
    return {
      TableName: table,
      Key: { userId, eventId: `${hour}#${event}` },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')} ADD times :one`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [`:${name}`, value]),
        ),
        ':one': 1,
      },
    }
  }

  #ttl(): number {
    const { clock, keptMs } = this.#options
    return epochSeconds(clock() + keptMs)
  }
}

interface Told {
  readonly userId?: string
  readonly targetId?: string | undefined
  readonly ownerId?: string | undefined
}

const bounded = ({ ip, userAgent }: Place): Place => ({
  ...(ip !== undefined && { ip }),
  ...(userAgent && { userAgent: cutText(userAgent, MAX_USER_AGENT) }),
})

const decoyOf = (tried: string): string =>
  `${DECOY_PREFIX}${createHash('sha256').update(tried).digest().readUInt8() % DECOYS}`
