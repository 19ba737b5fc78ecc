import { digest } from '../../lib/digest.js'
import { cleanName } from '../../lib/display-name.js'
import type { SuspendedReason } from '../../lib/suspension.js'
import { providedAddress } from '../email.js'

/** What a provider has proved about a person. */
export interface ProvenProfile {
  /** Id of the provider in our configuration. */
  readonly provider: string
  readonly issuer: string
  /** `sub`: with the issuer, the identity (OpenID Connect Core §5.7). The e-mail address never is. */
  readonly subject: string
  readonly email?: string
  /** Whether the provider says that it has verified the address. */
  readonly emailVerified: boolean
  /** Domains of addresses that the provider speaks for; `*` is all. */
  readonly domains: readonly string[]
  readonly name?: string
}

/** A way to sign in at a provider, as it is stored in its user. */
export interface Identity {
  readonly id: string
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  /** The provider's address when it was linked, for its owner to recognise. */
  readonly email?: string
  /** Whether the provider proved that address then; unknown of an identity that was linked before this was kept. */
  readonly isProof?: boolean
  readonly linkedAt: string
  /** Why the service suspended it: it cannot sign in until its owner or an administrator enables it. */
  readonly suspendedReason?: SuspendedReason
}

/** An identity as its owner and administrators see it. */
export interface ListedIdentity {
  readonly id: string
  readonly provider: string
  readonly issuer: string
  readonly email: string | null
  readonly linkedAt: string
  readonly status: 'active' | 'suspended'
  readonly suspendedReason: SuspendedReason | null
}

export const listedIdentity = (identity: Identity): ListedIdentity => ({
  id: identity.id,
  provider: identity.provider,
  issuer: identity.issuer,
  email: identity.email ?? null,
  linkedAt: identity.linkedAt,
  status: isUsableIdentity(identity) ? 'active' : 'suspended',
  suspendedReason: identity.suspendedReason ?? null,
})

/** Whether one can sign in with it. */
export const isUsableIdentity = ({ suspendedReason }: Identity): boolean =>
  suspendedReason === undefined

/**
 * Suspends what was linked since a moment. The identity that an account was made with is its owner's, however
 * recent.
 * @param since ISO 8601.
 * @returns the list as it is then, and those of it that have just been suspended.
 */
export function suspendRecent(
  {
    identities = [],
    createdAt,
  }: { readonly identities?: readonly Identity[]; readonly createdAt: string },
  { since, reason }: { readonly since: string; readonly reason: SuspendedReason },
): { readonly identities: readonly Identity[]; readonly suspended: readonly Identity[] } {
  const isPlanted = (identity: Identity) =>
    isUsableIdentity(identity) && identity.linkedAt >= since && identity.linkedAt > createdAt
  return {
    identities: identities.map((identity) =>
      isPlanted(identity) ? { ...identity, suspendedReason: reason } : identity,
    ),
    suspended: identities.filter(isPlanted),
  }
}

/** Far more than there are providers; bounds the item of the user. */
export const MAX_IDENTITIES = 10

const MAX_NAME = 100

/** What the identity of a person at a provider is called. */
export const identityId = ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string =>
  digest(identityKey(issuer, subject)).slice(0, 22)

export function identityOf(profile: ProvenProfile, now: number): Identity {
  const { provider, issuer, subject, email } = profile
  return {
    id: identityId(profile),
    provider,
    issuer,
    subject,
    ...(isUsable(email) && {
      email,
      isProof: provesAddress(profile, providedAddress(email) ?? ''),
    }),
    linkedAt: new Date(now).toISOString(),
  }
}

/**
 * Whether an account's verified address stays so when one of its identities goes: another proves it, or the one that
 * goes never did. The same identity must not come back by the address.
 */
export function staysVerified(
  address: string | undefined,
  gone: Identity,
  others: readonly Identity[],
): boolean {
  const isOf = ({ email }: Identity) => email !== undefined && providedAddress(email) === address
  if (gone.isProof === false || !isOf(gone)) return true
  return others.some((other) => other.isProof === true && isOf(other))
}

/** Whether the provider proves that an address, in its normal form, is this person's. */
export function provesAddress(profile: ProvenProfile, address: string): boolean {
  const { email, emailVerified, domains } = profile
  if (!emailVerified || email === undefined || providedAddress(email) !== address) return false
  return domains.includes('*') || domains.includes(address.slice(address.lastIndexOf('@') + 1))
}

const isUsable = (email: string | undefined): email is string =>
  email !== undefined && providedAddress(email) !== undefined

/** An issuer is a URL without a fragment, so the first `#` ends it. */
export const identityKey = (issuer: string, subject: string): string => `${issuer}#${subject}`

/** A provider's display name under the rule of our own sign-up form; undefined where nothing is left. */
export const displayName = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : cleanName(name, MAX_NAME)
