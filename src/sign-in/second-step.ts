import { union } from '../access-tokens/authentication.js'
import { factorInvalid } from '../factors/errors.js'
import type { ProvedFactor } from '../factors/proved-factor.js'
import type { FactorProof, SecondFactors } from '../factors/second-factors.js'
import type { NewTrust, TrustedDevices } from '../factors/trusted-devices.js'
import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { Transport } from '../sessions/delivery.js'
import type { Grant } from '../sessions/sessions.js'
import type { FactorKind } from '../users/factors.js'
import type { User } from '../users/user.js'
import type { HalfSignIns } from './half-sign-ins.js'
import type { SignIn } from './sign-in.js'

export interface SecondStepDependencies {
  readonly halfSignIns: HalfSignIns
  readonly factors: SecondFactors
  readonly signIn: SignIn
  readonly trustedDevices: TrustedDevices
}

/** A half sign-in, and what completes it. */
export interface SecondStepWish {
  readonly ticket: string
  readonly proof: FactorProof
  readonly transport: Transport
  /** The person's own device: it needs no second factor for a while. With cookies only. */
  readonly trustDevice?: boolean | undefined
}

/** A session, and what its person is told beside. */
export interface CompletedSignIn extends Grant {
  /** Set where one was used: the last two are worth a word. */
  readonly recoveryCodesLeft?: number | undefined
  /** What the browser keeps that is trusted from now on. */
  readonly trust?: NewTrust | undefined
}

/** What a page asks for. */
export interface OpenStep {
  readonly factors: readonly FactorKind[]
  /** Whether the browser may be called the person's own device. */
  readonly canTrust: boolean
}

const KIND = 'second-factor'

/** The second step of a sign-in: a ticket that its first step gave, and a second factor. */
export class SecondStep {
  readonly #dependencies: SecondStepDependencies

  constructor(dependencies: SecondStepDependencies) {
    this.#dependencies = dependencies
  }

  /** @returns what a ticket can be completed with; undefined for one that opens nothing any more. */
  async look(ticket: string): Promise<OpenStep | undefined> {
    const { halfSignIns, factors, trustedDevices } = this.#dependencies
    const half = await halfSignIns.find(KIND, ticket)
    if (!half) return undefined
    const { user, begun } = half
    const canTrust = begun.isShort !== true && trustedDevices.isOffered(user)
    return { factors: factors.kindsOf(user), canTrust }
  }

  /**
   * Uses ticket and factor up, and opens the session, by one transaction. After a wrong proof the ticket is still good.
   * @throws {Problem} FACTOR_INVALID for a wrong proof, and for a ticket that is unknown, used, expired, or older than
   * a change of the account; RATE_LIMITED, STORE_UNAVAILABLE, and as `completeSignIn`.
   */
  async complete(
    caller: Caller,
    { ticket, proof, transport, trustDevice = false }: SecondStepWish,
  ): Promise<CompletedSignIn> {
    const { halfSignIns, factors, signIn } = this.#dependencies
    const half = await halfSignIns.find(KIND, ticket)
    if (!half) throw factorInvalid()
    const { user, begun } = half
    const proved = await factors.verify(caller, user, proof)
    const used = halfSignIns.consumption(KIND, ticket, factorInvalid)
    const grant = await signIn.completeSignIn(caller, user, {
      ...begun,
      transport,
      amr: union(begun.amr, proved.amr),
      alongside: [used, ...proved.parts],
    })
    const { recoveryCodesLeft } = proved
    reportUsed(caller, user, proved)
    const isTrusted = trustDevice && transport === 'cookies' && begun.isShort !== true
    const trust = isTrusted ? await this.#trust(caller, grant) : undefined
    return { ...grant, recoveryCodesLeft, trust }
  }

  /** The session is open: where this fails, the person proves the factor again the next time. */
  async #trust(caller: Caller, { user }: Grant): Promise<NewTrust | undefined> {
    try {
      return await this.#dependencies.trustedDevices.trust(caller, user)
    } catch (error) {
      if (!isOutage(error)) throw error
      return undefined
    }
  }
}

/** Tells the log of a factor that is another once it is used. */
export function reportUsed(
  { log }: Caller,
  { id: userId }: User,
  { recoveryCodesLeft: codesLeft, isLifted }: UsedFactor,
): void {
  if (isLifted) report(log, 'authn_passkey_suspension_lifted', { userId })
  if (codesLeft !== undefined) report(log, 'authn_recovery_code_used', { userId, codesLeft })
}

export type UsedFactor = Pick<ProvedFactor, 'recoveryCodesLeft' | 'isLifted'>
