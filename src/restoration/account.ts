import type { TrailItem } from '../events/trail.js'
import { listedId } from '../factors/passkeys/listed.js'
import { EVER, type KeySuspension, type SuspendedReason, withPending } from '../lib/suspension.js'
import { hasSecondFactor } from '../users/factors.js'
import { type Identity, staysVerified } from '../users/identities/identity.js'
import type { Role, Status, User } from '../users/user.js'

/** What was done to an account again; each kind is a line of the report. */
export type AccountChange =
  | ('disabled' | 'demoted' | 'passwordCleared' | 'addressTaken' | 'sessionsEnded')
  | ('identityRemoved' | 'identitySuspended' | 'factorRemoved' | 'passkeySuspended')
  | ('recoveryCodesCleared' | 'devicesForgotten' | 'consentWithdrawn' | 'removalStopped')

/** An account as it must be before it is used again. */
export interface RevisedAccount {
  readonly user: User
  readonly changes: readonly AccountChange[]
  /** Ids of sessions that were ended one by one. */
  readonly endedSessions: readonly string[]
  /** Apps whose sessions were ended. */
  readonly withdrawnApps: readonly string[]
  /** Why a person has to look at it, or nothing. */
  readonly why: readonly string[]
}

/** Whether an account was erased. */
export const isErased = (items: readonly TrailItem[]): boolean =>
  items.some(({ facts }) => facts?.action === 'delete')

/**
 * Takes away from an account of a restored table what was taken from it since. What the trail does not say, such as a
 * new password, is not made up: then the old one is taken away all the same.
 * @param items of its trail since the moment of the table, the oldest first.
 */
export function reviseAccount(user: User, items: readonly TrailItem[]): RevisedAccount {
  const revision = new Revision(user)
  for (const item of items) revision.take(item)
  return revision.finish()
}

type Mutable<T> = { -readonly [K in keyof T]?: T[K] | undefined }

class Revision {
  readonly #before: User
  readonly #next: Mutable<User>
  readonly #changes = new Set<AccountChange>()
  readonly #endedSessions: string[] = []
  readonly #withdrawnApps: string[] = []
  readonly #why: string[] = []
  readonly #goneIdentities = new Set<string>()
  readonly #suspendedIdentities = new Map<string, SuspendedReason>()
  readonly #gonePasskeys = new Set<string>()
  readonly #suspendedPasskeys = new Set<string>()
  /** Second factors that the account had at the end, those that the table does not have included. */
  readonly #factors: Set<string>
  #isTotpGone = false
  #areFactorsTouched = false
  #status: Status | undefined
  #role: Role | undefined

  constructor(user: User) {
    const { passkeys = [], totp } = user
    this.#before = user
    this.#next = { ...user }
    this.#factors = new Set([...passkeys.map(listedId), ...(totp ? ['totp'] : [])])
  }

  take({ event, at, facts = {} }: TrailItem): void {
    const text = (name: string): string => {
      const { [name]: value } = facts
      return typeof value === 'string' ? value : ''
    }
    switch (event) {
      case 'authn_password_change':
      case 'authn_password_reset':
        this.#clearPassword(at, facts.since)
        break
      case 'address_change_undone':
        this.#clearPassword(at, facts.since)
        this.#takeAddress()
        this.#forgetPlaces(at)
        break
      case 'account_taken_over':
        this.#takeOver(at)
        break
      case 'address_changed':
      case 'address_freed':
        this.#takeAddress()
        break
      case 'authn_sessions_ended':
        this.#changes.add('sessionsEnded')
        break
      case 'authn_logout':
      case 'authn_session_ended':
      case 'authn_token_reuse':
      case 'authn_token_revoked':
        if (facts.sessionId !== undefined) this.#endedSessions.push(text('sessionId'))
        break
      case 'authn_login_success':
      case 'user_created':
        if (facts.replaced !== undefined) this.#endedSessions.push(text('replaced'))
        break
      case 'identity_linked':
        this.#goneIdentities.delete(text('identityId'))
        break
      case 'identity_unlinked':
        this.#goneIdentities.add(text('identityId'))
        break
      case 'identity_suspended':
        this.#suspendedIdentities.set(text('identityId'), facts.reason as SuspendedReason)
        break
      case 'identity_suspension_lifted':
        this.#suspendedIdentities.delete(text('identityId'))
        break
      case 'authn_factor_added':
        this.#areFactorsTouched = true
        this.#factors.add(text('factor') === 'totp' ? 'totp' : text('passkeyId'))
        break
      case 'authn_factor_removed':
        this.#removeFactor(text('factor'), text('passkeyId'))
        break
      case 'authn_factors_removed':
        this.#removeFactors()
        break
      case 'authn_factors_removal_cancelled':
        this.#next.factorsRemoval = undefined
        break
      case 'authn_passkeys_suspended':
        for (const id of (facts.passkeyIds ?? []) as string[]) this.#suspendedPasskeys.add(id)
        break
      case 'authn_passkey_suspension_lifted':
        this.#suspendedPasskeys.delete(text('passkeyId'))
        break
      case 'authn_recovery_code_used':
      case 'authn_recovery_codes_replaced':
        this.#clearCodes()
        break
      case 'authn_device_ended':
        this.#next.trustedDevices = undefined
        break
      case 'consent_withdrawn':
        this.#withdraw(text('clientId'))
        break
      case 'authz_admin':
        this.#act(facts)
        break
    }
  }

  finish(): RevisedAccount {
    const next = this.#next
    this.#reviseIdentities()
    this.#reviseFactors()
    const isDisabled = this.#status === 'disabled'
    if (isDisabled && this.#before.status === 'active') {
      this.#changes.add('disabled')
      next.status = 'disabled'
      next.adminSince = undefined
    }
    if (this.#role === 'user' && this.#before.role === 'admin') {
      this.#changes.add('demoted')
      next.role = 'user'
      next.adminSince = undefined
    }
    if (this.#changes.has('sessionsEnded')) {
      next.epoch = this.#before.epoch + 1
      next.keptSession = undefined
    }
    this.#noteOthers()
    return {
      user: next as User,
      changes: [...this.#changes],
      endedSessions: this.#endedSessions,
      withdrawnApps: this.#withdrawnApps,
      why: this.#why,
    }
  }

  #act({ action, to, identityId }: Readonly<Record<string, unknown>>): void {
    switch (action) {
      case 'role':
        this.#role = to as Role
        break
      case 'status':
        this.#status = to as Status
        this.#changes.add('sessionsEnded')
        break
      case 'end_sessions':
        this.#changes.add('sessionsEnded')
        break
      case 'enable_identity':
        this.#suspendedIdentities.delete(String(identityId))
        break
      case 'release_address':
      case 'give_address':
        this.#takeAddress()
        break
      case 'remove_factors':
        this.#removeFactors()
        break
      case 'take_back_factors_removal':
        this.#next.factorsRemoval = undefined
        break
    }
  }

  /** The new one is in no table: the old one must open nothing. */
  #clearPassword(at: string, since: unknown): void {
    const next = this.#next
    if (next.passwordHash !== undefined) this.#changes.add('passwordCleared')
    next.passwordHash = undefined
    next.mustChangePassword = undefined
    next.consents = undefined
    this.#changes.add('sessionsEnded')
    if (typeof since === 'string') this.#suspendKeys({ since, at, reason: 'restored' })
  }

  /** Of several, none gives back what another stops. */
  #suspendKeys(suspension: KeySuspension): void {
    this.#next.suspendingKeys = withPending(this.#next.suspendingKeys, suspension)
  }

  /** Where its owner took it back from another person, who may have signed in before. */
  #forgetPlaces(at: string): void {
    this.#next.knownAddresses = undefined
    this.#next.ownedSince = at
  }

  /** Which one the account has by now is kept nowhere. */
  #takeAddress(): void {
    const next = this.#next
    if (next.email !== undefined || next.formerEmail !== undefined) {
      this.#changes.add('addressTaken')
      this.#why.push('its address has changed: give it the new one (readdress)')
    }
    next.email = undefined
    next.emailVerified = undefined
    next.provedByMail = undefined
    next.formerEmail = undefined
    next.earlierAddresses = undefined
    this.#changes.add('sessionsEnded')
  }

  #takeOver(at: string): void {
    this.#clearPassword(at, undefined)
    this.#suspendKeys({ since: EVER, at, reason: 'restored', isRemoval: true })
    this.#forgetPlaces(at)
    this.#next.name = undefined
    for (const { id } of this.#before.identities ?? []) this.#goneIdentities.add(id)
    this.#removeFactors()
  }

  #removeFactor(factor: string, passkeyId: string): void {
    this.#areFactorsTouched = true
    this.#factors.delete(factor === 'totp' ? 'totp' : passkeyId)
    if (factor === 'totp') this.#isTotpGone = true
    else this.#gonePasskeys.add(passkeyId)
    if (this.#factors.size === 0) this.#clearCodes()
  }

  #removeFactors(): void {
    this.#areFactorsTouched = true
    this.#factors.clear()
    this.#isTotpGone = true
    for (const passkey of this.#before.passkeys ?? []) this.#gonePasskeys.add(listedId(passkey))
    this.#clearCodes()
    this.#changes.add('sessionsEnded')
  }

  /** Which of them are used, or what the new ones are, is kept nowhere. */
  #clearCodes(): void {
    if (this.#next.recoveryCodes) this.#changes.add('recoveryCodesCleared')
    this.#next.recoveryCodes = undefined
    this.#next.recoveryCodesAt = undefined
  }

  #withdraw(clientId: string): void {
    this.#withdrawnApps.push(clientId)
    const { consents } = this.#next
    if (!consents || !Object.hasOwn(consents, clientId)) return
    this.#next.consents = Object.fromEntries(
      Object.entries(consents).filter(([id]) => id !== clientId),
    )
    this.#changes.add('consentWithdrawn')
  }

  #reviseIdentities(): void {
    const { identities = [], email, emailVerified, provedByMail = false } = this.#before
    const left = identities.filter(({ id }) => !this.#goneIdentities.has(id))
    const gone = identities.filter(({ id }) => this.#goneIdentities.has(id))
    const suspended = left.map((identity): Identity => {
      const reason = this.#suspendedIdentities.get(identity.id)
      if (reason === undefined || identity.suspendedReason !== undefined) return identity
      this.#changes.add('identitySuspended')
      return { ...identity, suspendedReason: reason }
    })
    if (gone.length > 0) this.#changes.add('identityRemoved')
    if (gone.length > 0 || this.#changes.has('identitySuspended')) this.#next.identities = suspended
    // The same identity must not come back by an address that it alone has proved.
    const isProved = provedByMail || gone.every((one) => staysVerified(email, one, left))
    if (gone.length > 0 && emailVerified && this.#next.email !== undefined)
      this.#next.emailVerified = isProved
  }

  #reviseFactors(): void {
    const next = this.#next
    const { passkeys = [], totp } = this.#before
    const left = passkeys.filter((passkey) => !this.#gonePasskeys.has(listedId(passkey)))
    if (left.length < passkeys.length || (totp && this.#isTotpGone))
      this.#changes.add('factorRemoved')
    const suspended = left.map((passkey) => {
      const isNew = this.#suspendedPasskeys.has(listedId(passkey)) && !passkey.isSuspended
      if (!isNew) return passkey
      this.#changes.add('passkeySuspended')
      return { ...passkey, isSuspended: true as const }
    })
    next.passkeys = suspended.length > 0 ? suspended : undefined
    if (this.#isTotpGone) next.totp = undefined
    if (this.#areFactorsTouched) {
      next.pendingTotp = undefined
      next.trustedDevices = undefined
      next.factorsRemoval = undefined
      next.factorsVersion = (this.#before.factorsVersion ?? 0) + 1
    }
    // A password alone did not open it any more.
    if (this.#factors.size === 0 || hasSecondFactor(next as User)) return
    this.#status = 'disabled'
    this.#changes.add('sessionsEnded')
    this.#why.push('its second factor is newer than the tables: enable it once its owner is known')
  }

  #noteOthers(): void {
    const [before, next] = [this.#before, this.#next]
    if (before.trustedDevices && !next.trustedDevices) this.#changes.add('devicesForgotten')
    if (before.factorsRemoval && !next.factorsRemoval) this.#changes.add('removalStopped')
    if (this.#changes.has('passwordCleared') && next.email === undefined)
      this.#why.push('its password has changed, and it has no address to choose a new one by')
  }
}
