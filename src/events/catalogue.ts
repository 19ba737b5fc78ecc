/** Which API key, session or user an event is about; ids only, never an address or a secret. */
interface SessionOf {
  readonly userId: string
  readonly sessionId: string
}
interface MailOf {
  readonly messageId: string
  readonly kind: string
}
interface DeviceOf {
  readonly userId: string
  readonly deviceId: string
}
interface FactorOf {
  readonly userId: string
  readonly factor: 'passkey' | 'totp'
  /** As its owner sees it. */
  readonly passkeyId?: string
}
interface ConsentOf {
  readonly userId: string
  readonly clientId: string
}
/** Which app, and who did it. */
interface ClientOf {
  readonly userId: string
  readonly clientId: string
}
interface KeyOf {
  readonly keyId: string
  readonly ownerId?: string | undefined
}

/** What an administrator does to a user, or to a user's keys. */
export interface AdminAct {
  readonly action:
    | (
        | 'find'
        | 'create'
        | 'import'
        | 'after_restore'
        | 'role'
        | 'status'
        | 'end_sessions'
        | 'delete'
        | 'enable_identity'
      )
    | ('list' | 'search' | 'export' | 'find_sessions')
    | ('release_address' | 'give_address' | 'verify_address' | 'offer_password')
    | ('invite' | 'resend_invitation' | 'withdraw_invitation' | 'list_invitations')
    | ('begin_factors_removal' | 'take_back_factors_removal' | 'confirm_factors_removal')
    | ('remove_factors' | 'unlock_factors')
    | ('find_events' | 'find_keys' | 'update_key' | 'delete_key' | 'rotate_key')
  readonly targetId: string | undefined
  readonly from?: string
  readonly to?: string
  readonly keyId?: string
  readonly identityId?: string
}

/** The fields of each event, apart from what every line of a request has. */
export interface EventFields {
  user_created: { readonly userId: string; readonly provider?: string }
  invitation_accepted: { readonly userId: string; readonly invitationId: string }
  name_changed: { readonly userId: string }
  address_changed: { readonly userId: string }
  address_change_undone: { readonly userId: string }
  address_verified: { readonly userId: string }
  address_freed: { readonly userId: string; readonly provider: string }
  identity_linked: { readonly userId: string; readonly provider: string }
  identity_unlinked: { readonly userId: string; readonly identityId: string }
  identity_suspended: {
    readonly userId: string
    readonly identityId: string
    readonly provider: string
    readonly reason: string
  }
  identity_suspension_lifted: { readonly userId: string; readonly identityId: string }
  consent_given: ConsentOf
  consent_withdrawn: ConsentOf
  authn_login_success: SessionOf & {
    readonly method: 'password' | 'provider' | 'email' | 'passkey'
    readonly provider?: string
  }
  authn_app_login: SessionOf & { readonly clientId: string }
  authn_login_fail: {
    readonly reason?: string | undefined
    readonly userId?: string
    readonly clientId?: string
    readonly provider?: string
    /** A digest of the tried address under a data key. */
    readonly triedAddress?: string | undefined
    readonly cause?: string | undefined
  }
  authn_code_fail: { readonly kind: string }
  authn_factor_added: FactorOf
  authn_factor_removed: FactorOf
  authn_passkey_renamed: { readonly userId: string; readonly passkeyId: string }
  authn_factors_removed: { readonly userId: string }
  authn_factors_removal_cancelled: { readonly userId: string }
  authn_factor_fail: {
    readonly userId?: string
    readonly kind: string | undefined
    readonly reason?: string
  }
  authn_passkey_counter: { readonly userId: string; readonly isSynced: boolean }
  authn_passkeys_suspended: {
    readonly userId: string
    readonly count: number
    readonly reason: string
    /** As their owner sees them. */
    readonly passkeyIds: readonly string[]
  }
  authn_passkey_suspension_lifted: { readonly userId: string; readonly passkeyId?: string }
  authn_recovery_code_used: { readonly userId: string; readonly codesLeft: number }
  authn_recovery_codes_replaced: { readonly userId: string }
  authn_step_up: SessionOf & { readonly factor: string }
  authn_device_trusted: DeviceOf
  authn_device_ended: DeviceOf
  authn_logout: SessionOf
  authn_session_ended: SessionOf & { readonly reason?: 'replaced' | 'too_many' }
  authn_sessions_ended: { readonly userId: string }
  authn_password_change: { readonly userId: string }
  authn_password_change_fail: { readonly userId: string; readonly reason: string | undefined }
  authn_password_reset: { readonly userId: string }
  account_taken_over: { readonly userId: string }
  /** `userId` is the random name that stands for the person from then on. */
  account_erased: { readonly userId: string }
  authn_token_created: KeyOf
  authn_token_refresh: SessionOf
  authn_token_refresh_fail: Partial<SessionOf> & { readonly reason: string }
  authn_token_replay: Partial<SessionOf> & object
  authn_token_reuse: Partial<SessionOf> & { readonly reason: string }
  authn_token_revoked: SessionOf | KeyOf
  authn_token_misdirected: { readonly detail: unknown }
  authz_admin: { readonly userId: string } & AdminAct
  authz_fail: { readonly reason: string; readonly detail?: unknown }
  sensitive_create: KeyOf & { readonly userId: string }
  sensitive_update: KeyOf & { readonly userId: string }
  sensitive_rotate: KeyOf & { readonly userId?: string }
  sensitive_delete: KeyOf & { readonly userId: string }
  client_registered: ClientOf
  client_changed: ClientOf
  client_secret_rotated: ClientOf
  client_removed: ClientOf
  client_suspended: ClientOf & { readonly reason: string }
  client_suspension_lifted: ClientOf
  sensitive_leak: KeyOf & { readonly action: string }
  excess_rate_limit_exceeded: { readonly route: string | undefined }
  client_document_refused: {
    readonly userId: string
    readonly host: string
    readonly reason: string
  }
  malicious_csrf: { readonly route: string | undefined }
  malicious_host: { readonly route: string | undefined }
  input_validation_fail: {
    readonly route?: string | undefined
    readonly reason?: string
    readonly requestId?: string
  }
  api_key_suspended: { readonly userId: string; readonly keyId: string; readonly reason: string }
  api_key_suspension_lifted: KeyOf & { readonly userId: string }
  api_key_suspension_delayed: { readonly userId: string }
  api_key_allowed: { readonly keyId: string }
  dependency_failed: { readonly reason: string; readonly cause: string | undefined }
  unexpected_error: { readonly err: unknown }
  start_fail: { readonly err: unknown }
  instance_warmed: { readonly source: string }
  event_unknown: { readonly shape?: string }
  not_at_root: { readonly prefix: string }
  legacy_audience: object
  mail_queue_fail: { readonly err: unknown }
  events_queue_fail: { readonly err: unknown }
  events_put_fail: { readonly cause: string }
  keys_replaced: { readonly kid: string }
  key_ring_maintained: {
    readonly function: string | undefined
    readonly kids: readonly string[]
    readonly spare: string | undefined
    readonly newestKeyAgeDays: number
  }
  key_rotation_fail: { readonly err: unknown }
  mail_sent: MailOf
  mail_dropped: MailOf & { readonly reason: 'erased' | 'expired' | 'too_many' }
  mail_refused: MailOf & {
    readonly reason: 'ticket_key_gone' | 'mail_server'
    readonly cause?: string
  }
  mail_failed: MailOf & { readonly cause: string }
  mail_stream_fail: { readonly err: unknown }
}

export type EventName = keyof EventFields

/** What is the same for every event of a name. */
export interface EventKind {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /**
   * What is kept of it beside the line of the log: an item of the audit trail, a count for an account and hour there, or
   * nothing.
   */
  readonly kept: 'trail' | 'counted' | 'log'
  /** What has happened, for the reader of the log. A function knows it by `textOf` alone. */
  readonly meaning: string
  /** The CloudWatch metric that counts it, if any does. */
  readonly metric?: string
}

/**
 * Every event that the service logs, under the names of OWASP's Logging Vocabulary where it has one
 * (https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html).
 */
const KINDS = {
  user_created: { level: 'info', kept: 'trail', metric: 'SignUp', meaning: 'An account was made' },
  invitation_accepted: {
    level: 'info',
    kept: 'trail',
    meaning: 'An account was made by an invitation, with the role that it has',
  },
  name_changed: { level: 'info', kept: 'trail', meaning: 'A person changed their name' },
  address_changed: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person gave their account another address',
  },
  address_change_undone: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'The owner of an earlier address took it back for their account; every session has ended',
  },
  address_verified: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person has proved by mail that the address of their account is theirs',
  },
  address_freed: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'An account lost its unproved address to a person whom a provider proves to be its owner',
  },
  identity_linked: {
    level: 'info',
    kept: 'trail',
    meaning: 'An identity at a provider was linked to an account',
  },
  identity_unlinked: {
    level: 'info',
    kept: 'trail',
    meaning: 'An identity was unlinked by its owner',
  },
  identity_suspended: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A recent identity was suspended with a new password; its owner may lift that',
  },
  identity_suspension_lifted: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A suspended identity works again',
  },
  consent_given: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person allowed an app what it asked for, on the page that asks',
  },
  consent_withdrawn: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person took back what they had allowed an app; its sessions have ended',
  },
  authn_login_success: {
    level: 'info',
    kept: 'trail',
    metric: 'SignInSucceeded',
    meaning: 'A person signed in; `method` says how, and `provider` where',
  },
  authn_app_login: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person signed in to an app, which has swapped its code for tokens',
  },
  authn_login_fail: {
    level: 'warn',
    kept: 'counted',
    metric: 'SignInFailed',
    meaning:
      'A sign-in, or the authentication of a client at `/oauth/*`, failed; `reason` says why',
  },
  authn_code_fail: {
    level: 'warn',
    kept: 'counted',
    metric: 'WrongCode',
    meaning: 'A code was typed that is not the one of the mail; `kind` says what it was for',
  },
  authn_factor_added: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A second factor was added to an account',
  },
  authn_factor_removed: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A second factor was removed by its owner',
  },
  authn_factors_removed: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'All second factors of an account that administrators began to remove are gone; every session has ended',
  },
  authn_factors_removal_cancelled: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'The owner of an account took back by mail that an administrator began to remove the second factors',
  },
  authn_factor_fail: {
    level: 'warn',
    kept: 'counted',
    metric: 'WrongFactor',
    meaning:
      'A second factor was compared and was wrong; `kind` says which, and `reason` what was wrong with a passkey',
  },
  authn_passkey_renamed: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person gave one of their passkeys another name',
  },
  authn_passkey_counter: {
    level: 'warn',
    kept: 'log',
    meaning:
      'The counter of a passkey did not rise, as that of a copy; one that is bound to its device was refused, one that is synced (`isSynced`) was taken',
  },
  authn_passkeys_suspended: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'Recent passkeys were suspended with a new password: none signs in alone until it is used as a second factor',
  },
  authn_passkey_suspension_lifted: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A suspended passkey signs in alone again: its person has proved more',
  },
  authn_recovery_code_used: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A recovery code was right; `codesLeft` says how many its account has after it',
  },
  authn_recovery_codes_replaced: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A person made new recovery codes; the earlier ones no longer work',
  },
  authn_step_up: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person proved more in a session that was open; `factor` says by what',
  },
  authn_device_trusted: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person said that a browser is their own: it needs no second factor for a while',
  },
  authn_device_ended: {
    level: 'info',
    kept: 'trail',
    meaning: 'A person ended the trust in one of their browsers',
  },
  authn_logout: { level: 'info', kept: 'trail', meaning: 'A person signed out' },
  authn_session_ended: {
    level: 'info',
    kept: 'trail',
    meaning:
      'A session was ended by its user, replaced by a new sign-in, or was one of more than 100',
  },
  authn_sessions_ended: {
    level: 'info',
    kept: 'trail',
    meaning: 'A user ended all their sessions',
  },
  authn_password_change: { level: 'info', kept: 'trail', meaning: 'A password was set or changed' },
  authn_password_change_fail: {
    level: 'warn',
    kept: 'counted',
    meaning: 'A change of password was refused',
  },
  authn_password_reset: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A password was set by a mail; every session of its account has ended',
  },
  account_taken_over: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'The owner of a mailbox took over the account that had its address unproved; all that was in it is gone',
  },
  account_erased: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'A person deleted their account; `userId` is the random name that stands for them from now on',
  },
  authn_token_created: {
    level: 'info',
    kept: 'log',
    metric: 'MachineTokenCreated',
    meaning: 'A key was swapped for a token',
  },
  authn_token_refresh: {
    level: 'info',
    kept: 'log',
    metric: 'TokenRefreshed',
    meaning: 'A refresh token was exchanged for its successor',
  },
  authn_token_refresh_fail: { level: 'warn', kept: 'log', meaning: 'A refresh token was refused' },
  authn_token_replay: {
    level: 'warn',
    kept: 'log',
    meaning:
      'A second client presented the refresh token of a rotation; digests tell both origins apart',
  },
  authn_token_reuse: {
    level: 'warn',
    kept: 'trail',
    metric: 'TokenReuseDetected',
    meaning:
      'A spent refresh token, or the spent code of an authorization, was presented, and its session was ended',
  },
  authn_token_revoked: {
    level: 'info',
    kept: 'trail',
    meaning: 'A client revoked a refresh token or a key (RFC 7009)',
  },
  authn_token_misdirected: {
    level: 'warn',
    kept: 'log',
    meaning: "An API was sent Latchkey's own token, which opens its user's account",
  },
  authz_admin: {
    level: 'warn',
    kept: 'trail',
    meaning: 'An administrator looked at or changed a user or a key; `userId` did it to `targetId`',
  },
  authz_fail: {
    level: 'info',
    kept: 'log',
    meaning: 'An API refused a credential, or the service a role or scope that is not enough',
  },
  sensitive_create: { level: 'info', kept: 'trail', meaning: 'A key was made' },
  sensitive_update: { level: 'info', kept: 'trail', meaning: 'A key was changed' },
  sensitive_rotate: {
    level: 'info',
    kept: 'trail',
    meaning: 'A key was given a new secret; the old one works for a while',
  },
  sensitive_delete: { level: 'info', kept: 'trail', meaning: 'A key was deleted' },
  client_registered: {
    level: 'warn',
    kept: 'trail',
    meaning: 'An administrator registered an app that signs people in',
  },
  client_changed: { level: 'warn', kept: 'trail', meaning: 'An administrator changed an app' },
  client_secret_rotated: {
    level: 'warn',
    kept: 'trail',
    meaning: 'An administrator gave an app a new secret',
  },
  client_removed: { level: 'warn', kept: 'trail', meaning: 'An administrator removed an app' },
  client_suspended: {
    level: 'warn',
    kept: 'trail',
    meaning:
      'An app was suspended with a new password of the administrator who registered it lately; administrators may lift that',
  },
  client_suspension_lifted: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A suspended app signs people in again',
  },
  sensitive_leak: { level: 'warn', kept: 'trail', meaning: 'A secret scanner reported a key' },
  excess_rate_limit_exceeded: {
    level: 'warn',
    kept: 'log',
    metric: 'RateLimitExceeded',
    meaning: 'A request was refused by a limit',
  },
  client_document_refused: {
    level: 'warn',
    kept: 'log',
    meaning:
      'The document at the `client_id` of an app could not be fetched, or is not what it must be; `userId` was to sign in there',
  },
  malicious_csrf: {
    level: 'warn',
    kept: 'log',
    metric: 'ForeignOrigin',
    meaning: 'A page of another origin sent a request with a session cookie',
  },
  malicious_host: {
    level: 'warn',
    kept: 'log',
    meaning: 'A request named a foreign host (local service only)',
  },
  input_validation_fail: { level: 'info', kept: 'log', meaning: 'A request was not valid' },
  api_key_suspended: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A recent key was suspended with a new password; its owner may lift that',
  },
  api_key_suspension_lifted: {
    level: 'warn',
    kept: 'trail',
    meaning: 'A suspended key works again',
  },
  api_key_suspension_delayed: {
    level: 'warn',
    kept: 'log',
    meaning: 'The store failed while keys were suspended; the next request of their owner goes on',
  },
  api_key_allowed: {
    level: 'debug',
    kept: 'log',
    metric: 'ApiKeyAllowed',
    meaning: 'A call with an API key was let through; counted, and written at level DEBUG alone',
  },
  dependency_failed: {
    level: 'error',
    kept: 'log',
    metric: 'DependencyFailed',
    meaning: 'A store or provider did not answer, and the client got a 5xx',
  },
  unexpected_error: {
    level: 'error',
    kept: 'log',
    metric: 'UnexpectedError',
    meaning: 'The service has a fault; `error` has the stack',
  },
  start_fail: {
    level: 'error',
    kept: 'log',
    metric: 'StartFailed',
    meaning: 'An instance cannot start; `error` says why',
  },
  instance_warmed: {
    level: 'info',
    kept: 'log',
    meaning: 'An event that is no API call warmed an instance',
  },
  event_unknown: {
    level: 'warn',
    kept: 'log',
    meaning: 'A function was sent an event of an unknown shape',
  },
  not_at_root: { level: 'warn', kept: 'log', meaning: 'The API has a named stage or a base path' },
  legacy_audience: {
    level: 'warn',
    kept: 'log',
    meaning: 'A verifier still accepts the old audience beside its own',
  },
  mail_queue_fail: {
    level: 'error',
    kept: 'log',
    meaning: 'New mails could not be put into the queue; the stream brings them again',
  },
  events_queue_fail: {
    level: 'error',
    kept: 'log',
    meaning:
      'New events of the trail could not be numbered or put into their queue; the stream brings them again',
  },
  events_put_fail: {
    level: 'warn',
    kept: 'log',
    meaning: 'EventBridge did not take an event of the trail; it is sent again',
  },
  keys_replaced: { level: 'warn', kept: 'log', meaning: 'A compromised key was replaced' },
  key_ring_maintained: { level: 'info', kept: 'log', meaning: 'The daily rotation has run' },
  key_rotation_fail: {
    level: 'error',
    kept: 'log',
    meaning: 'Key rotation failed (local service only)',
  },
  mail_sent: {
    level: 'info',
    kept: 'log',
    metric: 'MailSent',
    meaning: 'A mail server accepted a mail',
  },
  mail_dropped: {
    level: 'warn',
    kept: 'log',
    meaning:
      'A mail was not sent: it was too old (`expired`: its link had expired, or it had waited three days), its person was erased meanwhile (`erased`), or a notice of its kind spoke for all that followed it in that hour (`too_many`)',
  },
  mail_refused: {
    level: 'error',
    kept: 'log',
    metric: 'MailRefused',
    meaning:
      'A mail will not be sent: the mail server refused it for good, or its ticket key is gone',
  },
  mail_failed: {
    level: 'warn',
    kept: 'log',
    metric: 'MailFailed',
    meaning: 'No mail server took a mail; it is tried again',
  },
  mail_stream_fail: {
    level: 'warn',
    kept: 'log',
    meaning: 'The stream of messages could not be read; it is opened again (local service only)',
  },
} as const satisfies Readonly<Record<EventName, EventKind>>

/** What is kept of each. */
type Kept = { readonly [N in EventName]: (typeof KINDS)[N]['kept'] }
type NamesOf<K extends EventKind['kept']> = {
  [N in EventName]: Kept[N] extends K ? N : never
}[EventName]

/** Events that are an item of the audit trail each, in the transaction of what they tell of. */
export type TrailName = NamesOf<'trail'>
/** Refusals, of which the trail has one item an account, name and hour. */
export type CountedName = NamesOf<'counted'>

export const CATALOGUE: Readonly<Record<EventName, EventKind>> = KINDS
