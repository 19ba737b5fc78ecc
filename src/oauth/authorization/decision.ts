import {
  ACR_VALUES,
  acrOf,
  type Acr,
  type Authentication,
} from '../../access-tokens/authentication.js'
import { type OAuthErrorCode, refuseUnless } from '../errors.js'
import type { OpenRequest } from './request.js'

/** What comes next for a request. */
export type Decision = 'sign-in' | 'sign-up' | 'step-up' | 'consent' | 'grant'

/** What is known of its person, who has signed in. */
export interface Situation extends Authentication {
  /** Whether they could prove a second factor. */
  readonly canStepUp: boolean
  /** Whether they have allowed the app all that it asks for, or need not. */
  readonly isCovered: boolean
}

/**
 * Decides by the request and its person alone (OpenID Connect Core 1.0 §3.1.2.1 and §3.1.2.3).
 * @throws {OAuthError} where there is no next step.
 */
export function decideOn(
  { request, at }: Pick<OpenRequest, 'request' | 'at'>,
  situation: Situation | undefined,
): Decision {
  const { prompts, maxAge = Infinity, acrValues } = request
  const unlessSilent = (decision: Decision, code: OAuthErrorCode, description: string) => {
    refuseUnless(!prompts.includes('none'), code, description)
    return decision
  }
  if (!situation) {
    const decision = prompts.includes('create') ? 'sign-up' : 'sign-in'
    return unlessSilent(decision, 'login_required', 'No one is signed in')
  }
  const { authTime, amr, canStepUp, isCovered } = situation
  if (prompts.includes('select_account') && authTime < at) return 'sign-in'
  if (prompts.includes('login') && authTime < at) return 'step-up'
  if (at - authTime > maxAge * 1000) {
    return unlessSilent('step-up', 'login_required', 'The sign-in is older than max_age')
  }
  const levels = acrValues
    .map((acr) => ACR_VALUES.indexOf(acr as Acr))
    .filter((level) => level >= 0)
  // A level includes those below it.
  if (acrValues.length > 0 && !levels.some((level) => level <= ACR_VALUES.indexOf(acrOf(amr)))) {
    const canReach = canStepUp && levels.length > 0
    const fault = 'The account cannot sign in as acr_values says'
    refuseUnless(canReach, 'unmet_authentication_requirements', fault)
    return unlessSilent('step-up', 'interaction_required', 'The sign-in is weaker than acr_values')
  }
  if (!isCovered || prompts.includes('consent')) {
    return unlessSilent('consent', 'consent_required', 'The person has not allowed it yet')
  }
  return 'grant'
}
