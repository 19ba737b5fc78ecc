import { createHmac } from 'node:crypto'
import { networkOf } from '../lib/network.js'
import type { TokenKey } from './refresh-token.js'

/**
 * Where a token comes from, as a session remembers it: the id of the server key (8 hexadecimal digits), and
 * under that key 64-bit digests of the network (IPv4 /24, IPv6 /48) and of the `User-Agent`, 11 letters of
 * base64url each. Origins can be compared only under one key.
 */
export type Origin = string

const KEY_ID = 8
const DIGEST = 11
const DIGEST_BYTES = 8

interface Source {
  readonly ip: string
  readonly userAgent?: string
}

export function originOf(key: TokenKey, { ip, userAgent = '' }: Source): Origin {
  return key.id + digest(key, 'network', networkOf(ip)) + digest(key, 'agent', userAgent)
}

/** The id of the server key that an origin is digested with. */
export const keyIdOf = (origin: Origin): string => origin.slice(0, KEY_ID)

export const isSameNetwork = (a: Origin, b: Origin): boolean =>
  a.slice(0, KEY_ID + DIGEST) === b.slice(0, KEY_ID + DIGEST)

export const isSameAgent = (a: Origin, b: Origin): boolean =>
  keyIdOf(a) === keyIdOf(b) && a.slice(KEY_ID + DIGEST) === b.slice(KEY_ID + DIGEST)

function digest({ secret }: TokenKey, label: string, text: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`latchkey refresh origin ${label}\0`)
    .update(text)
    .digest()
    .subarray(0, DIGEST_BYTES)
    .toString('base64url')
}
