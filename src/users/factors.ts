/** Something sealed under a data key, which it names. */
export type Sealed = string

/** A secret for time-based one-time passwords (RFC 6238). */
export interface Totp {
  readonly secret: Sealed
  /** ISO 8601. */
  readonly addedAt: string
  /** The last time step whose password was accepted. */
  readonly lastStep: number
  /** Wrong passwords in a row. */
  readonly failures: number
}

/** One that its user has not confirmed yet. */
export interface PendingTotp {
  readonly secret: Sealed
  /** Milliseconds since the epoch. */
  readonly until: number
  /** SHA-256 of what it was asked for with, a session or a ticket, base64url: it is shown and confirmed there alone. */
  readonly bond: string
}

/** A passkey (WebAuthn Level 3). Times are ISO 8601. */
export interface Passkey {
  /** Of the credential, base64url. */
  readonly id: string
  /** COSE_Key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly name: string
  readonly addedAt: string
  readonly lastUsedAt?: string
  /** Whether it can be on more than one device (backup eligible). */
  readonly isSynced: boolean
  readonly transports?: readonly string[]
  /** Since a new password: it signs no one in alone, until it is used after another proof. */
  readonly isSuspended?: true
}

/** A browser that needs no second factor for a while. It never raises `acr`. */
export interface TrustedDevice {
  readonly id: string
  /** SHA-256 of what the browser keeps, base64url. */
  readonly hash: string
  /** ISO 8601. */
  readonly addedAt: string
  /** Milliseconds since the epoch. */
  readonly until: number
  /** Of the user, when it was trusted: it ends with either. */
  readonly epoch: number
  readonly factorsVersion: number
  readonly userAgent?: string
  readonly ip: string
}

/** What a profile holds of second factors. */
export interface Factors {
  readonly totp?: Totp
  readonly pendingTotp?: PendingTotp
  readonly passkeys?: readonly Passkey[]
  /** The user handle of the passkeys: random, and nothing else is known by it. */
  readonly webauthnId?: string
  /** SHA-256 of each code that is left, base64url. */
  readonly recoveryCodes?: ReadonlySet<string>
  /** When they were made, ISO 8601. */
  readonly recoveryCodesAt?: string
  /** Rises with each change of factors; their use changes nothing. */
  readonly factorsVersion?: number
  readonly trustedDevices?: readonly TrustedDevice[]
  readonly factorsRemoval?: FactorsRemoval
}

/** A removal of all second factors that an administrator has begun, see `pendingRemoval`. */
export interface FactorsRemoval {
  /** Id of the administrator. */
  readonly by: string
  /** ISO 8601. */
  readonly beganAt: string
  /** When it takes effect without another administrator, milliseconds since the epoch. */
  readonly until: number
  /** Of the factors that it is about. */
  readonly factorsVersion: number
  /** Id of another administrator who wants it too, where that is not enough by itself. */
  readonly confirmedBy?: string
  /** Of the mail that takes it back; missing where the owner could not be told. */
  readonly ticketId?: string
}

/** All that a profile has of second factors but their version, which tells of a change that they are gone. */
export const FACTOR_ATTRIBUTES = [
  ...(['totp', 'pendingTotp', 'passkeys', 'webauthnId', 'recoveryCodes'] as const),
  ...(['recoveryCodesAt', 'trustedDevices', 'factorsRemoval'] as const),
] satisfies readonly (keyof Factors)[]

/** As many wrong one-time passwords in a row are compared (NIST SP 800-63B-4 §3.2.2). */
export const MAX_TOTP_FAILURES = 100

/** Ways to prove a second factor, as the contract names them. */
export type FactorKind = 'passkey' | 'totp' | 'recovery-code'

/** Whether a password alone does not open the account. */
export const hasSecondFactor = ({ totp, passkeys = [] }: Factors): boolean =>
  totp !== undefined || passkeys.length > 0

/** Whether one-time passwords are compared no more, until something else proves the person. */
export const isTotpLocked = ({ totp }: Factors): boolean =>
  totp !== undefined && totp.failures >= MAX_TOTP_FAILURES

/** What a user has to prove a second factor with. */
export function factorKindsOf(user: Factors): FactorKind[] {
  const { totp, passkeys = [], recoveryCodes = new Set() } = user
  return [
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(totp && !isTotpLocked(user) ? (['totp'] as const) : []),
    ...(hasSecondFactor(user) && recoveryCodes.size > 0 ? (['recovery-code'] as const) : []),
  ]
}

/**
 * The same without what the service takes from no one. It may be empty: a factor that cannot be used is still asked for,
 * and what is left then is an administrator's help.
 * @param takesPasskeys whether the service does.
 */
export const usableFactorsOf = (user: Factors, takesPasskeys: boolean): FactorKind[] =>
  factorKindsOf(user).filter((kind) => takesPasskeys || kind !== 'passkey')

/**
 * The passkeys that a new password suspends: a thief may have added those since a moment.
 * @param since ISO 8601.
 */
export const recentPasskeys = ({ passkeys = [] }: Factors, since: string): Passkey[] =>
  passkeys.filter(({ addedAt, isSuspended = false }) => !isSuspended && addedAt >= since)

/** Whose sign-in needs a second factor, whether or not they have one yet. */
export type SecondFactorPolicy = 'optional' | 'administrators' | 'required'

export const isFactorWanted = (
  policy: SecondFactorPolicy,
  { role }: { readonly role: string },
): boolean => policy === 'required' || (policy === 'administrators' && role === 'admin')

/**
 * What is left of factors without those that were added since a time. Recovery codes from before stay as long as another
 * factor does.
 */
export function factorsBefore(
  { totp, passkeys = [], recoveryCodes, recoveryCodesAt = '', factorsVersion = 0 }: Factors,
  since: string,
) {
  const isEarlier = ({ addedAt }: { readonly addedAt: string }) => addedAt < since
  const kept = passkeys.filter(isEarlier)
  const left: Factors = {
    ...(totp && isEarlier(totp) && { totp }),
    ...(kept.length > 0 && { passkeys: kept }),
  }
  const hasTotpGone = totp !== undefined && left.totp === undefined
  const passkeysGone = passkeys.filter((passkey) => !isEarlier(passkey))
  const areCodesGone = recoveryCodesAt >= since
  const areCodesKept = hasSecondFactor(left) && !areCodesGone
  return {
    hasTotpGone,
    passkeysGone,
    changes:
      hasTotpGone || passkeysGone.length > 0 || areCodesGone
        ? {
            totp: left.totp,
            passkeys: left.passkeys,
            recoveryCodes: areCodesKept ? recoveryCodes : undefined,
            recoveryCodesAt: areCodesKept ? recoveryCodesAt : undefined,
            pendingTotp: undefined,
            trustedDevices: undefined,
            factorsVersion: factorsVersion + 1,
          }
        : {},
  }
}
