import { secureUrl } from '../secure-url.js'
import { CommandError, EXIT, exitCodeOf } from './exit.js'

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
    const { cause, name } = error as Error & { cause?: { code?: string; message?: string } }
    // A port that fetch refuses has no code.
    const why = cause?.code ?? cause?.message ?? name
    throw new CommandError(EXIT.unavailable, `${new URL(url).origin} does not answer (${why}).`)
  }
}

function parse(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** One sentence of what was refused and what to do; undefined for a good answer. */
export function refusalOf({ status, body, retryAfter }: HttpAnswer): CommandError | undefined {
  const exitCode = exitCodeOf(status)
  if (exitCode === EXIT.ok) return undefined
  const { code, error, error_description, detail, requestId } = membersOf(body)
  const said = error_description ?? error ?? `The answer is ${status}`
  // RFC 6749 §5.2 has its code in `error`.
  const name = code ?? (error_description === undefined ? String(status) : error)
  const sentences = [
    `${said} (${name}).`,
    detail,
    retryAfter === null ? undefined : `Try again in ${retryAfter} seconds.`,
    requestId === undefined ? undefined : `Request ${requestId}.`,
  ]
  return new CommandError(exitCode, sentences.filter(Boolean).join(' '))
}

type Members = Partial<
  Record<'code' | 'error' | 'error_description' | 'detail' | 'requestId', string>
>

/** Of problem details, or of an OAuth error: what is text. */
function membersOf(body: unknown): Members {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'))
}
