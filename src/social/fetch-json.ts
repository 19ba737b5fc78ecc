import { decodeUtf8 } from '../lib/utf8.js'
import { providerError, providerUnavailable } from './errors.js'

/** The largest document that is accepted from a provider. Microsoft's JWKS has some 20 kB. */
const MAX_BYTES = 256 * 1024

const USER_AGENT = 'latchkey'

/**
 * JSON from a provider.
 * @throws {Problem} PROVIDER_UNAVAILABLE when it does not answer, is late or overloaded; PROVIDER_ERROR for any
 * other answer: redirects are refused too.
 */
export async function fetchJson(
  url: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...headers },
      redirect: 'manual',
      signal,
    })
    if (answer.status >= 500 || answer.status === 429) {
      throw providerUnavailable(`status_${answer.status}`)
    }
    if (!answer.ok) throw providerError(`status_${answer.status}`)
    return parse(await readBounded(answer))
  } catch (error) {
    if (error instanceof TypeError || isAbort(error)) throw providerUnavailable(error)
    throw error
  }
}

async function readBounded(answer: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body = answer.body as AsyncIterable<Uint8Array> | null
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw providerError('answer_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** RFC 8259 §8.1: UTF-8, and a byte order mark may be ignored. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse((decodeUtf8(bytes) ?? '').replace(/^\uFEFF/, ''))
  } catch {
    throw providerError('answer_not_json')
  }
}

const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
