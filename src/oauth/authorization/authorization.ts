import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import { withQuery } from '../../lib/with-query.js'
import type { LiveSession } from '../../sessions/session.js'
import type { Sessions } from '../../sessions/sessions.js'
import { factorKindsOf } from '../../users/factors.js'
import type { AppClient } from '../clients/client.js'
import type { Clients } from '../clients/clients.js'
import type { Consents } from '../consents.js'
import { OAuthError } from '../errors.js'
import type { Codes } from './codes.js'
import { type Decision, decideOn } from './decision.js'
import { AuthorizationRefusal, clientUnknown } from './errors.js'
import type { ParkedRequests } from './parked.js'
import { addresseeOf, once, requestOf } from './reader.js'
import type { Addressee, AskedRequest, OpenRequest, Parameters } from './request.js'
import type { Served } from './scopes.js'

export interface AuthorizationDependencies {
  readonly issuer: string
  readonly served: Served
  readonly parked: ParkedRequests
  readonly codes: Codes
  readonly clients: Pick<Clients, 'find'>
  readonly consents: Pick<Consents, 'isCovered'>
  readonly sessions: Pick<Sessions, 'needsSecondFactor'>
  readonly database: Database
}

/** What a page may say of a request before its person has signed in. */
export interface Glimpse {
  /** Missing for an app that is known by a document alone, which is read for people who are signed in. */
  readonly appName?: string
  /** Where the answer will go; missing likewise. */
  readonly redirectUri?: string
  readonly loginHint: string | undefined
}

/** An app asks for a person (RFC 6749 §4.1, OpenID Connect Core 1.0 §3.1): from its request to the code. */
export class Authorization {
  readonly #dependencies: AuthorizationDependencies

  constructor(dependencies: AuthorizationDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @param session whose request it is: without one no document of a client is fetched.
   * @throws {Problem} CLIENT_UNKNOWN, REDIRECT_URI_UNKNOWN: nothing may be redirected; STORE_UNAVAILABLE.
   * @throws {AuthorizationRefusal} for all that is wrong beside those, with where to redirect it to.
   */
  async read(asked: AskedRequest, session?: LiveSession): Promise<OpenRequest> {
    const { clients, served } = this.#dependencies
    const { parameters } = asked
    const clientId = once(parameters, 'client_id')
    const client = clientId && (await clients.find(clientId, session?.account.id))
    if (!client) throw clientUnknown()
    const to = addresseeOf(parameters, client)
    const request = this.#orRefuse(client, to, () => requestOf(parameters, { client, to, served }))
    return { ...asked, client, request }
  }

  /**
   * Finds and reads a parked request for a person who is signed in.
   * @returns undefined for a request that is unknown, expired, answered, or another browser's.
   * @throws what `read` throws.
   */
  async open(
    id: string,
    browser: string | undefined,
    session: LiveSession,
  ): Promise<OpenRequest | undefined> {
    const found = await this.#dependencies.parked.find(id, browser)
    return found && this.read(found, session)
  }

  /** What the pages of sign-in may say of a parked request; undefined for one that is over, and for a faulty one. */
  async glimpse(id: string, browser: string | undefined): Promise<Glimpse | undefined> {
    const found = await this.#dependencies.parked.find(id, browser)
    if (!found) return undefined
    const loginHint = once(found.parameters, 'login_hint')
    if (isDocument(found.parameters)) return { loginHint }
    try {
      const { client, request } = await this.read(found)
      return { appName: client.name, redirectUri: request.redirectUri, loginHint }
    } catch (error) {
      if (error instanceof AuthorizationRefusal) return undefined
      throw error
    }
  }

  /**
   * What comes next.
   * @throws {AuthorizationRefusal} where there is no way on, `prompt=none` included.
   */
  decide(open: OpenRequest, session: LiveSession | undefined): Decision {
    const { consents, sessions } = this.#dependencies
    const { client, request } = open
    const situation = session && {
      ...session,
      canStepUp:
        factorKindsOf(session.account).length > 0 || sessions.needsSecondFactor(session.account),
      isCovered: consents.isCovered(session.account, client, request),
    }
    return this.#orRefuse(client, request, () => decideOn(open, situation))
  }

  /**
   * Grants it: one write.
   * @param alongside what is kept with it, such as a consent.
   * @returns where the browser goes on to, with the code.
   * @throws {Problem} AUTHORIZATION_REQUEST_ENDED, STORE_UNAVAILABLE.
   */
  async grant(
    { id, client, request }: OpenRequest,
    { account, sessionId, amr, authTime }: LiveSession,
    alongside: readonly Part[] = [],
  ): Promise<string> {
    const { codes, parked, database } = this.#dependencies
    const code = codes.newCode(account.id)
    const { redirectUri, challenge, nonce, scopes, resources } = request
    const person = { userId: account.id, epoch: account.epoch, sessionId, amr, authTime }
    const app = { clientId: client.clientId, clientName: client.name, redirectUri, challenge }
    await database.writeTogether([
      ...codes.putting(code, { ...person, ...app, nonce, scopes, resources }),
      ...(id === undefined ? [] : [parked.answering(id)]),
      ...alongside,
    ])
    return this.#answerUrl(request, { code })
  }

  /**
   * Refuses it, as its person wants.
   * @returns where the browser goes on to, with the error.
   * @throws {Problem} AUTHORIZATION_REQUEST_ENDED, STORE_UNAVAILABLE.
   */
  async refuse({ id, request }: OpenRequest): Promise<string> {
    const { parked, database } = this.#dependencies
    if (id !== undefined) await database.writeTogether([parked.answering(id)])
    return this.#refusalUrl(request, new OAuthError('access_denied', 'The person said no'))
  }

  /** What a rule says against a request is told to its app. */
  #orRefuse<T>(client: AppClient, to: Addressee, rule: () => T): T {
    try {
      return rule()
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      throw new AuthorizationRefusal(error, this.#refusalUrl(to, error), client.isDocument)
    }
  }

  #refusalUrl(to: Addressee, { code: error, message }: OAuthError): string {
    return this.#answerUrl(to, { error, error_description: message })
  }

  /**
   * The redirect URI, letter for letter as it was registered, with an answer in its query. Each says who gives it, so
   * that no app takes an answer of one server for that of another (RFC 9207).
   */
  #answerUrl({ redirectUri, state }: Addressee, answer: Readonly<Record<string, string>>): string {
    return withQuery(redirectUri, { ...answer, state, iss: this.#dependencies.issuer })
  }
}

/** Whether the client is known by a document alone, which is fetched for people who are signed in. */
export const isDocument = (parameters: Parameters): boolean =>
  once(parameters, 'client_id')?.startsWith('https://') === true
