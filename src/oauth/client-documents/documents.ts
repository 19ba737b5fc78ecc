import type { Resources } from '../../access-tokens/resources.js'
import { type EventLog, report } from '../../events/report.js'
import {
  ForeignFailure,
  type ForeignFault,
  type ForeignFetcher,
  type ForeignJson,
} from '../../http/foreign/fetcher.js'
import { Problem, type ProblemType } from '../../http/problem.js'
import { digest } from '../../lib/digest.js'
import { BoundedMap } from '../../lib/bounded-map.js'
import type { Clock } from '../../lib/clock.js'
import { logExceeded, rateLimited } from '../../limits/by-address.js'
import { type RateLimitCounter, windowOf } from '../../limits/counter.js'
import type { AppClient } from '../clients/client.js'
import { isDocumentUrl, readClientDocument } from './document.js'

const CLIENT_DOCUMENT_INVALID: ProblemType = {
  status: 400,
  code: 'CLIENT_DOCUMENT_INVALID',
  title: 'What the app says about itself can’t be used',
}

/** Documents that a person may have us fetch. */
const FETCHES = { max: 10, windowMs: 3_600_000 }

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const MAX_REMEMBERED = 1000

export interface ClientDocumentsOptions {
  readonly issuer: string
  readonly fetcher: Pick<ForeignFetcher, 'getJson'>
  readonly resources: Resources
  readonly counter: Pick<RateLimitCounter, 'add'>
  readonly log: EventLog
  readonly clock: Clock
}

/** What came of a fetch, and until when that is good. */
interface Outcome {
  readonly client?: AppClient
  readonly fault?: Fault
  readonly until: number
}

interface Fault {
  readonly reason: string
  readonly detail: string
}

/**
 * Clients that no one has registered: their `client_id` is the URL of a document that describes them
 * (draft-ietf-oauth-client-id-metadata-document). A document is fetched for a person who is signed in, ten times an
 * hour at most, and each instance remembers it: a good one for a minute to a day, as its `Cache-Control` says, and
 * a failure for a minute.
 */
export class ClientDocuments {
  readonly #options: ClientDocumentsOptions
  readonly #outcomes = new BoundedMap<string, Outcome>(MAX_REMEMBERED)
  readonly #fetching = new Map<string, Promise<Outcome>>()

  constructor(options: ClientDocumentsOptions) {
    this.#options = options
  }

  /**
   * The client that a document describes. The identifier of an API is none: its tokens would be taken for those of the
   * API (RFC 9068 §5).
   * @param userId who is signed in. Without one nothing is fetched, and all that is known is that the client is public:
   * to swap a code, or to refresh, it needs no more.
   * @returns undefined for a `client_id` that can't be the URL of a document.
   * @throws {Problem} CLIENT_DOCUMENT_INVALID, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async find(clientId: string, userId?: string): Promise<AppClient | undefined> {
    const { resources, clock } = this.#options
    if (!isDocumentUrl(clientId) || resources.find(clientId)) return undefined
    if (userId === undefined) return clientOf(clientId, UNREAD, clock())
    const known = this.#outcomes.get(clientId)
    const isFresh = known !== undefined && clock() < known.until
    const { client, fault } = isFresh ? known : await this.#fetch(clientId, userId)
    if (client) return client
    throw new Problem(CLIENT_DOCUMENT_INVALID, {
      ...(fault && { detail: fault.detail, cause: fault.reason }),
    })
  }

  async #fetch(clientId: string, userId: string): Promise<Outcome> {
    const { log } = this.#options
    await this.#count(userId)
    const fetching = this.#fetching.get(clientId) ?? this.#remember(clientId)
    this.#fetching.set(clientId, fetching)
    const outcome = await fetching
    if (outcome.fault) {
      const { hostname: host } = new URL(clientId)
      report(log, 'client_document_refused', { userId, host, reason: outcome.fault.reason })
    }
    return outcome
  }

  async #count(userId: string): Promise<void> {
    const { counter, log, clock } = this.#options
    const subject = `client-documents#${digest(userId)}`
    const { key, endsAt, resetMs } = windowOf(subject, FETCHES.windowMs, clock())
    if ((await counter.add(key, 1, endsAt)) <= FETCHES.max) return
    logExceeded({ log, route: '/oauth/authorize' })
    throw rateLimited(FETCHES, resetMs)
  }

  async #remember(clientId: string): Promise<Outcome> {
    try {
      const outcome = await this.#read(clientId)
      this.#outcomes.set(clientId, outcome)
      return outcome
    } finally {
      this.#fetching.delete(clientId)
    }
  }

  async #read(clientId: string): Promise<Outcome> {
    const { fetcher, issuer, clock } = this.#options
    try {
      const fetched = await fetcher.getJson(clientId)
      const read = readClientDocument(fetched.value, clientId, issuer)
      const now = clock()
      return 'wrong' in read
        ? { fault: wrongMember(read.wrong), until: now + MINUTE_MS }
        : { client: clientOf(clientId, read, now), until: now + lifetimeOf(fetched) }
    } catch (error) {
      if (!(error instanceof ForeignFailure)) throw error
      const { fault: reason } = error
      const detail = `The document at client_id ${FAULTS[reason]}.`
      return { fault: { reason, detail }, until: clock() + MINUTE_MS }
    }
  }
}

/** What is known of a client whose document has not been read. */
const UNREAD = { name: '', redirectUris: [] }

const clientOf = (
  clientId: string,
  document: Pick<AppClient, 'name' | 'redirectUris'>,
  createdAt: number,
): AppClient => ({
  ...document,
  clientId,
  postLogoutRedirectUris: [],
  isFirstParty: false,
  isPublic: true,
  isDocument: true,
  secrets: [],
  createdAt,
  createdBy: 'document',
})

const lifetimeOf = ({ cacheControl = '' }: ForeignJson): number => {
  const isKept = !/\bno-(?:store|cache)\b/i.test(cacheControl)
  const seconds = /(?:^|[\s,])max-age="?(\d+)/i.exec(cacheControl)?.[1]
  return Math.min(DAY_MS, Math.max(MINUTE_MS, isKept ? Number(seconds ?? 0) * 1000 : 0))
}

const wrongMember = (name: string): Fault => ({
  reason: name,
  detail:
    name === 'document'
      ? 'The document at client_id is not a JSON object.'
      : `In the document at client_id, ${name} is not what it must be.`,
})

const FAULTS: Readonly<Record<ForeignFault, string>> = {
  url: 'is not at an https URL of a public name',
  own_host: 'is at this service itself',
  name: 'is at a name that does not exist',
  address: 'is at an address that is not public',
  unreachable: 'can’t be read',
  late: 'did not come within two seconds',
  redirect: 'redirects, which is not followed',
  status: 'was not answered with 200',
  type: 'is not application/json in UTF-8',
  encoding: 'is compressed',
  size: 'is larger than 5 kB',
  json: 'is not JSON',
}
