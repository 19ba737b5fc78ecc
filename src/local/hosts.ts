import type { IncomingMessage } from 'node:http'
import { LOOPBACK } from '../lib/secure-url.js'

/** Answers whether a request is for this server, by the names that its sender gave it. */
export type HostCheck = (request: IncomingMessage) => boolean

/** The names of this machine, with a port, as in a `Host` header. */
export const loopbackHosts = (port: number): string[] => LOOPBACK.map((name) => `${name}:${port}`)

/**
 * Tells requests for this server from those of a page that reached it by a name of its own (DNS rebinding).
 * Own are the names in `hosts`, and the address that the connection arrived at: an address can't be rebound.
 * @param hosts with their ports.
 */
export function hostCheck(hosts: readonly string[]): HostCheck {
  const own = new Set(hosts)
  return (request) => {
    const arrival = arrivalHost(request.socket)
    return hostsOf(request).every((host) => own.has(host) || host === arrival)
  }
}

/**
 * The hosts that a request names, in lower case and with their ports: `Host`, and that of a target in absolute
 * form (RFC 9112 §3.2.2). An empty one is missing.
 */
export function hostsOf({ headers, url = '' }: IncomingMessage): string[] {
  const target = ABSOLUTE.exec(url)?.[1]
  const named = target === undefined ? [headers.host] : [headers.host, target]
  return named.map((host = '') =>
    (host === '' || WITH_PORT.test(host) ? host : `${host}:80`).toLowerCase(),
  )
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i
const WITH_PORT = /:\d+$/

function arrivalHost({ localAddress = '', localPort }: IncomingMessage['socket']): string {
  // A socket for both families has an IPv4 address in the form of IPv6.
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '')
  return address.includes(':') ? `[${address}]:${localPort}` : `${address}:${localPort}`
}
