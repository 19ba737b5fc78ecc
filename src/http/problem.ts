import type { ErrorCode } from './error-codes.js'

/** What went wrong, as data: one constant for each kind of failure, kept beside the rule that raises it. */
export interface ProblemType {
  /** HTTP status. */
  readonly status: number
  /** Stable; clients switch on it. A new one needs its cause and its cure in `error-codes.ts`. */
  readonly code: ErrorCode
  /** One sentence for people: RFC 9457 `title`, repeated as `error`. */
  readonly title: string
}

/** Of a part of the service that is not there yet. */
export const SERVICE_UNAVAILABLE: ProblemType = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  title: 'Service temporarily unavailable',
}

/** One field that was refused, without the value that was sent. */
export interface FieldError {
  /** JSON pointer into the request part, e.g. `/email`. */
  readonly field: string
  readonly message: string
  /** Stable, for programs, where a field can be refused for more than one reason. */
  readonly code?: string
}

export interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>
  readonly errors?: readonly FieldError[]
  /** What to do about it, where the title does not already say. */
  readonly detail?: string
  /** What the code of a mail works with, where the way on is a code. */
  readonly flow?: string
  /** What a sign-in goes on with that lacks a second factor. */
  readonly ticket?: string
  /** The second factors that its person has. */
  readonly factors?: readonly string[]
  /** How strong and how fresh a sign-in must be (RFC 9470 §3). */
  readonly acrValues?: readonly string[]
  readonly maxAge?: number
  /** Where a person goes on to, whom a page tells of it. */
  readonly wayOn?: string
  readonly cause?: unknown
}

/** The page on which an issuer explains a failure to people (RFC 9457 §3.1.1). */
const typeOf = (code: ErrorCode, issuer: string | undefined): string =>
  issuer === undefined ? 'about:blank' : `${issuer}/errors#${code}`

/**
 * RFC 9457 problem details, as every answer has them.
 * @param issuer base URL of the service that explains the failure.
 */
export const problemBody = (
  { status, code, title }: ProblemType,
  requestId: string,
  issuer: string | undefined,
  { detail, errors, flow, ticket, factors, acrValues, maxAge }: ProblemExtras = {},
) => ({
  type: typeOf(code, issuer),
  title,
  status,
  detail,
  code,
  error: title,
  errors,
  flow,
  ticket,
  factors,
  acrValues,
  maxAge,
  requestId,
})

/** Thrown anywhere below a route; `plugins/errors` renders it as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly type: ProblemType
  readonly extras: ProblemExtras

  constructor(type: ProblemType, extras: ProblemExtras = {}) {
    super(type.title, { cause: extras.cause })
    this.name = 'Problem'
    this.type = type
    this.extras = extras
  }
}

/**
 * A dependency did not answer. Never a 401 and never a pass; the client keeps what it holds and retries.
 * `cause` is logged by name only.
 */
export function storeUnavailable(cause: unknown, retryAfterSeconds = 2): Problem {
  return new Problem(
    { status: 503, code: 'STORE_UNAVAILABLE', title: 'Service temporarily unavailable' },
    { headers: { 'retry-after': String(retryAfterSeconds) }, cause },
  )
}

/** Whether a failure is our own trouble, which says nothing about the request. */
export const isOutage = (error: unknown): boolean =>
  error instanceof Problem && error.type.status === 503
