/** What a person has allowed an app. */
export interface Consent {
  /** What the app was called then. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Identifiers of APIs. */
  readonly resources: readonly string[]
  /** The host that the app's answers went to. */
  readonly redirectHost: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** By client ids. */
export type Consents = Readonly<Record<string, Consent>>
