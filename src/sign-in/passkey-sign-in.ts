import type { Passkeys } from '../factors/passkeys/passkeys.js'
import type { Assertion } from '../factors/passkeys/schemas.js'
import type { Caller } from '../http/caller.js'
import type { Grant } from '../sessions/sessions.js'
import type { SignIn, SignInWish } from './sign-in.js'

export interface PasskeySignInDependencies {
  readonly passkeys: Passkeys
  readonly signIn: SignIn
}

/** Signs people in by a passkey alone, which is both what they have and what they know or are. */
export class PasskeySignIn {
  readonly #dependencies: PasskeySignInDependencies

  constructor(dependencies: PasskeySignInDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} PASSKEYS_OFF, FACTOR_INVALID, PASSKEY_SUSPENDED, and as `completeSignIn`. */
  async confirm(caller: Caller, assertion: Assertion, wish: SignInWish): Promise<Grant> {
    const { passkeys, signIn } = this.#dependencies
    const { user, proved } = await passkeys.identify(caller, assertion)
    const { amr, parts: alongside } = proved
    return signIn.completeSignIn(caller, user, { ...wish, method: 'passkey', amr, alongside })
  }
}
