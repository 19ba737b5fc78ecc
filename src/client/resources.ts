import { secureUrl } from '../lib/secure-url.js'
import type { Send } from './session.js'

/** @throws {TypeError} for an identifier that no API can have, or that tokens must not be sent to. */
export function checkResources(resources: readonly string[], issuer: string): readonly string[] {
  for (const resource of resources) {
    const { origin = issuer } = secureUrl(resource) ?? {}
    if (origin === issuer) throw new TypeError(`resources: ${resource} is no API.`)
  }
  return resources
}

/**
 * Sends a request with the token of the API whose identifier its URL is below; to any other URL without one. A request
 * with a token follows no redirect, which could lead elsewhere: its promise is rejected.
 */
export async function sendWithToken(
  request: Request,
  resources: readonly string[],
  tokenOf: (resource: string, signal: AbortSignal) => Promise<string | undefined>,
  send: Send,
): Promise<Response> {
  const resource = resourceOf(request.url, resources)
  const token = resource === undefined ? undefined : await tokenOf(resource, request.signal)
  if (token === undefined) return send(request)
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return send(new Request(request, { headers, redirect: 'error' }))
}

/**
 * The API that a URL is below, by the longest of the identifiers; undefined for none.
 * @param url absolute, as a `Request` has it: without dot segments.
 */
function resourceOf(url: string, identifiers: readonly string[]): string | undefined {
  return identifiers
    .filter((identifier) => isBelow(new URL(url), new URL(identifier)))
    .sort((a, b) => b.length - a.length)[0]
}

function isBelow({ origin, pathname }: URL, base: URL): boolean {
  if (origin !== base.origin) return false
  const path = base.pathname.replace(/\/$/, '')
  if (path === '') return true
  // A server may read an encoded slash as one, and leave the path of the API.
  if (/%(2f|5c)/i.test(pathname)) return false
  return pathname === path || pathname.startsWith(`${path}/`)
}
