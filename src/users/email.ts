import { domainToASCII } from 'node:url'
import { IsEmail } from 'typebox/format'

/**
 * The normal form of an e-mail address: lower case, whole. Addresses are ASCII (the schema's `email`
 * format; international domains in their xn-- spelling), so only A to Z are folded: Unicode's own folding would make other letters equal
 * to ASCII ones.
 * Dots and `+tags` are kept: only the mailbox's provider knows what they mean.
 */
export const normalizeEmail = (email: string): string =>
  email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

const MAX_EMAIL = 254

/** One plain ASCII address as our own sign-up takes it; no list of them, no quoted local part. */
const isEmailAddress = (text: string): boolean =>
  text.length <= MAX_EMAIL && !/["[]/.test(text) && IsEmail(text)

/** ASCII that no domain has: what maps a domain to A-labels reads a URL, and would stop at it or decode it. */
const NO_DOMAIN = /[\x00-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]/

/**
 * An address as a provider writes it, in the normal form: an international domain in its A-labels (UTS #46).
 * @returns undefined for one that our own sign-up would not take either.
 */
export function providedAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1)
  if (NO_DOMAIN.test(domain)) return undefined
  const ascii = /^[\x00-\x7f]*$/.test(domain) ? domain : domainToASCII(domain)
  const address = text.slice(0, at + 1) + ascii
  return isEmailAddress(address) ? normalizeEmail(address) : undefined
}
