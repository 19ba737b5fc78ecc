import { keyedDigest } from '../lib/keyed-digest.js'

/**
 * An e-mail address in its normal form as the log may have it: 128 bits that show only that two attempts were for the same one.
 * @param key the first data key: it is never removed, so that the digest stays the same.
 */
export const digestAddress = (key: { readonly secret: string }, address: string): string =>
  keyedDigest(key, 'tried address', address).slice(0, 22)
