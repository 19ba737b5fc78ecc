/**
 * The normal form of an e-mail address: lower case, whole. Addresses are ASCII (the schema's `email`
 * format; international domains in their xn-- spelling), so nothing else folds into another address.
 * Dots and `+tags` are kept: only the mailbox's provider knows what they mean.
 */
export const normalizeEmail = (email: string): string => email.toLowerCase()
