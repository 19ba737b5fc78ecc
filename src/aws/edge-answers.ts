import { randomUUID } from 'node:crypto'
import { corsHeaders } from '../http/cors-headers.js'
import {
  problemBody,
  type ProblemExtras,
  type ProblemType,
  SERVICE_UNAVAILABLE,
} from '../http/problem.js'
import { isForPerson } from '../http/navigation.js'
import { edgePage } from './edge-page.js'
import { type ApiEvent, headerOf } from './events.js'

/** What both payload formats accept in return. */
export interface ApiResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const FORBIDDEN: ProblemType = { status: 403, code: 'FORBIDDEN', title: 'Forbidden' }
const NOT_FOUND: ProblemType = { status: 404, code: 'NOT_FOUND', title: 'Not found' }
const BAD_REQUEST: ProblemType = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'The request could not be read',
}
const NOT_IMPLEMENTED: ProblemType = {
  status: 501,
  code: 'NOT_IMPLEMENTED',
  title: 'The method is not known',
}

const ROOT_ONLY =
  'The service must be at the root of its domain: use the stage $default, and no base path in a mapping of a custom domain.'

/**
 * Answers that the app can't give or has no part in: problem details (RFC 9457), or a page for a person, with the
 * headers of all others.
 */
export class EdgeAnswers {
  readonly #headers: Readonly<Record<string, string>>
  readonly #origins: readonly string[]
  readonly #issuer: string | undefined

  /**
   * @param origins as `CORS_ORIGINS` has them: a page reads these answers too.
   * @param issuer explains them; undefined where the setting is no URL.
   */
  constructor(
    securityHeaders: Readonly<Record<string, string>>,
    origins: readonly string[],
    issuer: string | undefined,
  ) {
    this.#headers = securityHeaders
    this.#origins = origins
    this.#issuer = issuer
  }

  /** The app has not started, or is too slow. */
  unavailable(event: ApiEvent): Promise<ApiResult> {
    return this.#problem(SERVICE_UNAVAILABLE, event, { headers: { 'retry-after': '2' } })
  }

  /** The operator has closed the service for a while. */
  closed(event: ApiEvent): Promise<ApiResult> {
    return this.#problem(SERVICE_UNAVAILABLE, event, { headers: { 'retry-after': '60' } })
  }

  /** For a call that the app must not see. */
  forbidden(event: ApiEvent): Promise<ApiResult> {
    return this.#problem(FORBIDDEN, event)
  }

  unknownMethod(event: ApiEvent): Promise<ApiResult> {
    return this.#problem(NOT_IMPLEMENTED, event)
  }

  /** For a stage or base path that the service can't be under. */
  notAtRoot(event: ApiEvent): Promise<ApiResult> {
    return this.#problem(NOT_FOUND, event, { detail: ROOT_ONLY })
  }

  /** For a call in a shape that is not known. */
  unreadable(): Promise<ApiResult> {
    return this.#problem(BAD_REQUEST, undefined)
  }

  /** For what is no call; its sender reads nothing. */
  done(): ApiResult {
    return { statusCode: 200, headers: this.#headers, body: '' }
  }

  async #problem(
    type: ProblemType,
    event: ApiEvent | undefined,
    extras: ProblemExtras = {},
  ): Promise<ApiResult> {
    const headers = {
      ...this.#headers,
      ...corsHeaders(this.#origins, event && headerOf(event, 'origin')),
      ...extras.headers,
    }
    if (event && isForPerson({ headers: telling(event) })) {
      const page = await edgePage(type.status, event, this.#headers['content-security-policy'])
      return {
        statusCode: type.status,
        headers: { ...headers, ...page.headers },
        body: page.body,
      }
    }
    const requestId = event?.requestContext.requestId ?? randomUUID()
    return {
      statusCode: type.status,
      headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
      body: JSON.stringify(problemBody(type, requestId, this.#issuer, extras)),
    }
  }
}

/** The headers that tell a person from a program. */
const telling = (event: ApiEvent) =>
  Object.fromEntries(
    ['sec-fetch-mode', 'authorization', 'x-api-key', 'accept'].map((name) => [
      name,
      headerOf(event, name),
    ]),
  )
