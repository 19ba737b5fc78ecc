import { AccessTokenVerifier } from '../access-tokens/verifier.js'
import type { Clock } from '../lib/clock.js'
import { IssuerKeys } from './issuer-keys.js'
import { checkIssuer } from './issuer.js'
import { type AudienceOptions, audiencesOf } from './resource.js'

/** Whose tokens an API takes, and that they are for this API. */
export interface IssuedFor extends AudienceOptions {
  /** Base URL of the Latchkey service, letter for letter its `ISSUER`. */
  readonly issuer: string
}

/** @throws {TypeError} for an issuer that tokens can't come from, and for what can't be an identifier of an API. */
export function openVerifier({ issuer, ...of }: IssuedFor, clock: Clock) {
  const keys = new IssuerKeys(checkIssuer(issuer), clock)
  const audiences = audiencesOf(issuer, of)
  return { keys, verifier: new AccessTokenVerifier({ issuer, audiences, keys, clock }) }
}
