import { normalizeEmail } from './email.js'
import { MAX_PASSWORD_LENGTH, type PasswordRefusal } from './schemas.js'

/** The same thing three times or more, such as `aaaaaaaaaaaa`: guessed first, and in no list. */
const REPETITION = /^(.+?)\1{2,}$/su

/** Digits and marks around letters, so few that they hide no common word: `password1234`, `!summer2024`. */
const TRIMMINGS = /^\P{L}{1,8}(?=\p{L})|(?<=\p{L})\P{L}{1,8}$/gu

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
  /** What the service is called, in lower case. */
  readonly serviceNames: readonly string[]
}

/** @returns the brand, the host and the parts of the host, as no password may be (ASVS V6.1.2). */
export function serviceNamesOf(brand: string, issuer: string): readonly string[] {
  const { hostname } = new URL(issuer)
  return [brand, hostname, ...hostname.split('.')].map((name) => name.toLowerCase())
}

/** Why a new password is refused: for programs, and the rest of a sentence that begins with “It”. */
export interface Refusal {
  readonly code: PasswordRefusal
  readonly message: string
}

/**
 * Length, a blocklist and no e-mail address; no composition rules (NIST SP 800-63B §3.1.1.2, ASVS V6.2).
 * @returns why a new password is refused; undefined for a good one.
 */
export function refusePassword(password: string, context: PolicyContext): Refusal | undefined {
  const code = findFault(password, context)
  return code && { code, message: MESSAGES[code](context) }
}

const MESSAGES: Readonly<Record<PasswordRefusal, (context: PolicyContext) => string>> = {
  NOT_UNICODE: () => 'must be valid Unicode',
  TOO_SHORT: ({ minLength }) => `must have at least ${minLength} characters`,
  TOO_LONG: () => `must have at most ${MAX_PASSWORD_LENGTH} characters`,
  COMMON: () => 'is one of the most common passwords, or little more',
  REPETITIVE: () => 'must not be the same few characters over and over',
  CONTAINS_EMAIL: () => 'must not contain your e-mail address',
}

function findFault(password: string, context: PolicyContext): PasswordRefusal | undefined {
  const normal = normalizePassword(password)
  const length = Array.from(normal).length
  if (/\p{Surrogate}/u.test(normal)) return 'NOT_UNICODE'
  if (length < context.minLength) return 'TOO_SHORT'
  if (length > MAX_PASSWORD_LENGTH) return 'TOO_LONG'

  const folded = normal.toLowerCase()
  if (isCommon(folded, context)) return 'COMMON'
  if (REPETITION.test(folded)) return 'REPETITIVE'
  if (containsEmail(folded, normalizeEmail(context.email))) return 'CONTAINS_EMAIL'
  return undefined
}

function isCommon(folded: string, { blocklist, serviceNames }: PolicyContext): boolean {
  const forms = [folded, folded.replaceAll(TRIMMINGS, '')]
  return forms.some((form) => blocklist.has(form) || serviceNames.includes(form))
}

function containsEmail(folded: string, email: string): boolean {
  const local = email.slice(0, email.lastIndexOf('@'))
  if (email === '') return false
  return folded.includes(email) || (local.length >= MIN_CONTEXT_LENGTH && folded.includes(local))
}
