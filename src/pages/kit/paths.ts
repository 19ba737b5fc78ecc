/** Shows the sign-in form with an address filled in. */
export const SIGN_IN_AS = '/login/address'

/** Asks whether an address is to be freed from an account that has not proved it; a provider's callback leads here. */
export const FREEING = '/login/free'

/** Gives the account that an address was freed from another one. */
export const READDRESS = '/login/readdress'

/** Asks for the mail that signs in, and takes its link or code. */
export const MAIL_SIGN_IN = '/login/email'
export const MAIL_SIGN_IN_CONFIRM = '/login/email/confirm'

/** Asks for the mail that resets a password, and takes its link or code. */
export const FORGOT = '/forgot'
export const RESET = '/reset'

/** The form that changes a password. */
export const CHANGE_PASSWORD = '/dashboard#password'

/** All that is kept of a person, as a file, and its end. */
export const ACCOUNT_DATA = '/dashboard/data'
export const DELETE_ACCOUNT = '/dashboard/delete'

/** Asks for another address for the account, and takes the code of its mail. */
export const CHANGE_EMAIL = '/dashboard/email'
export const CONFIRM_EMAIL = '/dashboard/email/confirm'

/** Undoes a change of address with the link of a mail. */
export const UNDO = '/undo'

/** Keeps the second factors that an administrator began to remove, with the link of a mail. */
export const KEEP_FACTORS = '/keep-factors'

/** Makes the account of an invited person, with the link of a mail. */
export const INVITATION = '/invitation'

/** Open invitations, for administrators. */
export const INVITATIONS = '/dashboard/invitations'

/** Proves an address, and makes the account of a registration that waits for it. */
export const VERIFY = '/verify'

/** Says that another person made the account. */
export const DISOWN = '/verify/disown'

/** Asks for the mail that proves the address of the account. */
export const ASK_VERIFICATION = '/dashboard/verification'

/** The second step of a sign-in. */
export const SECOND_STEP = '/login/factor'

/** Signs in by a passkey alone. */
export const PASSKEY_SIGN_IN = '/login/passkey'

/** Sets up the second factor that an account has to have before it can be signed in to. */
export const ENROLMENT = '/login/enrolment'
export const ENROLMENT_TOTP = `${ENROLMENT}/totp`
export const ENROLMENT_PASSKEY = `${ENROLMENT}/passkeys`

/** Asks a person who is signed in to prove once more who they are. */
export const STEP_UP = '/step-up'

/** Asks a person whether an app may have what it asks for. */
export const CONSENT = '/consent'

/** Where an app sends a person to sign out (RP-Initiated Logout 1.0). */
export const APP_LOGOUT = '/oauth/logout'

/** What a person has allowed apps. */
export const APPS = '/account/apps'
export const APPS_WITHDRAW = `${APPS}/withdraw`

/** What happened in a person's account. */
export const ACTIVITY = '/account/activity'

/** The apps that sign people in here, for administrators. */
export const CLIENTS = '/dashboard/apps'

/** A person's own second factors. */
export const FACTORS = '/account/factors'
export const FACTORS_TOTP = `${FACTORS}/totp`
export const FACTORS_PASSKEY = `${FACTORS}/passkeys`
export const FACTORS_NOT_NOW = `${FACTORS}/not-now`

/** What scripts get the challenges of passkeys from. */
export const PASSKEY_REQUEST = '/api/auth/login/passkey/options'
export const PASSKEY_CREATION = '/api/auth/passkeys/options'
