import { digest } from '../lib/digest.js'
import type { Seal } from '../lib/sealed.js'
import type { FlowSecrets } from './code-flow.js'

/** The session that an identity is to be linked in. */
export interface LinkSession {
  readonly userId: string
  readonly sessionId: string
}

/** A sign-in between the redirect to the provider and the callback; all of it is in the browser. */
export interface Flow extends FlowSecrets {
  readonly provider: string
  readonly nonce: string
  readonly returnTo: string
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
  /** Missing in a flow that signs in. */
  readonly link?: LinkSession
}

/** Longer than a person needs to type a password and a second factor. */
export const FLOW_SECONDS = 600

export const FLOW_SEAL: Seal = {
  type: 'latchkey-flow+jwe',
  label: 'latchkey/oauth-flow',
  seconds: FLOW_SECONDS,
}

/** Names a flow in public, where its state must not stand. */
export const flowId = (state: string): string => digest(state).slice(0, 22)
