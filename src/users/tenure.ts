const DAY_MS = 86_400_000

/**
 * An administrator can make another one, and can take the role from one. So a new administrator is not yet one of two
 * whose word is wanted, and the account of a former one keeps the rules of administrators for as long.
 */
const TENURE_MS = 7 * DAY_MS

/** What a profile has of the time of an administrator. ISO 8601. */
export interface Tenure {
  /**
   * Since when the account has had the role. Missing for a role that is older than this field, or where the account
   * was disabled since: the role has to be given again.
   */
  readonly adminSince?: string
  /** When the account lost the role. */
  readonly adminUntil?: string
}

/** The `adminSince` of the newest administrator who counts as one of two, in what began at a time. Both ISO 8601. */
export const tenureBefore = (beganAt: string): string =>
  new Date(Date.parse(beganAt) - TENURE_MS).toISOString()

/**
 * Whether the rules of administrators' accounts hold for an account.
 * @param now milliseconds since the epoch.
 */
export const isAdminAccount = (
  { role, adminUntil }: Tenure & { readonly role: string },
  now: number,
): boolean =>
  role === 'admin' || (adminUntil !== undefined && now < Date.parse(adminUntil) + TENURE_MS)
