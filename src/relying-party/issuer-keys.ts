import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { CachedDocument } from '../lib/cached-document.js'
import type { Clock } from '../lib/clock.js'
import type { VerificationKeys } from '../access-tokens/verifier.js'
import { storeUnavailable } from '../http/problem.js'
import { retryAfterSeconds } from './retry-after.js'

/** An answer that says nothing about the keys, such as a 429 by API Gateway: to be asked for again, and no refusal. */
class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
  readonly retryAfter: number | undefined

  constructor(message: string, retryAfter?: number) {
    super(message)
    this.retryAfter = retryAfter
  }
}

const isOfKeys = (cause: unknown): cause is KeysUnavailable => cause instanceof KeysUnavailable

const waitAfter = ({ cause }: Error): number =>
  isOfKeys(cause) ? (cause.retryAfter ?? 0) * 1000 : 0

/** As `cache-control` of the JWKS: a key that the issuer has taken out is gone within five minutes. */
const FRESHNESS = {
  maxAgeMs: 300_000,
  staleIfErrorMs: Infinity,
  cooldownMs: 10_000,
  waitAfter: (failure: unknown) => (failure instanceof Error ? waitAfter(failure) : 0),
}
const TIMEOUT_MS = 3_000
const MAX_BYTES = 64 * 1024

type Keys = ReadonlyMap<string, KeyObject>

/**
 * The public keys of an issuer, by its JWKS, as any other verifier gets them (RFC 7517 §5). They are renewed
 * before a verification and not beside it: Lambda freezes what goes on after an answer.
 */
export class IssuerKeys implements VerificationKeys {
  readonly #document: CachedDocument<Keys>

  constructor(issuer: string, clock: Clock) {
    const url = `${issuer}/.well-known/jwks.json`
    this.#document = new CachedDocument(() => fetchKeys(url), FRESHNESS, clock)
  }

  /**
   * Reads the JWKS where that has not been done yet.
   * @throws {Problem} STORE_UNAVAILABLE while the issuer does not answer.
   */
  async load(): Promise<void> {
    await this.#document.get()
  }

  /** The key where it is known, and the JWKS not due to be read again. */
  publicKey(kid: string): KeyObject | undefined {
    return this.#document.fresh?.get(kid)
  }

  /**
   * Known keys stay in use while the issuer is unavailable.
   * @throws {Problem} STORE_UNAVAILABLE for an unknown key while the issuer does not answer, or asks to wait.
   */
  async publicKeyAfterReread(kid: string): Promise<KeyObject | undefined> {
    const known = (await this.#document.get()).get(kid)
    return known ?? (await this.#document.refresh()).get(kid)
  }
}

async function fetchKeys(url: string): Promise<Keys> {
  try {
    const { keys } = JSON.parse(await fetchText(url)) as { keys: (JsonWebKey & { kid: string })[] }
    const known = keys
      .filter(({ kty }) => kty === 'RSA')
      .map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })] as const)
    if (known.length === 0) throw new KeysUnavailable('the JWKS has no keys')
    return new Map(known)
  } catch (error) {
    throw storeUnavailable(error, isOfKeys(error) ? error.retryAfter : undefined)
  }
}

/**
 * `fetch` would do, but loading it takes longer than all the rest of an authorizer's start. The time limit is
 * one for all of it: who sends a byte now and then is as good as away.
 */
function fetchText(url: string): Promise<string> {
  const get = url.startsWith('https:') ? getHttps : getHttp
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  return new Promise((resolve, reject) => {
    const request = get(url, { signal }, (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume()
        const retryAfter = retryAfterSeconds(answer.headers['retry-after'])
        reject(new KeysUnavailable(`the JWKS answered ${answer.statusCode}`, retryAfter))
        return
      }
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_BYTES) request.destroy(new Error('the JWKS is too large'))
      })
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    })
    request.on('error', reject)
  })
}
