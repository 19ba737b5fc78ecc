import { secureUrl } from '../lib/secure-url.js'
import { CommandError, EXIT, exitCodeOf } from './exit.js'
import { whenToRetry } from './wait.js'

const TIMEOUT_MS = 30_000

export interface HttpAnswer {
  readonly status: number
  /** Parsed where it is JSON, text otherwise, null for none. */
  readonly body: unknown
  readonly retryAfter: string | null
}

/** The base URL that a key may be sent to. @throws {CommandError} for one that would show it to the network. */
export function checkUrl(url: string | undefined): string {
  if (url === undefined || url === '') {
    throw new CommandError(EXIT.usage, 'There is no URL. Set LATCHKEY_URL, or give --url.')
  }
  if (!secureUrl(url)) {
    throw new CommandError(EXIT.usage, `${url} must be an https:// URL (http:// only on loopback).`)
  }
  return url.replace(/\/+$/, '')
}

/** Sends a request to where it was meant for, and nowhere else: redirects are not followed. */
export async function send(url: string, init: RequestInit): Promise<HttpAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const answer = await fetch(url, { ...init, redirect: 'manual', signal })
    const text = await answer.text()
    return {
      status: answer.status,
      body: parse(text),
      retryAfter: answer.headers.get('retry-after'),
    }
  } catch (error) {
    const why = reasonOf(error as FetchError)
    throw new CommandError(EXIT.unavailable, `${new URL(url).origin} does not answer: ${why}.`)
  }
}

type FetchError = Error & { readonly cause?: { readonly code?: string; readonly message?: string } }

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name could not be looked up',
  TimeoutError: `no answer in ${TIMEOUT_MS / 1000} seconds`,
  'bad port': 'HTTP clients refuse to call this port',
}

function reasonOf({ cause, name }: FetchError): string {
  // A port that fetch refuses has no code.
  const code = cause?.code ?? cause?.message ?? name
  return REASONS[code] ?? code
}

function parse(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/**
 * One sentence of what was refused and what to do; undefined for a good answer.
 * @param now milliseconds since the epoch.
 */
export function refusalOf(
  { status, body, retryAfter }: HttpAnswer,
  now: number,
): CommandError | undefined {
  const exitCode = exitCodeOf(status)
  if (exitCode === EXIT.ok) return undefined
  const { code, error, error_description, detail, requestId, type = '' } = membersOf(body)
  const said = error_description ?? error ?? `The answer is ${status}`
  // RFC 6749 §5.2 has its code in `error`.
  const name = code ?? (error_description === undefined ? String(status) : error)
  const sentences = [
    `${said} (${name}).`,
    detail,
    retryAfter === null ? undefined : `Try again ${whenToRetry(retryAfter, now)}.`,
    requestId === undefined ? undefined : `Request ${requestId}.`,
    /^https?:/.test(type) ? `See ${type}` : undefined,
  ]
  return new CommandError(exitCode, sentences.filter(Boolean).join(' '))
}

type Members = Partial<
  Record<'code' | 'error' | 'error_description' | 'detail' | 'requestId' | 'type', string>
>

/** Of problem details, or of an OAuth error: what is text. */
function membersOf(body: unknown): Members {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'))
}
