import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'

export const OUTCOMES = ['allowed', 'limited', 'forbidden'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Calls of one day (UTC) by outcome. */
export type DailyUsage = { readonly day: string } & Readonly<Record<Outcome, number>>

type Counts = Partial<Record<Outcome, number>>

interface Tally {
  /** Counts by day (since the epoch) and outcome since the last write. */
  readonly counts: Map<number, Counts>
  flushedAt: number
  lastUsedAt: number
}

const DAY = 86_400_000
const FLUSH_INTERVAL = 60_000
/** How long the calls of a day are kept. */
export const USAGE_KEPT_MS = 400 * DAY
/** Keys that an instance counts at once: some 500 bytes each. */
const MAX_TALLIES = 5000
/** How many days are shown. */
const SHOWN = 30

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)
export const usageKey = (keyId: string, day: string) => `USAGE#${keyId}#${day}`

/**
 * Counts calls in memory and writes them once a minute for each key, inside a request and awaited:
 * nothing is left running when a function is frozen. What an instance counted since its last write is
 * lost when it is ended without notice: at most a minute of its calls. Past `size` keys the one that was used
 * longest ago is written and forgotten. What it wrote is counted twice where DynamoDB does not answer, since it is
 * written again a minute later. Usage is for people to
 * look at: no limit reads it (`permit-leases.ts`).
 */
export class UsageRecorder {
  readonly #database: Database
  readonly #table: string
  readonly #clock: Clock
  /** The least recently used first. */
  readonly #tallies = new Map<string, Tally>()
  readonly #size: number

  constructor(database: Database, table: string, clock: Clock, size = MAX_TALLIES) {
    this.#database = database
    this.#table = table
    this.#clock = clock
    this.#size = size
  }

  /** @returns undefined for a call that is counted in memory alone, as most are. */
  count(keyId: string, outcome: Outcome): Promise<void> | undefined {
    const now = this.#clock()
    const tally = this.#tallyOf(keyId)
    add(countsOf(tally, Math.floor(now / DAY)), outcome, 1)
    if (outcome === 'allowed') tally.lastUsedAt = now
    const isFull = this.#tallies.size > this.#size
    if (!isFull && now - tally.flushedAt < FLUSH_INTERVAL) return undefined
    return this.#write(keyId, tally, now)
  }

  async #write(keyId: string, tally: Tally, now: number): Promise<void> {
    if (now - tally.flushedAt >= FLUSH_INTERVAL) await this.#flush(keyId, tally)
    if (this.#tallies.size > this.#size) await this.#forgetOldest()
  }

  /** Writes all that is counted: for a process that is told to stop. */
  async flush(): Promise<void> {
    await Promise.all([...this.#tallies].map(([keyId, tally]) => this.#flush(keyId, tally)))
  }

  /** The last 30 days, the oldest first, days without calls included. */
  async read(keyId: string): Promise<DailyUsage[]> {
    const now = this.#clock()
    const days = Array.from({ length: SHOWN }, (_, ago) => dayOf(now - ago * DAY)).reverse()
    const items = await this.#database.getMany(
      this.#table,
      days.map((day) => ({ keyId: usageKey(keyId, day) })),
    )
    const found = new Map(items.map((item) => [item.keyId, item]))
    return days.map((day) => {
      const item = found.get(usageKey(keyId, day)) ?? {}
      const calls = OUTCOMES.map((outcome) => [outcome, Number(item[outcome] ?? 0)])
      return { day, ...(Object.fromEntries(calls) as Record<Outcome, number>) }
    })
  }

  #tallyOf(keyId: string): Tally {
    const known = this.#tallies.get(keyId)
    const tally = known ?? { counts: new Map(), flushedAt: -Infinity, lastUsedAt: 0 }
    this.#tallies.delete(keyId)
    this.#tallies.set(keyId, tally)
    return tally
  }

  async #forgetOldest(): Promise<void> {
    for (const [keyId, tally] of this.#tallies) {
      this.#tallies.delete(keyId)
      return this.#flush(keyId, tally)
    }
  }

  /** Counts that fail to be written are kept for the next time; no call fails for its statistics. */
  async #flush(keyId: string, tally: Tally): Promise<void> {
    const { lastUsedAt } = tally
    const counted = [...tally.counts]
    if (counted.length === 0) return
    tally.counts.clear()
    tally.flushedAt = this.#clock()
    await this.#add(keyId, counted, lastUsedAt).catch(() => {
      for (const [day, counts] of counted) {
        for (const outcome of OUTCOMES) add(countsOf(tally, day), outcome, counts[outcome])
      }
    })
  }

  /** What is counted of a key that is deleted by now goes: nothing would find it where its owner is erased. */
  async #add(keyId: string, counted: readonly [number, Counts][], lastUsedAt: number) {
    const key = {
      TableName: this.#table,
      Key: { keyId },
      ConditionExpression: 'attribute_exists(keyId)',
    }
    const used = {
      Update: {
        ...key,
        UpdateExpression: 'SET lastUsedAt = :at',
        ExpressionAttributeValues: { ':at': lastUsedAt },
      },
    }
    await this.#database.transactUntold({
      TransactItems: [
        ...counted.map(([day, counts]) => ({ Update: this.#adding(keyId, day, counts) })),
        lastUsedAt > 0 ? used : { ConditionCheck: key },
      ],
    })
  }

  #adding(keyId: string, day: number, counts: Counts) {
    const names = Object.keys(counts) as Outcome[]
    return {
      TableName: this.#table,
      Key: { keyId: usageKey(keyId, dayOf(day * DAY)) },
      UpdateExpression: `ADD ${names.map((name) => `#${name} :${name}`).join(', ')} SET #ttl = :ttl`,
      // `limited` is a reserved word of DynamoDB.
      ExpressionAttributeNames: {
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
        '#ttl': 'ttl',
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(names.map((name) => [`:${name}`, counts[name]])),
        ':ttl': epochSeconds(day * DAY + USAGE_KEPT_MS),
      },
    }
  }
}

function countsOf({ counts }: Tally, day: number): Counts {
  const known = counts.get(day)
  if (known) return known
  const none: Counts = {}
  counts.set(day, none)
  return none
}

function add(counts: Counts, outcome: Outcome, calls = 0): void {
  if (calls > 0) counts[outcome] = (counts[outcome] ?? 0) + calls
}
