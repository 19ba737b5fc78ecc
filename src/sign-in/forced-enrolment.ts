import { union } from '../access-tokens/authentication.js'
import type { Amr } from '../access-tokens/authentication.js'
import type { Part } from '../dynamodb/part.js'
import { reportAdded } from '../factors/desk.js'
import type { TotpEnrolment, TotpSecret } from '../factors/enrolment.js'
import { factorInvalid } from '../factors/errors.js'
import type { ListedPasskey } from '../factors/passkeys/listed.js'
import type { NewPasskey, Passkeys } from '../factors/passkeys/passkeys.js'
import type { CreationOptions } from '../factors/passkeys/schemas.js'
import type { Caller } from '../http/caller.js'
import type { Grant } from '../sessions/sessions.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { FoundHalf, HalfSignIns } from './half-sign-ins.js'
import type { SignIn, SignInWish } from './sign-in.js'

export interface ForcedEnrolmentDependencies {
  readonly halfSignIns: HalfSignIns
  readonly totp: TotpEnrolment
  readonly passkeys: Passkeys
  readonly signIn: SignIn
}

/** A factor that was added, and the session that was opened with it. */
export interface EnrolledSignIn extends Grant {
  /** Shown once. */
  readonly recoveryCodes: readonly string[]
}

interface Added {
  readonly parts: readonly Part[]
  readonly amr: readonly Amr[]
  readonly recoveryCodes?: readonly string[] | undefined
}

type EnrolmentWish = Pick<SignInWish, 'transport'>

const KIND = 'enrolment'

/**
 * Sets up the first factor of an account that has to have one, in a sign-in that may do nothing else: its ticket comes
 * after the code of a mail. Factor and session are written together, or neither is.
 */
export class ForcedEnrolment {
  readonly #dependencies: ForcedEnrolmentDependencies

  constructor(dependencies: ForcedEnrolmentDependencies) {
    this.#dependencies = dependencies
  }

  /** @returns whether a ticket is still good. */
  async look(ticket: string): Promise<boolean> {
    return (await this.#dependencies.halfSignIns.find(KIND, ticket)) !== undefined
  }

  /** @throws {Problem} FACTOR_INVALID for a ticket that opens nothing; STORE_UNAVAILABLE. */
  async beginTotp(ticket: string): Promise<TotpSecret> {
    return retryConflicts(async () => {
      const { user } = await this.#find(ticket)
      return this.#dependencies.totp.begin(user, ticket)
    })
  }

  /** @returns the secret that waits to be confirmed. @throws {Problem} as `beginTotp`. */
  async pendingTotp(ticket: string): Promise<TotpSecret | undefined> {
    const { user } = await this.#find(ticket)
    return this.#dependencies.totp.pending(user, ticket)
  }

  /**
   * @throws {Problem} FACTOR_INVALID for a wrong code too, after which the ticket is still good; FACTOR_NOT_FOUND where
   * nothing is to be confirmed; STORE_UNAVAILABLE, and as `completeSignIn`.
   */
  async confirmTotp(
    caller: Caller,
    ticket: string,
    code: string,
    wish: EnrolmentWish,
  ): Promise<EnrolledSignIn> {
    const enrolled = await retryConflicts(async () => {
      const half = await this.#find(ticket)
      const { parts, recoveryCodes } = await this.#dependencies.totp.confirming(caller, half.user, {
        bond: ticket,
        code,
      })
      return this.#enter(caller, { ticket, half, wish }, { parts, recoveryCodes, amr: TOTP })
    })
    reportAdded(caller, enrolled.user, 'totp')
    return enrolled
  }

  /** @throws {Problem} FACTOR_INVALID for a ticket that opens nothing; as `Passkeys.creationOptions`. */
  async beginPasskey(ticket: string): Promise<CreationOptions> {
    const { user } = await this.#find(ticket)
    return this.#dependencies.passkeys.creationOptions(user, ticket)
  }

  /** @throws {Problem} FACTOR_INVALID, also for a wrong attestation; as `Passkeys.create` and `completeSignIn`. */
  async createPasskey(
    caller: Caller,
    ticket: string,
    { attestation, name }: NewPasskey,
    wish: EnrolmentWish,
  ): Promise<EnrolledSignIn & { readonly passkey: ListedPasskey }> {
    const { passkeys } = this.#dependencies
    const { user } = await this.#find(ticket)
    const proved = await passkeys.proveCreation(caller, user, { bond: ticket, attestation })
    const enrolled = await retryConflicts(async () => {
      const half = await this.#find(ticket)
      const { passkey, ...added } = passkeys.adding(caller, half.user, proved, name)
      return { ...(await this.#enter(caller, { ticket, half, wish }, added)), passkey }
    })
    reportAdded(caller, enrolled.user, 'passkey')
    return enrolled
  }

  async #find(ticket: string): Promise<FoundHalf> {
    const half = await this.#dependencies.halfSignIns.find(KIND, ticket)
    if (!half) throw factorInvalid()
    return half
  }

  async #enter(
    caller: Caller,
    { ticket, half, wish }: Entering,
    { parts, amr, recoveryCodes = [] }: Added,
  ): Promise<EnrolledSignIn> {
    const { halfSignIns, signIn } = this.#dependencies
    const { user, begun } = half
    const grant = await signIn.completeSignIn(caller, user, {
      ...begun,
      ...wish,
      amr: union(begun.amr, amr),
      alongside: [halfSignIns.consumption(KIND, ticket, factorInvalid), ...parts],
    })
    return { ...grant, recoveryCodes }
  }
}

interface Entering {
  readonly ticket: string
  readonly half: FoundHalf
  readonly wish: EnrolmentWish
}

const TOTP: readonly Amr[] = ['otp', 'mfa']
