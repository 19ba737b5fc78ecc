import { foreignBody } from './own-answers.js'
import type { Entry } from './transcript.js'

type Response = Extract<Entry, { kind: 'response' }>

/** A rule that each answer of the suite obeys. @returns what breaks it. */
type Rule = (answer: Response, headers: Readonly<Record<string, unknown>>) => string | undefined

/** What a browser keeps of a cookie's name and value together (RFC 6265bis §5.6), bytes. */
const MAX_COOKIE = 4096

/**
 * `__Host-` wants `Secure` and `Path=/`, and no `Domain` (RFC 6265bis §4.1.3.2); we want `HttpOnly` and `SameSite`,
 * too.
 */
const HOST_COOKIE =
  /^__Host-(?=.*; Path=\/(;|$))(?=.*; Secure(;|$))(?=.*; HttpOnly(;|$))(?=.*; SameSite=(Lax|Strict)(;|$))(?!.*; Domain=)/

/** A redirect of any other kind makes a browser send the password on (RFC 9700 §4.12). */
function redirect({ request, status }: Response): string | undefined {
  const isSafe = /^(GET|HEAD) /.test(request)
  const isRedirect = status >= 300 && status < 400 && status !== 304
  if (status === 307 || status === 308) return 'it repeats the request elsewhere'
  return isRedirect && !isSafe && status !== 303 ? 'it may repeat a form elsewhere' : undefined
}

function cookies(_: Response, headers: Readonly<Record<string, unknown>>): string | undefined {
  const { 'set-cookie': set = [], 'cache-control': cache = '' } = headers
  const lines = [set].flat().map(String)
  for (const line of lines) {
    const [pair = ''] = line.split(';', 1)
    if (pair.length > MAX_COOKIE) return `a cookie of ${pair.length} bytes`
    if (line.startsWith('__Host-') && !HOST_COOKIE.test(line)) return `cookie ${line.slice(-80)}`
  }
  return lines.length > 0 && !String(cache).includes('no-store')
    ? 'a cache keeps cookies'
    : undefined
}

/** ASVS V4.1.1: content has a type, and text its charset. Every answer of ours has the header that it goes by. */
function type({ body }: Response, headers: Readonly<Record<string, unknown>>): string | undefined {
  const { 'x-content-type-options': own, 'content-type': given = '' } = headers
  const type = String(given)
  if (own === undefined || body === '') return undefined
  if (type === '') return 'content without a type'
  return /^text\/(?!.*charset=utf-8)/i.test(type) ? `${type} without a charset` : undefined
}

/** RFC 9457, or RFC 6749 §5.2 below `/oauth`, or a page. */
function failure({ request, status, body }: Response, headers: Readonly<Record<string, unknown>>) {
  const [method = '', target = ''] = request.split(' ')
  if (status < 400 || method === 'HEAD' || !target.startsWith('/')) return undefined
  const path = decoded(target.split('?', 1)[0] ?? '')
  return foreignBody(
    { method, path },
    { status, headers, text: body },
    String(headers['content-type']),
  )
}

/** As the router reads it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const RULES: readonly Rule[] = [redirect, cookies, type, failure]

/** Every answer that breaks a rule, with the rule. */
export function findFaults(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'response') return []
    const headers = JSON.parse(entry.headers) as Record<string, unknown>
    const faults = RULES.flatMap((rule) => rule(entry, headers) ?? [])
    return faults.map((fault) => `${entry.status} of ${entry.request.slice(0, 200)}: ${fault}`)
  })
}
