import type { MessageKind } from '../message.js'
import type { FactName } from './facts.js'
import type { TextKey } from './texts/en.js'

/** A part of a mail, before it has words and values. */
export type Part =
  | { readonly say: TextKey }
  | { readonly facts: readonly FactName[] }
  /** The code of the message's ticket, and how long it is good. */
  | { readonly code: true }
  /** A page that the ticket opens, with how long the link is good. */
  | { readonly link: TextKey; readonly opens: `/${string}` }
  /** Any other page. */
  | { readonly link: TextKey; readonly page: `/${string}` }

/** What to do about a change that the reader has not made. */
const NOT_YOU = [{ say: 'notYou.about' }, { link: 'notYou.link', page: '/forgot' }] as const

/** What a new password has suspended. */
const SUSPENDED = [
  'suspendedPasskeys',
  'suspendedKeys',
  'suspendedIdentities',
  'suspendedApps',
] as const

/** What the last of too many notices adds. */
export const SPEAKS_FOR_ALL: readonly Part[] = [
  { say: 'more.about' },
  { link: 'more.link', page: '/dashboard' },
]

/** Each kind of mail. Its subject is the text `KIND.subject`. */
export const TEMPLATES: Readonly<Record<MessageKind, readonly Part[]>> = {
  verification: [
    { say: 'verification.about' },
    { code: true },
    { link: 'verification.link', opens: '/verify' },
    { say: 'verification.other' },
  ],
  'address-taken': [
    { say: 'address-taken.about' },
    { link: 'address-taken.login', page: '/login' },
    { link: 'address-taken.forgot', page: '/forgot' },
    { say: 'address-taken.other' },
  ],
  'password-reset': [
    { say: 'password-reset.about' },
    { code: true },
    { link: 'password-reset.link', opens: '/reset' },
    { say: 'password-reset.other' },
  ],
  'password-offer': [
    { say: 'password-offer.about' },
    { link: 'password-offer.link', opens: '/reset' },
    { say: 'password-offer.other' },
  ],
  'sign-in': [
    { say: 'sign-in.about' },
    { code: true },
    { link: 'sign-in.link', opens: '/login/email' },
    { say: 'sign-in.browser' },
    { say: 'sign-in.other' },
  ],
  'address-change': [
    { say: 'address-change.about' },
    { code: true },
    { say: 'address-change.other' },
  ],
  'address-change-taken': [
    { say: 'address-change-taken.about' },
    { say: 'address-change-taken.other' },
  ],
  'address-changed': [
    { say: 'address-changed.about' },
    { facts: ['time'] },
    { say: 'address-changed.other' },
    { link: 'address-changed.link', opens: '/undo' },
  ],
  'factors-removal-begun': [
    { say: 'factors-removal-begun.about' },
    { facts: ['time'] },
    { say: 'factors-removal-begun.then' },
    { say: 'factors-removal-begun.other' },
    { link: 'factors-removal-begun.link', opens: '/keep-factors' },
  ],
  invitation: [
    { say: 'invitation.about' },
    { facts: ['role'] },
    { link: 'invitation.link', opens: '/invitation' },
    { say: 'invitation.later' },
    { say: 'invitation.other' },
  ],
  'new-device': [{ say: 'new-device.about' }, { facts: ['time', 'device'] }, ...NOT_YOU],
  'password-changed': [
    { say: 'password-changed.about' },
    { facts: ['time', 'device', ...SUSPENDED] },
    ...NOT_YOU,
  ],
  'api-key-created': [
    { say: 'api-key-created.about' },
    { facts: ['time', 'key', 'device'] },
    ...NOT_YOU,
  ],
  'api-key-rotated': [
    { say: 'api-key-rotated.about' },
    { facts: ['time', 'key', 'device'] },
    ...NOT_YOU,
  ],
  'app-suspended': [
    { say: 'app-suspended.about' },
    { facts: ['time', 'app'] },
    { say: 'app-suspended.other' },
    { link: 'app-suspended.link', page: '/dashboard/apps' },
  ],
  'identity-linked': [
    { say: 'identity-linked.about' },
    { facts: ['time', 'provider', 'device'] },
    ...NOT_YOU,
  ],
  'role-changed': [
    { say: 'role-changed.about' },
    { facts: ['time', 'role'] },
    { say: 'role-changed.other' },
  ],
  'session-replayed': [
    { say: 'session-replayed.about' },
    { facts: ['time', 'device'] },
    ...NOT_YOU,
  ],
  'address-verified': [
    { say: 'address-verified.about' },
    { facts: ['time'] },
    { say: 'address-verified.other' },
    { link: 'notYou.link', page: '/forgot' },
  ],
  'address-released': [
    { say: 'address-released.about' },
    { facts: ['time'] },
    { say: 'address-released.other' },
  ],
  'address-freed': [
    { say: 'address-freed.about' },
    { facts: ['time', 'provider', 'device'] },
    { say: 'address-freed.other' },
  ],
  'address-undone': [
    { say: 'address-undone.about' },
    { facts: ['time', 'device'] },
    { say: 'address-undone.other' },
  ],
  'factor-added': [
    { say: 'factor-added.about' },
    { facts: ['time', 'factor', 'device'] },
    ...NOT_YOU,
  ],
  'factor-removed': [
    { say: 'factor-removed.about' },
    { facts: ['time', 'factor', 'device'] },
    ...NOT_YOU,
  ],
  'recovery-codes-replaced': [
    { say: 'recovery-codes-replaced.about' },
    { facts: ['time', 'device'] },
    ...NOT_YOU,
  ],
  'recovery-code-used': [
    { say: 'recovery-code-used.about' },
    { facts: ['time', 'codesLeft', 'device'] },
    { say: 'recovery-code-used.other' },
    { link: 'recovery-code-used.link', page: '/dashboard' },
    ...NOT_YOU,
  ],
  'passkey-cloned': [
    { say: 'passkey-cloned.about' },
    { facts: ['time', 'key', 'device'] },
    { say: 'passkey-cloned.other' },
    { link: 'passkey-cloned.link', page: '/dashboard' },
  ],
  'factors-removed': [
    { say: 'factors-removed.about' },
    { facts: ['time'] },
    { say: 'factors-removed.then' },
    { say: 'factors-removed.other' },
    { link: 'notYou.link', page: '/forgot' },
  ],
  'factor-guessed': [
    { say: 'factor-guessed.about' },
    { facts: ['time', 'device'] },
    { say: 'factor-guessed.other' },
    { link: 'notYou.link', page: '/forgot' },
  ],
}
