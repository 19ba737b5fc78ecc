/** One field that was refused. */
export interface FieldError {
  /** JSON pointer into the request, e.g. `/email`. */
  readonly field: string
  readonly message: string
}

/** What a failed answer says: the members of problem details (RFC 9457) that the contract has. */
export interface ProblemDetails {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** Stable, upper case: what programs switch on. */
  readonly code: string
  /** One sentence for people. */
  readonly error: string
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  /** Quote it when you ask for help. */
  readonly requestId?: string
  /** Seconds, of `Retry-After`. */
  readonly retryAfter?: number
  /** Levels of a sign-in, one of which is wanted. */
  readonly acrValues?: readonly string[]
  /** Seconds that may have passed since the sign-in. */
  readonly maxAge?: number
}

/** Every failure of the client. Holds nothing of the request: no token, no password, no header. */
export class LatchkeyError extends Error {
  override readonly name: string = 'LatchkeyError'
  readonly status: number
  readonly code: string
  readonly detail: string | undefined
  readonly errors: readonly FieldError[]
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined

  constructor(problem: ProblemDetails, options?: ErrorOptions) {
    super(problem.error, options)
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId
    this.retryAfter = problem.retryAfter
  }
}

/** The request is not valid; `errors` says which fields. */
export class ValidationError extends LatchkeyError {
  override readonly name = 'ValidationError'
}

/** Unknown user, wrong password or disabled user: the answer does not say which. */
export class InvalidCredentialsError extends LatchkeyError {
  override readonly name = 'InvalidCredentialsError'
}

/** There is an account with this address. */
export class EmailTakenError extends LatchkeyError {
  override readonly name = 'EmailTakenError'
}

/** No user is signed in, or the session has ended: sign in again. */
export class SignInRequiredError extends LatchkeyError {
  override readonly name = 'SignInRequiredError'
}

/**
 * The session is good, but this wants a stronger or a more recent sign-in (RFC 9470): let the person prove more, get a
 * new token, and repeat.
 */
export class StepUpRequiredError extends LatchkeyError {
  override readonly name: string = 'StepUpRequiredError'
  /** Levels of a sign-in, one of which is wanted, such as `urn:latchkey:2` for two factors; undefined for any. */
  readonly acrValues: readonly string[] | undefined
  /** How many seconds ago the sign-in may have been; undefined for any number. */
  readonly maxAge: number | undefined

  constructor(problem: ProblemDetails, options?: ErrorOptions) {
    super(problem, options)
    this.acrValues = problem.acrValues
    this.maxAge = problem.maxAge
  }
}

/** The same of Latchkey's own routes, for what changes an account. */
export class RecentSignInRequiredError extends StepUpRequiredError {
  override readonly name = 'RecentSignInRequiredError'
}

/**
 * A redirect brought no sign-in: the person said no (ACCESS_DENIED), the tab has not begun this one (STATE_UNKNOWN), or
 * something is set up wrong, which the message names. Offer to sign in again.
 */
export class SignInError extends LatchkeyError {
  override readonly name = 'SignInError'
}

/** Signed in, but not allowed to. */
export class ForbiddenError extends LatchkeyError {
  override readonly name = 'ForbiddenError'
}

export class NotFoundError extends LatchkeyError {
  override readonly name = 'NotFoundError'
}

/** Too much; `retryAfter` says how long to wait. */
export class RateLimitedError extends LatchkeyError {
  override readonly name = 'RateLimitedError'
}

/** A problem of the service, or no answer at all. The user is still signed in. */
export class UnavailableError extends LatchkeyError {
  override readonly name = 'UnavailableError'
}

type ErrorClass = new (problem: ProblemDetails, options?: ErrorOptions) => LatchkeyError

const BY_CODE: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['VALIDATION_FAILED', ValidationError],
  ['PASSWORD_REFUSED', ValidationError],
  ['INVALID_CREDENTIALS', InvalidCredentialsError],
  ['EMAIL_TAKEN', EmailTakenError],
  ['ACCESS_TOKEN_REQUIRED', SignInRequiredError],
  ['TOKEN_EXPIRED', SignInRequiredError],
  ['TOKEN_INVALID', SignInRequiredError],
  ['REFRESH_TOKEN_REQUIRED', SignInRequiredError],
  ['REFRESH_TOKEN_INVALID', SignInRequiredError],
  ['REFRESH_TOKEN_REUSED', SignInRequiredError],
  ['RECENT_SIGN_IN_REQUIRED', RecentSignInRequiredError],
  ['AUTHENTICATION_INSUFFICIENT', StepUpRequiredError],
  ['REFRESH_CONFLICT', UnavailableError],
  // Of OAuth and OpenID Connect, in capitals as all codes are.
  ['INVALID_GRANT', SignInRequiredError],
  ['LOGIN_REQUIRED', SignInRequiredError],
  ['CONSENT_REQUIRED', SignInRequiredError],
  ['INTERACTION_REQUIRED', SignInRequiredError],
  ['TEMPORARILY_UNAVAILABLE', UnavailableError],
  ['SERVER_ERROR', UnavailableError],
])

/** Codes that are new to this version of the client still find their class. */
const BY_STATUS: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [400, ValidationError],
  [403, ForbiddenError],
  [404, NotFoundError],
  [429, RateLimitedError],
  [502, UnavailableError],
  [503, UnavailableError],
  [504, UnavailableError],
])

/** `error` and `error_description` of RFC 6749 §5.2 and §4.1.2.1, as members of problem details. */
const problemOfOAuth = (error: string, description: string | null) => ({
  code: error.toUpperCase(),
  error: description ?? `The service answered ${error}`,
})

/** The error with a code that a redirect came back with. */
export function redirectErrorOf(error: string, description: string | null): LatchkeyError {
  const problem = problemOfOAuth(error, description)
  const Class = BY_CODE.get(problem.code) ?? SignInError
  return new Class({ status: 0, ...problem })
}

/**
 * The error of a failed answer, also of another API: by the `code` of its problem details or OAuth's `error`, by the
 * challenge of RFC 9470, or else by its status.
 * @example
 * const response = await latchkey.fetch('https://orders.example.com/refunds', { method: 'POST' })
 * if (!response.ok) throw await errorOf(response)
 */
export async function errorOf(response: Response): Promise<LatchkeyError> {
  const { status } = response
  const body = problemOf(await response.json().catch(() => undefined))
  const code = typeof body?.code === 'string' ? body.code : `HTTP_${status}`
  const error = typeof body?.error === 'string' ? body.error : `The service answered ${status}`
  const retryAfter = retryAfterOf(response)
  const stepUp = stepUpOf(response)
  const problem = {
    ...body,
    ...stepUp,
    ...{ status, code, error },
    ...(retryAfter !== undefined && { retryAfter }),
  }
  const byChallenge = stepUp && StepUpRequiredError
  const Class = BY_CODE.get(code) ?? byChallenge ?? BY_STATUS.get(status) ?? LatchkeyError
  return new Class(problem)
}

/** The members of a body, if it is one of problem details or of OAuth. */
function problemOf(body: unknown): Partial<ProblemDetails> | undefined {
  const { code, error, error_description: description } = (body ?? {}) as Record<string, unknown>
  const isOAuth = code === undefined && typeof error === 'string' && typeof description === 'string'
  return isOAuth ? problemOfOAuth(error, description) : (body as Partial<ProblemDetails>)
}

/** What the challenge of RFC 9470 §3 asks for; undefined without one, and where another origin hides the header. */
function stepUpOf({ headers }: Response): Pick<ProblemDetails, 'acrValues' | 'maxAge'> | undefined {
  const challenge = headers.get('www-authenticate') ?? ''
  if (parameterOf(challenge, 'error') !== 'insufficient_user_authentication') return undefined
  const acrValues = parameterOf(challenge, 'acr_values')
  const maxAge = parameterOf(challenge, 'max_age')
  return {
    ...(acrValues !== undefined && { acrValues: acrValues.split(' ') }),
    ...(maxAge !== undefined && /^\d+$/.test(maxAge) && { maxAge: Number(maxAge) }),
  }
}

/** A parameter of a challenge, quoted or not (RFC 9110 §11.2); none of those that we read has escapes. */
function parameterOf(challenge: string, name: string): string | undefined {
  for (const [, found, quoted, token] of challenge.matchAll(
    /([\w-]+) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g,
  )) {
    if (found?.toLowerCase() === name) return quoted ?? token
  }
  return undefined
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); Latchkey sends no dates. */
export function retryAfterOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after')
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}

export const unreachable = (cause: unknown): UnavailableError =>
  new UnavailableError(
    { status: 0, code: 'UNREACHABLE', error: 'The service could not be reached' },
    { cause },
  )
