import type { Database } from '../dynamodb/database.js'
import { asRead } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { profileKey } from '../dynamodb/user-items.js'
import { report } from '../events/report.js'
import type { Place, Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Consent, Consents as KeptConsents } from '../users/consent.js'
import type { User } from '../users/user.js'
import type { AuthorizationRequest } from './authorization/request.js'
import type { AppClient } from './clients/client.js'
import { CONSENT_NOT_FOUND } from './errors.js'

export interface ConsentsDependencies {
  readonly database: Database
  /** The table of users. */
  readonly table: string
  readonly sessions: Pick<Sessions, 'list' | 'hasOfApp' | 'endOfApp'>
  readonly trail: Trail
  readonly clock: Clock
}

/** What an app asks a person for. */
export type Asked = Pick<AuthorizationRequest, 'redirectUri' | 'scopes' | 'resources'>

/** What an app may do, as its person sees it. */
export interface ListedConsent extends Omit<Consent, 'redirectHost'> {
  readonly clientId: string
  /** Missing for an app that asks each time: nothing is kept but the sessions that it has. */
  readonly redirectHost?: string
}

/** Of an account: the one given longest ago goes for one more, and its app asks again. */
const MAX_CONSENTS = 50

/**
 * What people have allowed apps. A consent is for a person, a client, scopes, APIs and the host that answers go to: what
 * is new about any of them is asked for again. It is kept where that host is known by its certificate alone. An app on
 * a phone or a computer is only what it says it is, and so is one whose document was fetched: they ask each time
 * (RFC 8252 §8.6, RFC 9700 §4.14).
 */
export class Consents {
  readonly #dependencies: ConsentsDependencies

  constructor(dependencies: ConsentsDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether an app needs no answer of its person: it has one, or is the team's own. */
  isCovered({ consents }: Pick<User, 'consents'>, client: AppClient, asked: Asked): boolean {
    if (!isKept(client, asked)) return false
    if (client.isFirstParty && client.redirectUris.every(isHttps)) return true
    const consent = consents?.[client.clientId]
    return (
      consent?.redirectHost === hostOf(asked.redirectUri) &&
      asked.scopes.every((scope) => consent.scopes.includes(scope)) &&
      asked.resources.every((resource) => consent.resources.includes(resource))
    )
  }

  /**
   * The part of a transaction that keeps what a person has just allowed. The transaction goes on without it where the
   * account has changed meanwhile: the app asks again then. The event is kept in any case.
   */
  keeping(place: Place, user: User, client: AppClient, asked: Asked): Part[] {
    const { table, trail, clock } = this.#dependencies
    const about = { userId: user.id, clientId: client.clientId }
    const event = trail.part(place, 'consent_given', about)
    if (!isKept(client, asked)) return [event]
    const { id, epoch, status, consents } = user
    const { scopes, resources } = asked
    const redirectHost = hostOf(asked.redirectUri)
    const consent = { name: client.name, scopes, resources, redirectHost, at: clock() }
    const condition = asRead({ epoch, status, consents })
    const item = {
      Update: {
        TableName: table,
        Key: profileKey(id),
        UpdateExpression: 'SET consents = :next',
        ...condition,
        ExpressionAttributeValues: {
          ...condition.ExpressionAttributeValues,
          ':next': bounded({ ...consents, [client.clientId]: consent }),
        },
      },
    }
    return [{ item, onConflict: 'omit' }, event]
  }

  /** What apps have that are not the team's own, the latest first: consents, and sessions without one. */
  async list(user: User): Promise<ListedConsent[]> {
    const listed = new Map<string, ListedConsent>()
    for (const { app, createdAt: at } of await this.#dependencies.sessions.list(user)) {
      if (!app || app.isFirstParty || listed.has(app.clientId)) continue
      const { clientId, name, scopes, resources } = app
      listed.set(clientId, { clientId, name, scopes, resources, at })
    }
    for (const [clientId, consent] of Object.entries(user.consents ?? {})) {
      listed.set(clientId, { clientId, ...consent })
    }
    return [...listed.values()].sort((a, b) => b.at - a.at)
  }

  /**
   * The part of a transaction that takes a code only while nothing has been taken back since it was made. Codes live for
   * a minute: so one time is kept for all apps, and another app that comes just then asks again.
   */
  notWithdrawnSince(userId: string, at: number, onConflict: () => Error): Part {
    const profile = { TableName: this.#dependencies.table, Key: profileKey(userId) }
    const condition = {
      ConditionExpression:
        'attribute_exists(epoch) AND (attribute_not_exists(consentWithdrawnAt) OR consentWithdrawnAt < :at)',
      ExpressionAttributeValues: { ':at': at },
    }
    return { item: { ConditionCheck: { ...profile, ...condition } }, onConflict }
  }

  /**
   * Takes back what an app was allowed, and ends the sessions and codes that it has of the person.
   * @throws {Problem} CONSENT_NOT_FOUND, STORE_UNAVAILABLE.
   */
  async withdraw(caller: Caller, { id: userId }: Pick<User, 'id'>, clientId: string) {
    const { database, table, sessions, trail, clock } = this.#dependencies
    const withdrawing = {
      TableName: table,
      Key: profileKey(userId),
      UpdateExpression: 'SET consentWithdrawnAt = :now',
      ConditionExpression: 'attribute_exists(epoch)',
      ExpressionAttributeValues: { ':now': clock() },
    }
    const event = [trail.part(caller, 'consent_withdrawn', { userId, clientId })]
    const { conflict } = await database.updateWith(
      {
        ...withdrawing,
        UpdateExpression: `${withdrawing.UpdateExpression} REMOVE consents.#client`,
        ConditionExpression: 'attribute_exists(consents.#client)',
        ExpressionAttributeNames: { '#client': clientId },
      },
      event,
    )
    if (conflict) {
      const hasSessions = await sessions.hasOfApp({ id: userId }, clientId)
      await database.updateWith(withdrawing, hasSessions ? event : [])
      if (!hasSessions) throw new Problem(CONSENT_NOT_FOUND)
    }
    // They go last, so that an app that comes back in between is asked about again.
    await sessions.endOfApp({ id: userId }, clientId)
    report(caller.log, 'consent_withdrawn', { userId, clientId })
  }
}

/** Where an answer goes to, as people can read it. */
const hostOf = (redirectUri: string): string => new URL(redirectUri).host

const isHttps = (uri: string): boolean => uri.startsWith('https:')

const isKept = ({ isDocument = false }: AppClient, { redirectUri }: Asked): boolean =>
  isHttps(redirectUri) && !isDocument

function bounded(consents: KeptConsents): KeptConsents {
  const latest = Object.entries(consents).sort(([, a], [, b]) => b.at - a.at)
  return Object.fromEntries(latest.slice(0, MAX_CONSENTS))
}
