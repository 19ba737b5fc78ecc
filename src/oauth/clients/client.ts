import type { SuspendedReason } from '../../lib/suspension.js'

/** Ids of apps: 128 random bits, base64url. */
export const CLIENT_ID = /^app_[A-Za-z0-9_-]{22}$/

/** A secret of a client, as the store keeps it. Times are milliseconds since the epoch. */
export interface ClientSecret {
  /** SHA-256 of a 256-bit secret, base64url. */
  readonly hash: string
  readonly addedAt: number
  /** When it stops, once another has taken its place. */
  readonly until?: number
}

/** An app that signs people in here (RFC 6749 §2). */
export interface AppClient {
  /** `app_` and 128 random bits, base64url; or the URL of a client document. */
  readonly clientId: string
  /** What people are told that it is called. */
  readonly name: string
  /** Compared letter for letter, but for the port of a loopback address (RFC 8252 §7.3). */
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  /** Whether it is one of the team's own: people need not consent where all that it gets is of the team. */
  readonly isFirstParty: boolean
  /** Whether it can keep no secret: an app in a browser or on a phone (`token_endpoint_auth_method` is `none`). */
  readonly isPublic: boolean
  /** Whether it is described by a document at its `client_id`: it is public, and never first-party. */
  readonly isDocument?: boolean
  /** The newest first; the others to the end of their overlap. None of a public client. */
  readonly secrets: readonly ClientSecret[]
  /** APIs that it may ask for; left out for every one that is declared. */
  readonly resources?: readonly string[]
  /** Scopes of those that it may ask for; left out for all. */
  readonly scopes?: readonly string[]
  readonly createdAt: number
  /** The administrator who has registered it, `command-line`, `settings`, or `document`. */
  readonly createdBy: string
  /** Why the service has suspended it: it is unknown to apps and people until an administrator enables it. */
  readonly suspendedReason?: SuspendedReason
  /** Declared in the settings of the deployment, which alone change it. */
  readonly isDeclared?: boolean
}

/** Whether an id is of an app, and not of an API key: made by us, or the URL of a client document. */
export const isAppId = (clientId: string): boolean =>
  clientId.startsWith('app_') || clientId.startsWith('https://')
