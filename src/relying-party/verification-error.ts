import { randomUUID } from 'node:crypto'
import { Problem, problemBody } from '../http/problem.js'

/** Why a credential was refused, or could not be judged, and what to answer. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
  /** HTTP status: 400, 401 or 403; 503 while the issuer can't be asked. */
  readonly status: number
  /** Stable, for programs: `TOKEN_EXPIRED` and the like; see `docs/errors.md`. */
  readonly code: string
  /** Headers of the answer: its `Content-Type`, with 401 and 403 `WWW-Authenticate`, with 503 `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** Problem details (RFC 9457), as the service itself answers with. */
  readonly body: ReturnType<typeof problemBody>
  /** For your log alone: what is wrong with a token whose signature is good, such as one that is for another API. */
  readonly reason: string | undefined

  constructor({ type, extras }: Problem, issuer: string) {
    super(type.title)
    this.status = type.status
    this.code = type.code
    this.headers = { 'content-type': 'application/problem+json', ...extras.headers }
    this.body = problemBody(type, randomUUID(), issuer, extras)
    this.reason = typeof extras.cause === 'string' ? extras.cause : undefined
  }

  /**
   * The answer, for frameworks that speak Fetch.
   * @example
   * app.onError((error, context) => (error instanceof VerificationError ? error.toResponse() : context.text('', 500)))
   */
  toResponse(): Response {
    return new Response(JSON.stringify(this.body), { status: this.status, headers: this.headers })
  }
}

/** Runs a verification, and tells what it throws in a way that needs none of our plugins. */
export async function explained<T>(issuer: string, verify: () => T | Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    throw error instanceof Problem ? new VerificationError(error, issuer) : error
  }
}
