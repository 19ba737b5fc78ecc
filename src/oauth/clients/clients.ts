import { BoundedMap } from '../../lib/bounded-map.js'
import type { Clock } from '../../lib/clock.js'
import type { ClientDocuments } from '../client-documents/documents.js'
import { type AppClient, CLIENT_ID } from './client.js'
import type { ClientsStore } from './store.js'

export interface ClientsOptions {
  readonly store: ClientsStore
  readonly documents: Pick<ClientDocuments, 'find'>
  /** Those that the settings of the deployment have. */
  readonly declared: readonly AppClient[]
  /** How long an instance remembers a client, milliseconds. */
  readonly cacheMs: number
  readonly clock: Clock
}

interface Entry {
  readonly readAt: number
  readonly client: Promise<AppClient | undefined>
}

const MAX_CLIENTS = 1000

/** The clients that requests name, remembered by this instance for a while, and forgotten once it writes to them. */
export class Clients {
  readonly #options: ClientsOptions
  readonly #declared: ReadonlyMap<string, AppClient>
  readonly #entries = new BoundedMap<string, Entry>(MAX_CLIENTS)

  constructor(options: ClientsOptions) {
    this.#options = options
    this.#declared = new Map(options.declared.map((client) => [client.clientId, client]))
  }

  /**
   * @param userId who is signed in: only for them is the document read that describes an unregistered client.
   * @throws {Problem} STORE_UNAVAILABLE; of a document CLIENT_DOCUMENT_INVALID, RATE_LIMITED.
   */
  async find(clientId: string, userId?: string): Promise<AppClient | undefined> {
    if (clientId.startsWith('https://')) return this.#options.documents.find(clientId, userId)
    if (!CLIENT_ID.test(clientId)) return undefined
    const declared = this.#declared.get(clientId)
    if (declared) return declared
    const { store, cacheMs, clock } = this.#options
    const known = this.#entries.get(clientId)
    if (known && clock() - known.readAt < cacheMs) return known.client
    const client = store.find(clientId).then(unlessSuspended)
    const entry = { readAt: clock(), client }
    this.#entries.set(clientId, entry)
    client
      .then((found) => found === undefined && this.#drop(clientId, entry))
      .catch(() => this.#drop(clientId, entry))
    return client
  }

  /** The next call reads again; a read that is under way is not remembered. */
  forget(clientId: string): void {
    this.#entries.delete(clientId)
  }

  #drop(clientId: string, entry: Entry): void {
    if (this.#entries.get(clientId) === entry) this.#entries.delete(clientId)
  }
}

const unlessSuspended = (client: AppClient | undefined): AppClient | undefined =>
  client?.suspendedReason === undefined ? client : undefined
