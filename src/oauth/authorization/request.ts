import type { AppClient } from '../clients/client.js'

/** `create` is of Initiating User Registration 1.0. */
export const PROMPTS = ['none', 'login', 'consent', 'select_account', 'create'] as const
export type Prompt = (typeof PROMPTS)[number]

/** Where an answer goes, and what it is known by there. */
export interface Addressee {
  readonly redirectUri: string
  readonly state: string | undefined
}

/** What an app asks for, checked (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2.1). */
export interface AuthorizationRequest extends Addressee {
  readonly nonce: string | undefined
  /** Of OpenID Connect and of the APIs, those that nothing here knows left out. */
  readonly scopes: readonly string[]
  /** Identifiers of APIs (RFC 8707). */
  readonly resources: readonly string[]
  /** S256 of the verifier (RFC 7636 §4.2). */
  readonly challenge: string
  readonly prompts: readonly Prompt[]
  /** Seconds that may lie between the sign-in and the request. */
  readonly maxAge: number | undefined
  /** One of them is enough; none where any sign-in is. */
  readonly acrValues: readonly string[]
  /** Id of the identity provider that the app's button names. */
  readonly provider: string | undefined
}

/** Parameters as they came: what comes twice is a list. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>

/** A request as it came. It is read when its person comes, by what is known of its client then. */
export interface AskedRequest {
  readonly parameters: Parameters
  /**
   * When it was made, milliseconds since the epoch: what `prompt=login` and `max_age` compare the time of the sign-in
   * with.
   */
  readonly at: number
  /** Of a parked one; missing while it is in the URL alone. */
  readonly id?: string
}

/** One that is right in itself: its client and its redirect URI are proved. */
export interface OpenRequest extends AskedRequest {
  readonly client: AppClient
  readonly request: AuthorizationRequest
}
