/**
 * The normal form of an e-mail address: lower case, whole. Addresses are ASCII (the schema's `email`
 * format; international domains in their xn-- spelling), so only A to Z are folded: Unicode's own folding would make other letters equal
 * to ASCII ones.
 * Dots and `+tags` are kept: only the mailbox's provider knows what they mean.
 */
export const normalizeEmail = (email: string): string =>
  email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
