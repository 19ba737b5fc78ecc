import { digest } from '../lib/digest.js'
import type { Random } from '../lib/random.js'

const COUNT = 10
/** 120 bits: no number of guesses finds one, so that a plain SHA-256 keeps it (ASVS V6.5.2). */
const CODE_BYTES = 15
const GROUP = 4

/** Crockford's Base32: without I, L, O and U, which people take for 1 and 0. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BITS = 5
const CODE = new RegExp(`^[${ALPHABET}]{24}$`)

const SPACING = /[\s\-\u2010-\u2015]/g
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' }

/** Ten new codes for their person: 24 letters and digits in six groups. */
export const newRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: COUNT }, () => grouped(encoded(random(CODE_BYTES))))

/** What is kept of new codes. @param now milliseconds since the epoch. */
export const keptCodes = (codes: readonly string[], now: number) => ({
  recoveryCodes: new Set(codes.map((code) => digest(normalized(code)))),
  recoveryCodesAt: new Date(now).toISOString(),
})

/**
 * What is kept of a code that a person typed, in any case and with any spaces or hyphens.
 * @returns undefined for what is no code.
 */
export function typedDigest(typed: string): string | undefined {
  const code = normalized(typed)
  return CODE.test(code) ? digest(code) : undefined
}

const normalized = (typed: string): string =>
  typed
    .replaceAll(SPACING, '')
    .toUpperCase()
    .replaceAll(/[OIL]/g, (letter) => MISREAD[letter] ?? letter)

function encoded(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (let at = 0; at < (bytes.length * 8) / BITS; at++) {
    text = ALPHABET.charAt(Number(value & 31n)) + text
    value >>= BigInt(BITS)
  }
  return text
}

const grouped = (code: string): string =>
  Array.from({ length: code.length / GROUP }, (_, at) =>
    code.slice(at * GROUP, (at + 1) * GROUP),
  ).join('-')
