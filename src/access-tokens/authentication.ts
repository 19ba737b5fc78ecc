/**
 * How a person has proved who they are (RFC 8176 §2): by password, one-time password, a key in hardware or in software,
 * with user verification, by more than one factor. `fed` and `email` are our own: an identity provider, and a code or
 * link that was mailed, which is no one-time password that others may take for a second factor.
 */
export type Amr = 'pwd' | 'otp' | 'hwk' | 'swk' | 'user' | 'mfa' | 'fed' | 'email'

/** One factor: a password, a mail, an identity provider, with or without a device that is trusted. */
export const ONE_FACTOR = 'urn:latchkey:1'
/** Two factors, or a passkey with user verification. */
export const TWO_FACTORS = 'urn:latchkey:2'

/** Authentication context class (OpenID Connect Core 1.0 §2 `acr`). */
export type Acr = typeof ONE_FACTOR | typeof TWO_FACTORS

/** The weakest first: each includes those before it. */
export const ACR_VALUES: readonly Acr[] = [ONE_FACTOR, TWO_FACTORS]

export const acrOf = (amr: readonly string[]): Acr =>
  amr.includes('mfa') ? TWO_FACTORS : ONE_FACTOR

/** All ways to authenticate, each once. */
export const union = (one: readonly Amr[], other: readonly Amr[]): Amr[] => [
  ...new Set([...one, ...other]),
]

/** How and when the user of a session has authenticated. */
export interface Authentication {
  /** Empty in sessions of earlier versions. */
  readonly amr: readonly Amr[]
  /** Milliseconds since the epoch. */
  readonly authTime: number
}
