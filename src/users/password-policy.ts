import { normalizeEmail } from './email.js'

/** Longest password, in code points. Well above 64 (NIST SP 800-63B §3.1.1.2), and bounds argon2's input. */
const MAX_PASSWORD_LENGTH = 128

/** The same thing three times or more, such as `aaaaaaaaaaaa`: guessed first, and in no list. */
const REPETITION = /^(.+?)\1{2,}$/su

/** Local parts shorter than this are too common in honest passphrases to refuse. */
const MIN_CONTEXT_LENGTH = 4

/**
 * The one normalization of a password (NIST SP 800-63B §3.1.1.2): NFC, so that a password typed on
 * another keyboard is the same one. Nothing is trimmed, folded or cut.
 */
export const normalizePassword = (password: string): string => password.normalize('NFC')

export interface PolicyContext {
  readonly minLength: number
  readonly email: string
  /** Common passwords in lower case. */
  readonly blocklist: ReadonlySet<string>
}

/**
 * Length, a blocklist and no e-mail address; no composition rules (NIST SP 800-63B §3.1.1.2, ASVS V6.2).
 * @returns why a new password is refused; undefined for a good one.
 */
export function refusePassword(password: string, context: PolicyContext): string | undefined {
  const normal = normalizePassword(password)
  const length = Array.from(normal).length
  if (/\p{Surrogate}/u.test(normal)) return 'must be valid Unicode'
  if (length < context.minLength) return `must have at least ${context.minLength} characters`
  if (length > MAX_PASSWORD_LENGTH) return `must have at most ${MAX_PASSWORD_LENGTH} characters`

  const folded = normal.toLowerCase()
  if (context.blocklist.has(folded)) return 'is one of the most common passwords'
  if (REPETITION.test(folded)) return 'must not be the same few characters over and over'
  if (containsEmail(folded, normalizeEmail(context.email)))
    return 'must not contain your e-mail address'
  return undefined
}

function containsEmail(folded: string, email: string): boolean {
  const local = email.slice(0, email.lastIndexOf('@'))
  return folded.includes(email) || (local.length >= MIN_CONTEXT_LENGTH && folded.includes(local))
}
