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
export const isEmailAddress = (text: string): boolean =>
  text.length <= MAX_EMAIL && !/["[]/.test(text) && IsEmail(text)
