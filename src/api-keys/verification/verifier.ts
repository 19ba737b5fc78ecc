import { BoundedMap } from '../../lib/bounded-map.js'
import type { Clock } from '../../lib/clock.js'
import { addressRanges, type AddressRanges } from '../../lib/address-ranges.js'
import { ADDRESS_NOT_ALLOWED, apiKeyProblem, refusedKey } from './errors.js'
import { hashKey, type KeyPrefix, type ParsedKey, parseKey, sameHash } from './format.js'
import type { ApiKeyRecord, ApiKeyRefusal } from './record.js'

/** A key and whether its owner is in good standing, read consistently in one round trip. */
export interface FoundKey {
  readonly record: ApiKeyRecord
  readonly ownerActive: boolean
}

export interface ApiKeyVerifierOptions {
  readonly keyPrefix: KeyPrefix
  readonly find: (key: ParsedKey) => Promise<FoundKey | undefined>
  readonly clock: Clock
  /** How long an answer of `find` is trusted, milliseconds: the longest that a revocation takes. */
  readonly cacheMs: number
}

interface Entry {
  /** Counts reads: tells whether one began after another moment, which a clock can't. */
  readonly serial: number
  readonly readAt: number
  readonly found: FoundKey | undefined
  readonly allowed: AddressRanges | undefined
}

const MAX_KEYS = 5000
const MAX_TEXTS = 5000

/**
 * The one verifier of API keys. A mistyped key costs no read, a burst on one key costs one, and unknown
 * keys are remembered apart, so that inventing keys pushes no real one out.
 *
 * A secret that a remembered key does not have may be one that was made since: it is looked up once, in a
 * read that begins after it was presented, so that a rotation never refuses the new secret.
 */
export class ApiKeyVerifier {
  readonly #options: ApiKeyVerifierOptions
  readonly #known = new BoundedMap<string, Entry>(MAX_KEYS)
  readonly #unknown = new BoundedMap<string, Entry>(MAX_KEYS)
  readonly #reading = new Map<string, Promise<Entry>>()
  /** Hashes of whole keys that were presented lately; hashing again would cost more than all the rest. */
  readonly #hashes = new BoundedMap<string, { parsed: ParsedKey; hash: string }>(MAX_TEXTS)

  /** Hashes that were wrong, by the entry that was read to tell. */
  readonly #refused = new BoundedMap<string, Entry>(MAX_TEXTS)
  #reads = 0

  constructor(options: ApiKeyVerifierOptions) {
    this.#options = options
  }

  /**
   * @param address where the request comes from.
   * @returns the key, without a promise where it is known: this is the hot path.
   * @throws {Problem} API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_DISABLED, ADDRESS_NOT_ALLOWED.
   */
  verify(text: string, address: string): ApiKeyRecord | Promise<ApiKeyRecord> {
    const { parsed, hash } = this.#present(text)
    const entry = this.#fresh(parsed.keyId)
    if (entry) {
      const refusal = this.#refuse(entry, hash)
      if (!this.#mayBeNewer(entry, hash, refusal)) return conclude(entry, refusal, address)
    }
    return this.#lookUp(parsed, hash).then((found) =>
      conclude(found, this.#refuse(found, hash), address),
    )
  }

  /** What was read of a key is out of date; a read that is under way is not remembered. */
  forget(keyId: string): void {
    this.#known.delete(keyId)
    this.#unknown.delete(keyId)
    this.#reading.delete(keyId)
  }

  /** The same for every key that a user owns, or whose reserved scopes they gave. */
  forgetUser(userId: string): void {
    const isTheirs = ({ found }: Entry) =>
      found?.record.ownerId === userId || found?.record.reserved?.giverId === userId
    this.#known.deleteWhere(isTheirs)
    this.#reading.clear()
  }

  async #lookUp(key: ParsedKey, hash: string): Promise<Entry> {
    const readsBefore = this.#reads
    let entry = await this.#read(key)
    const beganEarlier = entry.serial <= readsBefore
    if (beganEarlier && this.#mayBeNewer(entry, hash)) entry = await this.#read(key)
    if (this.#mayBeNewer(entry, hash)) this.#refused.set(hash, entry)
    return entry
  }

  #refuse({ found }: Entry, hash: string): ApiKeyRefusal | undefined {
    return refuse(found, hash, this.#options.clock())
  }

  /** Whether the secret may have been made after the key was read. */
  #mayBeNewer(entry: Entry, hash: string, refusal = this.#refuse(entry, hash)): boolean {
    return refusal === 'wrong_secret' && this.#refused.get(hash) !== entry
  }

  #present(text: string): { parsed: ParsedKey; hash: string } {
    const known = this.#hashes.get(text)
    if (known) return known
    const parsed = parseKey(this.#options.keyPrefix, text)
    if (!parsed) throw refusedKey('malformed')
    const presented = { parsed, hash: hashKey(text) }
    this.#hashes.set(text, presented)
    return presented
  }

  #fresh(keyId: string): Entry | undefined {
    const entry = this.#known.get(keyId) ?? this.#unknown.get(keyId)
    if (!entry) return undefined
    const age = this.#options.clock() - entry.readAt
    return age >= 0 && age < this.#options.cacheMs ? entry : undefined
  }

  #read(key: ParsedKey): Promise<Entry> {
    const underWay = this.#reading.get(key.keyId)
    if (underWay) return underWay
    const reading = this.#find(key)
    this.#reading.set(key.keyId, reading)
    const isCurrent = () => this.#reading.get(key.keyId) === reading
    reading.then(
      (entry) => {
        if (isCurrent()) this.#remember(key, entry)
      },
      () => {
        if (isCurrent()) this.#reading.delete(key.keyId)
      },
    )
    return reading
  }

  async #find(key: ParsedKey): Promise<Entry> {
    // The clock is read first: a revocation during the read must not be remembered as younger than it is.
    const readAt = this.#options.clock()
    const serial = ++this.#reads
    const found = await this.#options.find(key)
    return { serial, readAt, found, allowed: addressRanges(found?.record.allowedCidrs) }
  }

  #remember({ keyId }: ParsedKey, entry: Entry): void {
    this.forget(keyId)
    const place = entry.found ? this.#known : this.#unknown
    place.set(keyId, entry)
  }
}

function conclude(
  { found, allowed }: Entry,
  refusal: ApiKeyRefusal | undefined,
  address: string,
): ApiKeyRecord {
  if (refusal !== undefined) throw refusedKey(refusal)
  if (allowed && !allowed.includes(address)) {
    throw apiKeyProblem(ADDRESS_NOT_ALLOWED, { cause: 'address' })
  }
  return (found as FoundKey).record
}

/** @returns why a key is not good now. The secret is judged first: only its holder may learn the rest. */
export function refuse(
  found: FoundKey | undefined,
  hash: string,
  now: number,
): ApiKeyRefusal | undefined {
  if (!found) return 'unknown'
  return matches(found.record, hash, now) ? refuseStanding(found, now) : 'wrong_secret'
}

/** @returns why a key is not good now, even for the holder of its secret. */
export function refuseStanding(
  { record, ownerActive }: FoundKey,
  now: number,
): ApiKeyRefusal | undefined {
  if (record.status !== 'active') return record.status
  if (!ownerActive) return 'owner_disabled'
  if (record.expiresAt !== undefined && record.expiresAt <= now) return 'expired'
  return undefined
}

/**
 * Until when a secret of the key is good in itself, milliseconds: for ever, to the end of a rotation's
 * overlap, or of the term that a leaked one is left. 0 for what is no secret of the key.
 */
export function secretEnd(record: ApiKeyRecord, hash: string): number {
  const { oldSecrets = [], secretUntil = Infinity } = record
  if (sameHash(hash, record.hash)) return secretUntil
  return oldSecrets.find((old) => sameHash(hash, old.hash))?.until ?? 0
}

const matches = (record: ApiKeyRecord, hash: string, now: number): boolean =>
  now < secretEnd(record, hash)
