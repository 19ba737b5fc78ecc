/** Every word of the mails in English; `{name}` is filled in. No text that a user chose is. */
export const en = {
  'code.label': 'Your code',
  'code.about':
    'Type it where you asked for it. It is good for {time}. Never give it to anyone who asks you for it.',
  'link.good': 'The link is good for {time}.',
  'fact.time': 'Time',
  'fact.device': 'Device',
  'fact.key': 'Key',
  'fact.app': 'App',
  'fact.provider': 'Provider',
  'fact.role': 'New role',
  'fact.factor': 'Second factor',
  'fact.codesLeft': 'Codes left',
  'fact.suspendedPasskeys': 'Passkeys that need your password first',
  'fact.suspendedKeys': 'Suspended API keys',
  'fact.suspendedIdentities': 'Suspended identities',
  'fact.suspendedApps': 'Suspended apps',
  'factor.totp': 'Authenticator app',
  'factor.passkey': 'Passkey',
  'codesLeft.few': '{count}. Make new codes now.',
  'device.both': '{browser} on {system}',
  'role.user': 'User',
  'role.admin': 'Administrator',
  'notYou.about':
    'If it was not you, choose a new password now. That ends all sessions, and stops API keys and linked identities that were added recently.',
  'notYou.link': 'Choose a new password',
  'more.about':
    'This was the fifth mail of its kind within an hour. If there are more, you get no mail about them before the next hour: look at your account.',
  'more.link': 'Open my account',
  'foot.about':
    '{brand} sent this mail because of your account, or because someone entered your address.',
  'foot.support': 'Support',

  'verification.subject': 'Confirm your e-mail address',
  'verification.about':
    'Someone, probably you, entered this address for an account at {brand}. Confirm that the address is yours.',
  'verification.link': 'Confirm the address',
  'verification.other':
    'Did you not create an account? Open the same link and choose “I did not create this account”. That ends all access that another person has to it. If you do nothing, the address stays unconfirmed.',

  'address-taken.subject': 'You already have an account',
  'address-taken.about':
    'Someone, probably you, tried to create an account at {brand} with this address. You have an account already, so none was created.',
  'address-taken.login': 'Sign in',
  'address-taken.forgot': 'I forgot my password',
  'address-taken.other':
    'If it was not you, you need not do anything: nothing in your account has changed.',

  'password-reset.subject': 'Choose a new password',
  'password-reset.about':
    'Someone, probably you, asked for a new password for your account at {brand}.',
  'password-reset.link': 'Choose a new password',
  'password-reset.other':
    'If you did not ask for this, ignore this mail: your password stays as it is.',

  'password-offer.subject': 'Choose a new password',
  'password-offer.about':
    'An administrator of {brand} sends you this link so that you can choose a new password for your account.',
  'password-offer.link': 'Choose a new password',
  'password-offer.other':
    'If you do not need it, ignore this mail: your password stays as it is. The administrator sees neither the link nor the password.',

  'sign-in.subject': 'Sign in to {brand}',
  'sign-in.about': 'Someone, probably you, asked to sign in to {brand} with this address.',
  'sign-in.link': 'Sign in',
  'sign-in.browser': 'The link works in the browser where you asked for it.',
  'sign-in.other': 'If you did not ask for this, ignore this mail: no one can sign in without it.',

  'address-change.subject': 'Confirm your new e-mail address',
  'address-change.about':
    'Someone, probably you, wants to use this address for an account at {brand}.',
  'address-change.other':
    'If it was not you, ignore this mail: without the code, the account does not get your address.',

  'address-change-taken.subject': 'Your address was entered for another account',
  'address-change-taken.about':
    'Someone tried to give another account at {brand} this address. It belongs to your account, so nothing has changed.',
  'address-change-taken.other': 'You need not do anything.',

  'address-changed.subject': 'Your e-mail address was changed',
  'address-changed.about': 'Your account at {brand} has another e-mail address now.',
  'address-changed.other':
    'If it was not you, undo the change now. You need the password, or another way to sign in, that the account had before.',
  'address-changed.link': 'Undo the change',

  'new-device.subject': 'New sign-in to your account',
  'new-device.about':
    'Someone signed in to your account at {brand} from a device that is new to it.',

  'password-changed.subject': 'Your password was changed',
  'password-changed.about': 'The password of your account at {brand} was set or changed.',

  'api-key-created.subject': 'An API key was created',
  'api-key-created.about': 'Your account at {brand} has a new API key.',

  'api-key-rotated.subject': 'An API key has a new secret',
  'api-key-rotated.about': 'An API key of your account at {brand} was given a new secret.',

  'app-suspended.subject': 'An app that you registered is suspended',
  'app-suspended.about':
    'The password of your account at {brand} is new. Someone who had the old one may have registered this app, so no one can sign in to it now.',
  'app-suspended.other': 'If you registered it yourself, enable it on its page. If not, remove it.',
  'app-suspended.link': 'Look at the apps',

  'identity-linked.subject': 'Another way to sign in was added',
  'identity-linked.about':
    'A provider was linked to your account at {brand}. You can sign in with it now.',

  'role-changed.subject': 'Your role was changed',
  'role-changed.about': 'An administrator changed the role of your account at {brand}.',
  'role-changed.other': 'If you do not know why, ask the people who run {brand}.',

  'session-replayed.subject': 'Your session may have been copied',
  'session-replayed.about':
    'One session of your account at {brand} was used from two places at the same time.',

  'address-verified.subject': 'Your e-mail address was confirmed',
  'address-verified.about':
    'An administrator of {brand} confirmed that this address belongs to an account there.',
  'address-verified.other':
    'If you do not know the account, choose a new password for it: that ends all sessions of others.',

  'address-released.subject': 'Your e-mail address was removed from an account',
  'address-released.about':
    'An administrator of {brand} removed this address from an account. Another account can have it now.',
  'address-released.other':
    'If the account was yours, enter this address and your password at the sign-in within 30 days, and choose another address. If you do not know why it was removed, ask the people who run {brand}.',

  'address-freed.subject': 'Your e-mail address was removed from an account',
  'address-freed.about':
    'Someone signed in to {brand} at a provider that confirms this address as theirs. It was removed from an account that had never confirmed it, and a new account has it now.',
  'address-freed.other':
    'If the older account was yours, enter this address and the password of that account at the sign-in within 30 days, and choose another address for it.',

  'address-undone.subject': 'The change of your e-mail address was undone',
  'address-undone.about':
    'Your account at {brand} has its earlier e-mail address again, and the password that it had with it. This address does not belong to it any more.',
  'address-undone.other': 'If it was not you, ask the people who run {brand}.',

  'factor-added.subject': 'A second factor was added to your account',
  'factor-added.about':
    'Your account at {brand} has a new second factor. You can sign in with it now.',

  'factor-removed.subject': 'A second factor was removed from your account',
  'factor-removed.about': 'A second factor of your account at {brand} was removed.',

  'recovery-codes-replaced.subject': 'Your account has new recovery codes',
  'recovery-codes-replaced.about':
    'New recovery codes were made for your account at {brand}. Earlier ones no longer work.',

  'recovery-code-used.subject': 'A recovery code was used',
  'recovery-code-used.about':
    'Someone, probably you, used a recovery code of your account at {brand}.',
  'recovery-code-used.other':
    'Each code works once. You can make new codes for your account at any time; then the earlier ones stop.',
  'recovery-code-used.link': 'Open my account',

  'passkey-cloned.subject': 'A passkey of your account may have been copied',
  'passkey-cloned.about':
    'A passkey of your account at {brand} was used that is older than the last time you used it. The sign-in was refused.',
  'passkey-cloned.other':
    'Its device may be broken, or there may be a copy of it. Sign in in another way, remove the passkey, and make a new one.',
  'passkey-cloned.link': 'See your account:',
  'factors-removal-begun.subject': 'Your second factors are about to be removed',
  'factors-removal-begun.about':
    'An administrator of {brand} began to remove all second factors of your account. It is how people get in again who have lost theirs.',
  'factors-removal-begun.then':
    'They are removed at your first sign-in after 24 hours, or earlier if another administrator agrees. Then your account is open to everyone who can do the first step of the sign-in.',
  'factors-removal-begun.other':
    'If you did not ask for it, or have found your device again, keep them. You need no second factor for that.',
  'factors-removal-begun.link': 'Keep my second factors',

  'invitation.subject': 'You are invited to {brand}',
  'invitation.about':
    'An administrator of {brand} invites you to make an account with this e-mail address.',
  'invitation.link': 'Accept the invitation',
  'invitation.later':
    'The invitation itself is good for 7 days. When the link has expired, sign in by mail with this address: that makes the account, too.',
  'invitation.other':
    'If you do not want an account, ignore this mail: nothing happens without you.',

  'factors-removed.subject': 'All second factors of your account were removed',
  'factors-removed.about':
    'Administrators of {brand} removed all second factors of your account, with its recovery codes, and signed you out everywhere.',
  'factors-removed.then':
    'The first step of the sign-in, such as your password, opens your account now. Add a second factor again when you next sign in.',
  'factors-removed.other':
    'If you did not ask for it, choose a new password now, and tell the people who run {brand}.',

  'factor-guessed.subject': 'Someone may know your password',
  'factor-guessed.about':
    'Someone got through the first step of the sign-in to your account at {brand}, probably with your password, and then entered a wrong code five times. They did not get in.',
  'factor-guessed.other': 'If it was not you, choose a new password now.',
} as const

export type TextKey = keyof typeof en
export type Texts = Readonly<Record<TextKey, string>>
