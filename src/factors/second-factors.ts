import type { Notices } from '../email/notices.js'
import type { Refusals } from '../dynamodb/refusals.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { isOutage, Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { type FactorKind, isTotpLocked, usableFactorsOf } from '../users/factors.js'
import type { User } from '../users/user.js'
import { factorInvalid } from './errors.js'
import type { Guess, Guesses } from './guesses.js'
import type { Passkeys } from './passkeys/passkeys.js'
import type { Assertion } from './passkeys/schemas.js'
import type { ProvedFactor } from './proved-factor.js'
import { typedDigest } from './recovery-codes.js'
import { type SealedSecrets, totpPlace } from './sealed-secret.js'
import type { FactorsStore } from './store.js'
import { acceptedStep } from './totp.js'

export interface SecondFactorsDependencies {
  readonly store: FactorsStore
  readonly secrets: SealedSecrets
  readonly guesses: Guesses
  readonly passkeys: Passkeys
  /** Whether the service does. */
  readonly takesPasskeys: boolean
  readonly notices: Notices
  readonly trail: Trail
  readonly refusals: Refusals
  readonly clock: Clock
}

/** What a person types, and someone else may guess. */
type TypedProof = { readonly totp: string } | { readonly recoveryCode: string }

/** What a person shows: one of three. */
export type FactorProof = TypedProof | { readonly assertion: Assertion }

/** A proof was right, but for what its parts find. */
type Proved = ProvedFactor | undefined

const TOO_MANY_IN_A_ROW =
  'Too many codes in a row were wrong. Use a passkey or a recovery code, or ask an administrator.'

/** The second step of a sign-in, and of a step-up: what proves a second factor, and what bounds wrong ones. */
export class SecondFactors {
  readonly #dependencies: SecondFactorsDependencies

  constructor(dependencies: SecondFactorsDependencies) {
    this.#dependencies = dependencies
  }

  /** What a user can prove a second factor with. */
  kindsOf(user: User): FactorKind[] {
    return usableFactorsOf(user, this.#dependencies.takesPasskeys)
  }

  /**
   * Counts before it compares, so that no number of tries at once compares more one-time passwords than are allowed. Nothing is used up
   * before `parts` are written.
   * @param user as they were just read.
   * @throws {Problem} FACTOR_INVALID, also from the parts where another request was first; RATE_LIMITED,
   * STORE_UNAVAILABLE.
   */
  async verify(caller: Caller, user: User, proof: FactorProof): Promise<ProvedFactor> {
    // No number of tries guesses a signature, so that they lock no owner out.
    if ('assertion' in proof)
      return this.#dependencies.passkeys.verify(caller, user, proof.assertion)
    const guess = await this.#count(caller, user, proof)
    const proved = await this.#prove(caller, user, proof).catch(async (error: unknown) => {
      await guess.takeBack().catch(() => undefined)
      throw error
    })
    if (proved) return { ...proved, parts: [...proved.parts, ...guess.succeed()] }
    const [kind] = Object.keys(proof)
    report(caller.log, 'authn_factor_fail', { userId: user.id, kind })
    await this.#dependencies.refusals.count(caller, 'authn_factor_fail', {
      userId: user.id,
      tried: user.id,
    })
    await guess.fail()
    throw factorInvalid(isTotpLocked(user) && 'totp' in proof ? TOO_MANY_IN_A_ROW : undefined)
  }

  /**
   * A recovery code is compared where there is no place left, too: no number of tries guesses one of 120 bits
   * (NIST SP 800-63B-4 §3.1.2.2), and who knows the password must not be able to shut the owner out. A wrong one gets the
   * answer that all others get then.
   */
  async #count(caller: Caller, user: User, proof: TypedProof): Promise<Guess> {
    try {
      return await this.#dependencies.guesses.count(caller, user)
    } catch (error) {
      const isFull = error instanceof Problem && !isOutage(error)
      if (!isFull || !('recoveryCode' in proof)) throw error
      const fail = () => Promise.reject(error)
      return { fail, succeed: () => [], takeBack: () => Promise.resolve() }
    }
  }

  #prove(caller: Caller, user: User, proof: TypedProof): Promise<Proved> {
    if ('totp' in proof) return this.#byTotp(user, proof.totp)
    return this.#byRecoveryCode(caller, user, proof.recoveryCode)
  }

  async #byTotp(user: User, typed: string): Promise<Proved> {
    const { store, secrets, clock } = this.#dependencies
    const { totp } = user
    if (!totp || isTotpLocked(user)) return undefined
    // A secret that does not open is compared with nothing, and no wrong password.
    const { secret, resealed } = await secrets.open(totp.secret, totpPlace(user.id))
    if (!(await store.countFailure(user))) return undefined
    const step = acceptedStep(secret, typed, clock(), totp.lastStep)
    if (step === undefined) return undefined
    const parts = [store.usingTotp(user, { step, resealed })]
    return { kind: 'totp', amr: ['otp', 'mfa'], parts }
  }

  async #byRecoveryCode(caller: Caller, user: User, typed: string): Promise<Proved> {
    const { store, notices, trail } = this.#dependencies
    const { recoveryCodes = new Set<string>() } = user
    const digest = typedDigest(typed)
    if (digest === undefined || !recoveryCodes.has(digest)) return undefined
    const codesLeft = recoveryCodes.size - 1
    const notice = notices.of(caller, 'recovery-code-used', user, { codesLeft })
    return {
      kind: 'recovery-code',
      amr: ['mfa'],
      parts: [
        store.usingRecoveryCode(user, digest),
        ...notice,
        trail.part(caller, 'authn_recovery_code_used', { userId: user.id, codesLeft }),
      ],
      recoveryCodesLeft: codesLeft,
    }
  }
}
