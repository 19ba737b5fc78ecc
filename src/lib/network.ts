import { normalizeIP } from '@fastify/rate-limit'

const IPV6_NETWORK = 48

/**
 * The /24 of an IPv4 address, mapped ones too, and the /48 of an IPv6 address, in one spelling each. Wider than the
 * `addressOf` that limits count: the origin of a session stays the same while a device moves within its network.
 */
export function networkOf(ip: string): string {
  const network = normalizeIP(ip, IPV6_NETWORK)
  return network.includes(':') ? network : network.split('.').slice(0, 3).join('.')
}
