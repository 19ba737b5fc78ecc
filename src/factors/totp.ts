import { timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'
import type { Random } from '../lib/random.js'

/** What every authenticator app can do, and most can do nothing else (RFC 6238 §1.2, RFC 4226 §4). */
const ALGORITHM = 'SHA1'
const DIGITS = 6
const PERIOD_SECONDS = 30

/** RFC 4226 §4 R6 recommends 160 bits. */
const SECRET_BYTES = 20
/** Steps that the clock of a phone may be early or late (RFC 6238 §5.2). */
const DRIFT = 1

const PASSWORD = /^\d{6}$/
/** How apps show one, and people type it. */
const SPACING = /\s/g

export const newTotpSecret = (random: Random): Buffer => random(SECRET_BYTES)

/** RFC 6238 §4. @param step 30 seconds each since the epoch. */
export const totpAt = (secret: Buffer, step: number): string =>
  HOTP.generate({ secret: asSecret(secret), algorithm: ALGORITHM, digits: DIGITS, counter: step })

/**
 * The time step that a password is right for: now's, or one step beside it. Each step is good once, and with it all
 * before it (RFC 6238 §5.2).
 * @param typed as a person typed it.
 * @param now milliseconds since the epoch.
 * @param lastStep the last one whose password was accepted.
 * @returns undefined for a wrong or used one.
 */
export function acceptedStep(
  secret: Buffer,
  typed: string,
  now: number,
  lastStep = -1,
): number | undefined {
  const password = typed.replaceAll(SPACING, '')
  if (!PASSWORD.test(password)) return undefined
  const current = Math.floor(now / (PERIOD_SECONDS * 1000))
  const steps = Array.from({ length: 2 * DRIFT + 1 }, (_, at) => current - DRIFT + at)
  const right = steps.filter((step) => isEqual(totpAt(secret, step), password))
  // Of two steps that happen to have one password, the later: the earlier is used up with it.
  return right.findLast((step) => step > lastStep)
}

/** Base32, for people who type the secret (RFC 4648 §6). */
export const base32Of = (secret: Buffer): string => asSecret(secret).base32

/**
 * What a QR code hands to an authenticator app.
 * https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 * @param label tells the accounts of one issuer apart, such as an e-mail address.
 */
export const totpUri = (secret: Buffer, issuer: string, label: string): string =>
  new TOTP({
    issuer,
    label,
    secret: asSecret(secret),
    algorithm: ALGORITHM,
    digits: DIGITS,
    period: PERIOD_SECONDS,
  }).toString()

const asSecret = (bytes: Buffer): Secret => new Secret({ buffer: new Uint8Array(bytes).buffer })

const isEqual = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other))
