import type { Amr } from '../access-tokens/authentication.js'
import type { Part } from '../dynamodb/part.js'
import type { FactorKind } from '../users/factors.js'

/** A factor that was proved, and the parts that use it up in the transaction of what it opens. */
export interface ProvedFactor {
  readonly kind: FactorKind
  readonly amr: readonly Amr[]
  readonly parts: readonly Part[]
  /** Of a recovery code: how many are left after it, so that its person makes new ones in time. */
  readonly recoveryCodesLeft?: number
  /** Of a passkey: whether its suspension ends with those parts. */
  readonly isLifted?: boolean
}
