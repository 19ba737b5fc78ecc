import type { Language } from '../http/accept-language.js'
import type { MailTicket } from '../tickets/mail-secrets.js'

export type { Language }

/** What a mail is about, and with it its template. */
export type MessageKind =
  | 'verification'
  | 'address-taken'
  | 'password-reset'
  | 'password-offer'
  | 'sign-in'
  | 'address-change'
  | 'address-change-taken'
  | 'address-changed'
  | 'factors-removal-begun'
  | 'invitation'
  | NoticeKind

/** News of an account, without a ticket. */
export type NoticeKind =
  | 'new-device'
  | 'password-changed'
  | 'api-key-created'
  | 'api-key-rotated'
  | 'app-suspended'
  | 'identity-linked'
  | 'role-changed'
  | 'session-replayed'
  | 'address-verified'
  | 'address-released'
  | 'address-freed'
  | 'address-undone'
  | 'factor-added'
  | 'factor-removed'
  | 'recovery-codes-replaced'
  | 'recovery-code-used'
  | 'factor-guessed'
  | 'passkey-cloned'
  | 'factors-removed'

/**
 * A mail to be sent, as it is stored: an item of the transaction that is its cause. It holds no secret; the link
 * and the code are derived from its ticket when it is sent.
 */
export interface Message {
  readonly kind: MessageKind
  readonly to: string
  /**
   * Stored like any other, so that an unknown address costs the same writes, and dropped by the worker. Its
   * address is the one that was typed.
   */
  readonly isDecoy: boolean
  readonly language: Language
  readonly ticket?: MailTicket
  /** The id of the account whose notices of this kind count together. */
  readonly account?: string
  readonly facts?: Facts
}

/**
 * What a mail tells beside its time, each in a row of its own: text that users chose is never part of a sentence.
 * It goes in as it came; the template cleans and cuts it.
 */
export interface Facts {
  /** The `User-Agent` header. */
  readonly userAgent?: string
  readonly keyName?: string
  /** What an app is called. */
  readonly appName?: string
  /** The name of an identity provider, as pages show it. */
  readonly provider?: string
  readonly role?: string
  /** A second factor. */
  readonly factor?: 'passkey' | 'totp'
  /** Names of passkeys that sign no one in alone any more. */
  readonly suspendedPasskeys?: readonly string[]
  /** Names of API keys that a new password has suspended. */
  readonly suspendedKeys?: readonly string[]
  /** Names of the providers whose identities it has suspended. */
  readonly suspendedIdentities?: readonly string[]
  /** Names of the apps that it has suspended. */
  readonly suspendedApps?: readonly string[]
  /** Recovery codes that are left. */
  readonly codesLeft?: number
}

/**
 * A message in the table of events. Its id is the `Message-ID` of the mail, however often it is sent, where the mail
 * server takes one: SES makes its own.
 */
export interface StoredMessage extends Message {
  readonly id: string
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601; set once a mail server has accepted it. */
  readonly sentAt?: string
  /** Likewise, for one that no later try would send. */
  readonly refusedAt?: string
  /** Likewise, for a decoy, and for one whose link has expired before it could be sent. */
  readonly droppedAt?: string
}

/** Partition keys of messages in the table of events, which the trail of a user never has. */
export const MESSAGE_PREFIX = 'MAIL#'

export interface MessageKey {
  readonly userId: string
  readonly eventId: string
}

/** @param ownerId the account that the mail is about, so that what is kept of it is found. */
export const messageKey = (
  { id, createdAt }: Pick<StoredMessage, 'id' | 'createdAt'>,
  ownerId: string,
): MessageKey => ({ userId: MESSAGE_PREFIX + ownerId, eventId: `${createdAt}#${id}` })

/** The account of a message. */
export const ownerOfMessage = ({ userId }: MessageKey): string =>
  userId.slice(MESSAGE_PREFIX.length)
