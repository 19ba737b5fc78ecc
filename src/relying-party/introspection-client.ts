import { parseAnyKey } from '../api-keys/verification/format.js'
import type { InactiveReason } from '../api-keys/verification/errors.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { type Problem, storeUnavailable } from '../http/problem.js'
import { retryAfterSeconds } from './retry-after.js'

const TIMEOUT_MS = 3_000

/** The issuer answered, but not what it should have. The log has its name. */
class IntrospectionError extends Error {
  override readonly name: string

  constructor(name: 'IntrospectionRefused' | 'IntrospectionFailed', message: string) {
    super(message)
    this.name = name
  }
}

/** Asks an issuer about API keys (RFC 7662 §2), as a client that may. */
export class IntrospectionClient {
  readonly #url: string
  readonly #authorization: string

  /**
   * @param key an API key with the scope `token:introspect`; its own id is the client id.
   * @throws {TypeError} for what is no API key.
   */
  constructor(issuer: string, key: string | undefined) {
    const parsed = key === undefined ? undefined : parseAnyKey(key)
    if (!parsed) {
      throw new TypeError(
        'introspectionKey: must be a whole API key of the issuer, with the scope token:introspect.',
      )
    }
    this.#url = `${issuer}/oauth/introspect`
    this.#authorization = `Basic ${Buffer.from(`${parsed.keyId}:${key}`).toString('base64')}`
  }

  /**
   * @returns the key if it is live, else why not, as far as the issuer says.
   * @throws {Problem} STORE_UNAVAILABLE when the issuer can't tell, or tells it to others only.
   */
  async introspect(key: string): Promise<Introspected> {
    const answer = await this.#post(key).catch((error: unknown) => {
      throw storeUnavailable(error)
    })
    if (!answer.ok) throw await failure(answer)
    const body: unknown = await answer.json().catch((error: unknown) => {
      throw storeUnavailable(error)
    })
    return keyOf(body)
  }

  #post(token: string): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: { authorization: this.#authorization },
      body: new URLSearchParams({ token }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  }
}

async function failure(answer: Response): Promise<Problem> {
  const { status, headers } = answer
  await answer.body?.cancel()
  const refused = status === 401 || status === 403
  const error = new IntrospectionError(
    refused ? 'IntrospectionRefused' : 'IntrospectionFailed',
    `the issuer answered ${status}`,
  )
  return storeUnavailable(error, retryAfterSeconds(headers.get('retry-after')))
}

/** A live key, or one that is not. */
export type Introspected =
  | { readonly key: VerifiedKey }
  | { readonly key: undefined; readonly reason: InactiveReason | undefined }

interface Introspection {
  readonly active?: unknown
  readonly inactive_reason?: unknown
  readonly token_type?: unknown
  readonly client_id?: unknown
  readonly sub?: unknown
  readonly scope?: unknown
  readonly exp?: unknown
  readonly allowed_cidrs?: unknown
}

function keyOf(body: unknown): Introspected {
  const { active, inactive_reason, token_type, client_id, sub, scope, exp, allowed_cidrs } =
    (body ?? {}) as Introspection
  if (active === false) return { key: undefined, reason: reasonOf(inactive_reason) }
  const known =
    active === true &&
    token_type === 'api_key' &&
    typeof client_id === 'string' &&
    typeof sub === 'string' &&
    typeof scope === 'string' &&
    (exp === undefined || typeof exp === 'number') &&
    (allowed_cidrs === undefined || Array.isArray(allowed_cidrs))
  if (!known) {
    throw storeUnavailable(new IntrospectionError('IntrospectionFailed', 'an unknown answer'))
  }
  return {
    key: {
      keyId: client_id,
      ownerId: sub,
      scopes: scope.split(' ').filter((name) => name !== ''),
      ...(exp !== undefined && { expiresAt: exp * 1000 }),
      ...(allowed_cidrs !== undefined && { allowedCidrs: allowed_cidrs as string[] }),
    },
  }
}

const reasonOf = (reason: unknown): InactiveReason | undefined =>
  reason === 'expired' || reason === 'disabled' ? reason : undefined
