import type { Part } from '../dynamodb/part.js'
import type { Trail } from '../events/trail.js'
import type { Notices } from '../email/notices.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import type { Random } from '../lib/random.js'
import { AccountChanged } from '../users/errors.js'
import type { PendingTotp } from '../users/factors.js'
import type { User } from '../users/user.js'
import { FACTOR_EXISTS, FACTOR_NOT_FOUND, factorInvalid } from './errors.js'
import { qrSvgOf } from './qr.js'
import { keptCodes, newRecoveryCodes } from './recovery-codes.js'
import { type SealedSecrets, totpPlace } from './sealed-secret.js'
import type { FactorsStore } from './store.js'
import { acceptedStep, base32Of, newTotpSecret, totpUri } from './totp.js'

export interface TotpEnrolmentDependencies {
  readonly store: FactorsStore
  readonly secrets: SealedSecrets
  readonly notices: Notices
  readonly trail: Trail
  /** Of the brand: what an authenticator app shows. */
  readonly issuer: string
  readonly clock: Clock
  readonly random: Random
}

/** A secret that is handed to an authenticator app, shown once. */
export interface TotpSecret {
  /** Base32. */
  readonly secret: string
  /** `otpauth://totp/...` */
  readonly uri: string
  /** The URI as a QR code, SVG. */
  readonly qr: string
}

/** The parts of the transaction that adds a factor, and what its person gets to see once. */
export interface AddedFactor {
  readonly parts: readonly Part[]
  /** Missing where the account has some already. */
  readonly recoveryCodes?: string[]
}

/** What shows that a secret has reached an app. */
interface Confirmation {
  /** As given to `begin`. */
  readonly bond: string
  readonly code: string
}

/** A secret may be confirmed for so long. */
const PENDING_MS = 10 * 60_000

const BEGIN_ANEW = 'Ask for a secret first: it can be confirmed for ten minutes.'

/** An authenticator app for an account, in two steps: a secret, and a one-time password that shows that it works. */
export class TotpEnrolment {
  readonly #dependencies: TotpEnrolmentDependencies

  constructor(dependencies: TotpEnrolmentDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Makes a secret, in place of any that is not confirmed yet.
   * @param user as they were read.
   * @param bond what it must be confirmed with: the id of the session, or the ticket of an enrolment. A thief in another
   * session neither sees the secret, nor has one of theirs confirmed by its owner.
   * @throws {Problem} FACTOR_EXISTS.
   * @throws {AccountChanged}
   */
  async begin(user: User, bond: string): Promise<TotpSecret> {
    const { store, secrets, clock, random } = this.#dependencies
    if (user.totp) throw new Problem(FACTOR_EXISTS)
    const secret = newTotpSecret(random)
    const sealed = await secrets.seal(secret, totpPlace(user.id))
    const pending = { secret: sealed, until: clock() + PENDING_MS, bond: digest(bond) }
    const isKept = await store.keepPending(user, pending)
    if (!isKept) throw new AccountChanged()
    return this.#shown(user, secret)
  }

  /** @returns the secret that waits to be confirmed, once more: a page may be loaded again. */
  async pending(user: User, bond: string): Promise<TotpSecret | undefined> {
    const { secrets } = this.#dependencies
    const pendingTotp = this.#openIn(user, bond)
    if (!pendingTotp) return undefined
    const { secret } = await secrets.open(pendingTotp.secret, totpPlace(user.id))
    return this.#shown(user, secret)
  }

  /**
   * The change that adds the factor, with recovery codes where the account has none, and the notice.
   * @param user as they were read.
   * @param confirmation its code is that of the new secret, and used up.
   * @throws {Problem} FACTOR_EXISTS; FACTOR_NOT_FOUND where nothing is to be confirmed; FACTOR_INVALID.
   * @throws {AccountChanged} from the transaction.
   */
  async confirming(caller: Caller, user: User, { bond, code }: Confirmation): Promise<AddedFactor> {
    const { store, secrets, notices, trail, clock } = this.#dependencies
    if (user.totp) throw new Problem(FACTOR_EXISTS)
    const pendingTotp = this.#openIn(user, bond)
    if (!pendingTotp) throw new Problem(FACTOR_NOT_FOUND, { detail: BEGIN_ANEW })
    const { secret, resealed = pendingTotp.secret } = await secrets.open(
      pendingTotp.secret,
      totpPlace(user.id),
    )
    const lastStep = acceptedStep(secret, code, clock())
    if (lastStep === undefined) throw factorInvalid()
    const addedAt = new Date(clock()).toISOString()
    const { recoveryCodes, changes } = this.recoveryCodesFor(user)
    const added = { secret: resealed, addedAt, lastStep, failures: 0 }
    return {
      parts: [
        store.changing(user, { totp: added, pendingTotp: undefined, ...changes }),
        ...notices.of(caller, 'factor-added', user, { factor: 'totp' }),
        trail.part(caller, 'authn_factor_added', { userId: user.id, factor: 'totp' }),
      ],
      ...(recoveryCodes && { recoveryCodes }),
    }
  }

  #openIn({ pendingTotp }: User, bond: string): PendingTotp | undefined {
    const isOpen =
      pendingTotp?.bond === digest(bond) && this.#dependencies.clock() < pendingTotp.until
    return isOpen ? pendingTotp : undefined
  }

  #shown(user: User, secret: Buffer): TotpSecret {
    const uri = totpUri(secret, this.#dependencies.issuer, user.email ?? user.id)
    return { secret: base32Of(secret), uri, qr: qrSvgOf(uri) }
  }

  /** Recovery codes come with the first factor, or where all are used: codes for the person, and what is kept. */
  recoveryCodesFor({ recoveryCodes: held }: User) {
    if (held && held.size > 0) return { changes: {} }
    const { random, clock } = this.#dependencies
    const recoveryCodes = newRecoveryCodes(random)
    return { recoveryCodes, changes: keptCodes(recoveryCodes, clock()) }
  }
}
