import type { Part } from '../dynamodb/part.js'
import type { Notices } from '../email/notices.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { AccountChanged } from '../users/errors.js'
import type { User } from '../users/user.js'
import { FACTOR_EXISTS, FACTOR_NOT_FOUND, factorInvalid } from './errors.js'
import { qrSvgOf } from './qr.js'
import { digestsOf, newRecoveryCodes } from './recovery-codes.js'
import { type SealedSecrets, totpPlace } from './sealed-secret.js'
import type { FactorsStore } from './store.js'
import { acceptedStep, base32Of, newTotpSecret, totpUri } from './totp.js'

export interface TotpEnrolmentDependencies {
  readonly store: FactorsStore
  readonly secrets: SealedSecrets
  readonly notices: Notices
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
   * @throws {Problem} FACTOR_EXISTS.
   * @throws {AccountChanged}
   */
  async begin(user: User): Promise<TotpSecret> {
    const { store, secrets, clock, random } = this.#dependencies
    if (user.totp) throw new Problem(FACTOR_EXISTS)
    const secret = newTotpSecret(random)
    const sealed = await secrets.seal(secret, totpPlace(user.id))
    const isKept = await store.keepPending(user, { secret: sealed, until: clock() + PENDING_MS })
    if (!isKept) throw new AccountChanged()
    return this.#shown(user, secret)
  }

  /** @returns the secret that waits to be confirmed, once more: a page may be loaded again. */
  async pending(user: User): Promise<TotpSecret | undefined> {
    const { secrets, clock } = this.#dependencies
    const { pendingTotp } = user
    if (!pendingTotp || pendingTotp.until <= clock()) return undefined
    const { secret } = await secrets.open(pendingTotp.secret, totpPlace(user.id))
    return this.#shown(user, secret)
  }

  /**
   * The change that adds the factor, with recovery codes where the account has none, and the notice.
   * @param user as they were read.
   * @param code of the new secret; it is used up.
   * @throws {Problem} FACTOR_EXISTS; FACTOR_NOT_FOUND where nothing is to be confirmed; FACTOR_INVALID.
   * @throws {AccountChanged} from the transaction.
   */
  async confirming(caller: Caller, user: User, code: string): Promise<AddedFactor> {
    const { store, secrets, notices, clock } = this.#dependencies
    const { totp, pendingTotp } = user
    if (totp) throw new Problem(FACTOR_EXISTS)
    if (!pendingTotp || pendingTotp.until <= clock()) {
      throw new Problem(FACTOR_NOT_FOUND, { detail: BEGIN_ANEW })
    }
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
      ],
      ...(recoveryCodes && { recoveryCodes }),
    }
  }

  #shown(user: User, secret: Buffer): TotpSecret {
    const uri = totpUri(secret, this.#dependencies.issuer, user.email ?? user.id)
    return { secret: base32Of(secret), uri, qr: qrSvgOf(uri) }
  }

  /** Recovery codes come with the first factor, or where all are used: codes for the person, and what is kept. */
  recoveryCodesFor({ recoveryCodes: held }: User) {
    if (held && held.size > 0) return { changes: {} }
    const recoveryCodes = newRecoveryCodes(this.#dependencies.random)
    return { recoveryCodes, changes: { recoveryCodes: digestsOf(recoveryCodes) } }
  }
}
