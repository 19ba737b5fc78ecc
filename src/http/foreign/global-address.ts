import { BlockList, isIP } from 'node:net'

/** Not global by the IANA registry of special-purpose addresses, or reserved, or multicast. */
const REFUSED_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]

/** Global unicast; mapped (`::ffff:0:0/96`) and translated IPv4 (`64:ff9b::/96`), and all that is local, are outside. */
const GLOBAL_IPV6 = '2000::/3'

/** Of these, Teredo and other protocols, documentation, 6to4 (which holds an IPv4 address), and AS 112. */
const REFUSED_IPV6 = [
  ...['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
]

const ipv4 = listOf(REFUSED_IPV4, 'ipv4')
const globalIpv6 = listOf([GLOBAL_IPV6], 'ipv6')
const ipv6 = listOf(REFUSED_IPV6, 'ipv6')

/** Whether an address is global unicast: one that a stranger may have us connect to. */
export function isGlobalAddress(address: string): boolean {
  // A zone, as in `fe80::1%eth0`, is of this machine.
  if (address.includes('%')) return false
  const family = isIP(address)
  if (family === 4) return !ipv4.check(address, 'ipv4')
  return family === 6 && globalIpv6.check(address, 'ipv6') && !ipv6.check(address, 'ipv6')
}

function listOf(cidrs: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
