import type { IncomingMessage } from 'node:http'

/** Whether a request keeps the rules of HTTP/1 that Node's parser does not hold it to. */
export function followsProtocol({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  if (!VERSIONS.has(httpVersion)) return false
  const coding = headers['transfer-encoding']
  // HTTP/1.0 has no codings, and no other one is known here (RFC 9112 §6.1).
  if (coding !== undefined && (httpVersion === '1.0' || coding.toLowerCase() !== 'chunked')) {
    return false
  }
  const hosts = valuesOf(rawHeaders, 'host')
  // RFC 9112 §3.2.
  if (hosts.length === 0) return httpVersion === '1.0'
  return hosts.length === 1 && HOST.test(hosts[0] ?? '')
}

/** All values of a header, of which Node keeps only the first. @param name in small letters. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const other = rawHeaders[at] ?? ''
    if (other.length === name.length && other.toLowerCase() === name) {
      values.push(rawHeaders[at + 1] ?? '')
    }
  }
  return values
}

const VERSIONS = new Set(['1.0', '1.1'])

/** `uri-host [ ":" port ]` (RFC 9110 §7.2), where an empty host is none (§4.2.1). */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])(?::\d*)?$/i
