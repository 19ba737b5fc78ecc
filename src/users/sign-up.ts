import { Problem } from '../http/problem.js'
import { SIGN_UP_CLOSED } from './errors.js'
import { type ProvenProfile, provesAddress } from './identities/identity.js'

/**
 * Who may make an account: anyone, no one, people whom an administrator has invited, or people whose address at one of
 * the domains is proved. Where it is not closed, invitations admit beside it (`Admissions`).
 */
export type SignUpPolicy = 'open' | 'closed' | 'invited' | { readonly domains: readonly string[] }

/**
 * Whether some people may make an account by password. A password proves no address, so they are all or none, unless
 * a mail proves it before there is an account.
 */
export const hasPasswordSignUp = (policy: SignUpPolicy, isProvedByMail: boolean): boolean =>
  policy === 'open' || (isProvedByMail && policy !== 'closed')

/**
 * Before an address is looked up: one that the provider does not prove can make no account then, and the answer
 * must not tell whether it has one.
 * @throws {Problem} SIGN_UP_CLOSED.
 */
export function assertLookUp(policy: SignUpPolicy, profile: ProvenProfile, address: string): void {
  if (policy !== 'open' && !provesAddress(profile, address)) throw new Problem(SIGN_UP_CLOSED)
}

/**
 * Whether a proved address may make an account without an invitation. Domains are compared whole: `example.com` does not admit
 * `sub.example.com`.
 * @param address in its normal form.
 */
export function isAdmitted(policy: SignUpPolicy, address: string): boolean {
  if (typeof policy === 'string') return policy === 'open'
  return policy.domains.includes(address.slice(address.lastIndexOf('@') + 1))
}

/**
 * Before an address is looked up that a mail is to prove: whether it is invited must not be told.
 * @param address in its normal form.
 * @throws {Problem} SIGN_UP_CLOSED.
 */
export function assertAskable(policy: SignUpPolicy, address: string): void {
  if (policy !== 'invited' && !isAdmitted(policy, address)) throw new Problem(SIGN_UP_CLOSED)
}
