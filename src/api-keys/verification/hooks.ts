import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { Problem } from '../../http/problem.js'
import { API_KEY_MISPLACED, API_KEY_REQUIRED, apiKeyProblem } from './errors.js'
import type { VerifiedKey } from './record.js'
import type { ApiKeyVerifier } from './verifier.js'
import { decorateGuardOf } from '../../http/guards.js'
import { INSUFFICIENT_SCOPE } from '../../access-tokens/errors.js'
import type { HookWrapper } from '../../access-tokens/hooks.js'

/** Where keys are found, counted and limited. */
export interface ApiKeyRules<K extends VerifiedKey> {
  /**
   * @param address where the request comes from.
   * @throws {Problem} API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_DISABLED, ADDRESS_NOT_ALLOWED.
   */
  readonly verify: (text: string, address: string) => K | Promise<K>
  /** Called for each good key: may refuse by a limit, and says in headers what is left; undefined for a key without limits. */
  readonly admit?: (key: K) => Promise<Headers> | undefined
  /** Told of every outcome for a key that exists. */
  readonly onOutcome?: (key: K, outcome: ApiKeyOutcome) => Awaitable
}

type Headers = Readonly<Record<string, string>>
type Awaitable = Promise<void> | undefined

export type ApiKeyOutcome = 'allowed' | 'limited' | 'forbidden'

export interface ApiKeyRequirement {
  /** All of them must be held. */
  readonly scopes?: readonly string[]
}

const HEADER = 'x-api-key'
/** Where people put keys that end up in logs and histories. */
const QUERY_NAMES = ['x-api-key', 'api_key', 'apikey', 'apiKey', 'key']

/** The guard `requireApiKey({ scopes })`, which puts the key in `request.apiKey`. */
export function decorateWithApiKey<K extends VerifiedKey>(
  app: FastifyInstance,
  { verify, admit, onOutcome }: ApiKeyRules<K>,
  wrap: HookWrapper = (hook) => hook,
): void {
  app.decorateRequest('apiKey')

  const forbid = async (key: K, wanted: readonly string[]): Promise<never> => {
    await onOutcome?.(key, 'forbidden')
    throw new Problem(INSUFFICIENT_SCOPE, { detail: `The key needs: ${wanted.join(' ')}.` })
  }
  const limit = async (key: K, admitting: Promise<Headers>, reply: FastifyReply) => {
    try {
      reply.headers(await admitting)
    } catch (error) {
      if (error instanceof Problem && error.type.status === 429) await onOutcome?.(key, 'limited')
      throw error
    }
    await onOutcome?.(key, 'allowed')
  }

  decorateGuardOf(app, 'requireApiKey', (requirement: ApiKeyRequirement = {}) => {
    const { scopes = [] } = requirement
    assertRequirement(requirement)
    const pass = (key: K, request: FastifyRequest, reply: FastifyReply): Awaitable => {
      request.apiKey = key
      if (!scopes.every((scope) => key.scopes.includes(scope))) return forbid(key, scopes)
      const admitting = admit?.(key)
      return admitting ? limit(key, admitting, reply) : onOutcome?.(key, 'allowed')
    }
    // Most calls need no promise: their key is known, and has no limit.
    return wrap((request, reply, done) => {
      let passing: Awaitable
      try {
        const key = verify(presentedKey(request), request.ip)
        passing =
          key instanceof Promise
            ? key.then((found) => pass(found, request, reply))
            : pass(key, request, reply)
      } catch (error) {
        done(error as Error)
        return
      }
      if (passing) passing.then(() => done(), done)
      else done()
    })
  })
}

/** Fastify calls a guard that stands where a hook belongs with a request. */
function assertRequirement(requirement: ApiKeyRequirement): void {
  if (Object.keys(requirement).every((name) => name === 'scopes')) return
  throw new TypeError(
    "requireApiKey takes scopes, such as requireApiKey({ scopes: ['data:read'] }).",
  )
}

/**
 * An `onRequest` hook: the key that a request carries, in `request.apiKey`, without a call being counted. For what
 * its holder asks about the key itself.
 * @throws {Problem} API_KEY_REQUIRED, API_KEY_MISPLACED, and as `ApiKeyVerifier.verify`.
 */
export const holderHook =
  (verifier: ApiKeyVerifier) =>
  async (request: FastifyRequest): Promise<void> => {
    request.apiKey = await verifier.verify(presentedKey(request), request.ip)
  }

/**
 * The key of the one `x-api-key` header.
 * @throws {Problem} API_KEY_REQUIRED, API_KEY_MISPLACED.
 */
export function presentedKey(request: FastifyRequest): string {
  const query = request.query as object
  if (QUERY_NAMES.some((name) => name in query)) {
    throw new Problem(API_KEY_MISPLACED, {
      detail: 'A key in a URL ends up in logs and histories. If it was a real one, rotate it.',
    })
  }
  const value = request.headers[HEADER]
  if (value === undefined || value === '') throw missingKey(request)
  // Node joins repeated headers by a comma, which no key holds.
  if (typeof value !== 'string' || value.includes(',')) throw new Problem(API_KEY_MISPLACED)
  return value
}

/** A caller that sent a credential in another header is told which header to use; it may also be a token. */
function missingKey({ headers }: FastifyRequest): Problem {
  if (headers.authorization === undefined) return apiKeyProblem(API_KEY_REQUIRED)
  const detail = `Send the key in the header ${HEADER}, not in Authorization.`
  return apiKeyProblem(API_KEY_REQUIRED, { detail })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes an `onRequest` hook: a good API key with these scopes. */
    requireApiKey: (requirement?: ApiKeyRequirement) => onRequestHookHandler
  }
  interface FastifyRequest {
    /** Set by `requireApiKey()`. */
    apiKey: VerifiedKey
  }
}
