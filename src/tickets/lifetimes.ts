import type { MailTicketKind } from './mail-secrets.js'

const MINUTE = 60_000
const DAY = 86_400_000

/** How long a code of a mail is good, milliseconds (ASVS 6.5.5). */
export const CODE_MS = 10 * MINUTE

/**
 * How long the link of a mail is good, milliseconds. A day is the most for the proof of an address (NIST SP
 * 800-63B-4 §4.2.1.2). A change of address has a code alone.
 */
export const LINK_MS: Readonly<Record<MailTicketKind, number>> = {
  verification: DAY,
  'password-reset': 30 * MINUTE,
  'sign-in': 30 * MINUTE,
  'address-change': CODE_MS,
  'address-undo': 7 * DAY,
  'factors-removal': 7 * DAY,
  invitation: DAY,
}

/** Kinds that have no code: their mails come unasked, so that no browser has a flow. */
export const LINK_ONLY: ReadonlySet<MailTicketKind> = new Set<MailTicketKind>([
  'address-undo',
  'factors-removal',
  'invitation',
])
