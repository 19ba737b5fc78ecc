import { BlockList, isIPv6 } from 'node:net'

/** Addresses that a key may be used from. */
export interface AddressRanges {
  includes(address: string): boolean
}

/** @param cidrs ranges such as `192.0.2.0/24`; an address alone is a range of one. @returns undefined for none. */
export function addressRanges(cidrs: readonly string[] | undefined): AddressRanges | undefined {
  if (!cidrs?.length) return undefined
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/')
    const family = familyOf(address)
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return { includes: (address) => list.check(address, familyOf(address)) }
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')
