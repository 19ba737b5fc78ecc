import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import { emailKey, profileKey } from '../dynamodb/user-items.js'
import type { Clock } from '../lib/clock.js'
import { keyedDigest } from '../lib/keyed-digest.js'
import { newId } from '../lib/random.js'
import { settleAll } from '../lib/settle-all.js'
import { isImported } from '../users/imported/mark.js'
import { isFree, type Reservation } from '../users/reservation.js'
import type { UsersStore } from '../users/store.js'
import type { AddressedUser, User } from '../users/user.js'
import type { FirebaseParameters } from './firebase.js'
import type { Line } from './lines.js'
import { type ReadRow, readRow, RowError } from './read-row.js'

export interface ImporterDependencies {
  readonly database: Database
  /** Of users. */
  readonly table: string
  readonly store: UsersStore
  /** The first data key: the id of an account follows from it and the address. */
  readonly key: { readonly secret: string }
  readonly clock: Clock
  /** What is written with an account: the event, and a mail where people are to choose a password. */
  readonly alongside: (user: AddressedUser) => Promise<readonly Part[]>
}

export interface ImportOptions {
  readonly firebase?: FirebaseParameters | undefined
  /** Whether passwords are left behind. */
  readonly withoutHashes?: boolean
  /** Whether nothing is written. */
  readonly isDryRun?: boolean
  /** Ends the run after what is being written. */
  readonly stop?: AbortSignal
}

/** What became of a line. */
export type Outcome =
  | {
      readonly line: number
      /** `unchanged`: an import has made the account before. */
      readonly outcome: 'created' | 'unchanged'
      readonly id: string
      readonly externalId?: string | undefined
    }
  | { readonly line: number; readonly outcome: 'refused'; readonly reason: string }

/** Lines that are looked up at once: of each, a profile and a reservation, of a hundred that a batch holds. */
const BATCH = 50
/** Accounts of a transaction, of at most five items each: a request alone takes longer than what it writes. */
const WRITTEN_TOGETHER = 10
/** A write that meets another of the same address looks again. */
const TRIES = 3

/** The account or the address is not as it was read. */
class RowConflict extends Error {}

interface Candidate {
  readonly line: number
  readonly row: ReadRow
  readonly user: AddressedUser
}

/**
 * Makes accounts of people of another service. The id of each follows from its address, under a key of the service: a line
 * that comes again finds its account, also after changes, and of an erased person it finds the tombstone.
 */
export class Importer {
  readonly #dependencies: ImporterDependencies

  constructor(dependencies: ImporterDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Yields the outcomes of some lines at a time, in their order, once their accounts are made.
   * @throws {Problem} STORE_UNAVAILABLE. What was made until then stays, and another run goes on.
   */
  async *run(lines: AsyncIterable<Line>, options: ImportOptions = {}): AsyncGenerator<Outcome[]> {
    const seen = new Map<string, number>()
    let batch: Line[] = []
    for await (const line of lines) {
      batch.push(line)
      if (batch.length < BATCH) continue
      yield await this.#import(batch, seen, options)
      batch = []
      if (options.stop?.aborted) return
    }
    if (batch.length > 0) yield await this.#import(batch, seen, options)
  }

  async #import(
    lines: readonly Line[],
    seen: Map<string, number>,
    options: ImportOptions,
  ): Promise<Outcome[]> {
    const read = lines.map((line) => this.#read(line, seen, options))
    const candidates = read.filter(isCandidate)
    const found = await this.#find(candidates.map(({ user }) => user))
    const judged = read.map((one) => (isCandidate(one) ? (this.#judge(one, found) ?? one) : one))
    const made = await this.#make(judged.filter(isCandidate), options)
    return judged.map((one) => (isCandidate(one) ? (made.get(one.line) ?? createdOf(one)) : one))
  }

  #read(line: Line, seen: Map<string, number>, options: ImportOptions): Candidate | Outcome {
    const { clock } = this.#dependencies
    const { firebase, withoutHashes = false } = options
    try {
      const row = readRow(line, { firebase, withoutHashes, now: clock() })
      const before = seen.get(row.email)
      if (before !== undefined) throw new RowError(`email: is the one of line ${before}`)
      seen.set(row.email, line.number)
      return { line: line.number, row, user: this.#userOf(row) }
    } catch (error) {
      if (error instanceof RowError) return refusal(line.number, error.message)
      throw error
    }
  }

  #userOf({
    email,
    name,
    createdAt,
    passwordHash,
    isVerified,
    isDisabled,
  }: ReadRow): AddressedUser {
    const digest = keyedDigest(this.#dependencies.key, 'import', email)
    return {
      id: newId((bytes) => Buffer.from(digest, 'base64url').subarray(0, bytes)),
      email,
      // The administrator's word, as that of `verify-address`.
      ...(isVerified && { emailVerified: true, provedByMail: true as const }),
      ...(name !== undefined && { name }),
      role: 'user',
      status: isDisabled ? 'disabled' : 'active',
      ...(passwordHash !== undefined && { passwordHash }),
      epoch: 0,
      createdAt,
    }
  }

  /** Profiles and reservations, by their keys. */
  async #find(users: readonly AddressedUser[]): Promise<ReadonlyMap<unknown, object>> {
    const { database, table } = this.#dependencies
    if (users.length === 0) return new Map()
    const keys = users.flatMap(({ id, email }) => [profileKey(id), emailKey(email)])
    return new Map((await database.getMany(table, keys)).map((item) => [item.pk, item]))
  }

  /** @returns undefined for an account that can be made. */
  #judge({ line, row, user }: Candidate, found: ReadonlyMap<unknown, object>): Outcome | undefined {
    const { id, email } = user
    const profile = found.get(profileKey(id).pk) as Partial<User> | undefined
    const reservation = (found.get(emailKey(email).pk) ?? {}) as Reservation
    if (profile && profile.status === undefined) {
      return refusal(line, 'the account of this address was deleted, and is not made again')
    }
    if (profile) {
      const { passwordHash } = profile
      const isOther = row.passwordHash !== undefined && row.passwordHash !== passwordHash
      return passwordHash !== undefined && isImported(passwordHash) && isOther
        ? refusal(line, 'passwordHash: the account was imported before with another one')
        : { line, outcome: 'unchanged', id, externalId: row.externalId }
    }
    return isFree(reservation, this.#dependencies.clock())
      ? undefined
      : refusal(line, 'email: an account that no import made has it')
  }

  /** @returns what became of each line. */
  async #make(
    candidates: readonly Candidate[],
    { isDryRun = false }: ImportOptions,
  ): Promise<ReadonlyMap<number, Outcome>> {
    if (isDryRun) return new Map()
    const count = Math.ceil(candidates.length / WRITTEN_TOGETHER)
    const groups = Array.from({ length: count }, (_, at) =>
      candidates.slice(at * WRITTEN_TOGETHER, (at + 1) * WRITTEN_TOGETHER),
    )
    const outcomes = await settleAll(groups.map((group) => this.#makeTogether(group)))
    return new Map(outcomes.flat().map((outcome) => [outcome.line, outcome]))
  }

  /** In one transaction; where one line meets another writer, each alone. */
  async #makeTogether(candidates: readonly Candidate[]): Promise<Outcome[]> {
    try {
      await this.#write(candidates)
      return candidates.map(createdOf)
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error
      return settleAll(candidates.map((candidate) => this.#makeAlone(candidate)))
    }
  }

  async #makeAlone(candidate: Candidate): Promise<Outcome> {
    for (let tries = 0; tries < TRIES; tries++) {
      const outcome = this.#judge(candidate, await this.#find([candidate.user]))
      if (outcome) return outcome
      try {
        await this.#write([candidate])
        return createdOf(candidate)
      } catch (error) {
        if (!(error instanceof RowConflict)) throw error
      }
    }
    return refusal(candidate.line, 'the account keeps changing; import the line again')
  }

  /** @throws {RowConflict} */
  async #write(candidates: readonly Candidate[]): Promise<void> {
    const { database, store, alongside } = this.#dependencies
    const onConflict = () => new RowConflict()
    const parts = await Promise.all(
      candidates.map(async ({ user }) => [
        ...store.creation(user).map(({ item }): Part => ({ item, onConflict })),
        ...(await alongside(user)),
      ]),
    )
    await database.writeTogether(parts.flat())
  }
}

const isCandidate = (one: Candidate | Outcome): one is Candidate => 'user' in one

const createdOf = ({ line, row, user }: Candidate): Outcome => ({
  ...{ line, outcome: 'created', id: user.id },
  externalId: row.externalId,
})

const refusal = (line: number, reason: string): Outcome => ({ line, outcome: 'refused', reason })
