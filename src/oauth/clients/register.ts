import type { Part } from '../../dynamodb/part.js'
import { Problem } from '../../http/problem.js'
import type { Clock } from '../../lib/clock.js'
import type { Random } from '../../lib/random.js'
import type { SuspendedReason } from '../../lib/suspension.js'
import { type AppClient, CLIENT_ID } from './client.js'
import { CLIENT_DECLARED, CLIENT_NOT_FOUND, CLIENT_PUBLIC, CLIENT_REFUSED } from './errors.js'
import type { RegisteredClients } from './registered.js'
import { isInForce, newClientSecret } from './secret.js'
import {
  type ClientChanges,
  clientOf,
  type ClientRules,
  type ClientSettings,
  settingsFaults,
} from './settings.js'

export interface ClientRegisterDependencies extends ClientRules {
  readonly store: RegisteredClients
  /** Apps that the settings of the deployment have. */
  readonly declared: readonly AppClient[]
  readonly clock: Clock
  readonly random: Random
}

/** An app, and the secret that it was given, which is shown once; none of a public app. */
export interface IssuedClient {
  readonly client: AppClient
  readonly secret: string | undefined
}

/** Secrets that work side by side. */
const MAX_SECRETS = 5

const ID_BYTES = 16

/**
 * The register of apps that sign people in here: what administrators do by HTTP and on pages, and the command line.
 * `alongside` is written in the same transaction.
 */
export class ClientRegister {
  readonly #dependencies: ClientRegisterDependencies

  constructor(dependencies: ClientRegisterDependencies) {
    this.#dependencies = dependencies
  }

  /** All of them, by their names. */
  async list(): Promise<AppClient[]> {
    const { store, declared } = this.#dependencies
    const clients = [...declared, ...(await store.list())]
    return clients.sort((a, b) => a.name.localeCompare(b.name))
  }

  /** @throws {Problem} CLIENT_NOT_FOUND. */
  async find(clientId: string): Promise<AppClient> {
    const { store, declared } = this.#dependencies
    const isId = CLIENT_ID.test(clientId)
    const own = declared.find((client) => client.clientId === clientId)
    const client = own ?? (isId ? await store.find(clientId) : undefined)
    if (!client) throw new Problem(CLIENT_NOT_FOUND)
    return client
  }

  /**
   * An app with an id and, unless it is public, a secret, which is not registered yet.
   * @throws {Problem} VALIDATION_FAILED.
   */
  make(settings: ClientSettings, createdBy: string): IssuedClient {
    const { clock, random } = this.#dependencies
    this.#assertFit(settings)
    const createdAt = clock()
    const clientId = `app_${random(ID_BYTES).toString('base64url')}`
    const made = settings.public === true ? undefined : newClientSecret(random, createdAt)
    const secrets = made ? [made.kept] : []
    const client = clientOf(settings, { clientId, secrets, createdAt, createdBy })
    return { client, secret: made?.secret }
  }

  /**
   * @param createdBy id of an administrator, or what else made it.
   * @throws {Problem} VALIDATION_FAILED, TOO_MANY_CLIENTS.
   */
  async register(
    settings: ClientSettings,
    createdBy: string,
    alongside: (clientId: string) => readonly Part[],
  ): Promise<IssuedClient> {
    const issued = this.make(settings, createdBy)
    const { client } = issued
    await this.#dependencies.store.create(client, alongside(client.clientId))
    return issued
  }

  /** @throws {Problem} VALIDATION_FAILED, CLIENT_NOT_FOUND, CLIENT_DECLARED. */
  async change(
    clientId: string,
    changes: ClientChanges,
    alongside: readonly Part[] = [],
  ): Promise<AppClient> {
    const client = await this.#findOwn(clientId)
    this.#assertFit(changes, client)
    const { firstParty, status, ...rest } = changes
    const stored = {
      ...rest,
      ...(firstParty !== undefined && { isFirstParty: firstParty }),
      ...(status === 'active' && { suspendedReason: null }),
    }
    await this.#dependencies.store.change(clientId, stored, alongside)
    return this.find(clientId)
  }

  /**
   * A new secret, which works at once; those before it work for the overlap, and no longer than they would have.
   * @throws {Problem} CLIENT_NOT_FOUND, also when another rotation came first; CLIENT_DECLARED, CLIENT_PUBLIC.
   */
  async rotateSecret(
    clientId: string,
    overlapMs: number,
    alongside: readonly Part[] = [],
  ): Promise<IssuedClient & { readonly secret: string }> {
    const { store, clock, random } = this.#dependencies
    const client = await this.#findOwn(clientId)
    if (client.isPublic) throw new Problem(CLIENT_PUBLIC)
    const now = clock()
    const { secret, kept } = newClientSecret(random, now)
    const before = client.secrets
      .map((old) => ({ ...old, until: Math.min(old.until ?? Infinity, now + overlapMs) }))
      .filter((old) => isInForce(old, now))
    const secrets = [kept, ...before].slice(0, MAX_SECRETS)
    await store.changeSecrets(clientId, client.secrets[0], secrets, alongside)
    return { client: { ...client, secrets }, secret }
  }

  /**
   * Its secrets, codes and refresh tokens are refused from then on, since there is no such app: at once on this
   * instance, elsewhere once what they remember is too old. Its access tokens live out their minutes.
   * @throws {Problem} CLIENT_NOT_FOUND, CLIENT_DECLARED.
   */
  async remove(clientId: string, alongside: readonly Part[] = []): Promise<void> {
    await this.#findOwn(clientId)
    await this.#dependencies.store.remove(clientId, alongside)
  }

  /** The apps that an account registered within a span of time, and that are not suspended. Milliseconds. */
  async listRecent(createdBy: string, since: number, until: number): Promise<AppClient[]> {
    const clients = await this.#dependencies.store.list()
    return clients.filter(
      (client) =>
        client.createdBy === createdBy &&
        client.createdAt >= since &&
        client.createdAt <= until &&
        client.suspendedReason === undefined,
    )
  }

  /** It is unknown from then on, as if it were removed, until an administrator enables it. */
  async suspend(
    clientId: string,
    reason: SuspendedReason,
    alongside: readonly Part[] = [],
  ): Promise<void> {
    await this.#dependencies.store.suspend(clientId, reason, alongside)
  }

  async #findOwn(clientId: string): Promise<AppClient> {
    const client = await this.find(clientId)
    if (client.isDeclared === true) {
      throw new Problem(CLIENT_DECLARED, { detail: 'Change `CLIENTS` there, and deploy.' })
    }
    return client
  }

  #assertFit(settings: ClientChanges, client?: AppClient): void {
    const errors = settingsFaults(settings, this.#dependencies, client?.resources)
    if (errors.length > 0) throw new Problem(CLIENT_REFUSED, { errors })
  }
}
