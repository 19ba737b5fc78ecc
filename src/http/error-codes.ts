/** Why a request failed, and what to do about it. */
interface ErrorDocument {
  readonly cause: string
  readonly cure: string
}

/**
 * Every `code` of a problem, for the page `/errors` and `docs/errors.md`. A new `ProblemType` needs an entry
 * here, or it does not compile; codes never change once released.
 */
export const ERRORS = {
  ACCESS_DENIED: {
    cause: 'The person said no at the identity provider.',
    cure: 'Start the sign-in again.',
  },
  ACCESS_TOKEN_REQUIRED: {
    cause:
      'The request has neither an access token in `Authorization: Bearer …` nor a session cookie.',
    cure: 'Sign in, and send the token. Other schemes than `Bearer` do not count.',
  },
  ACCOUNT_DISABLED: {
    cause: 'An administrator has disabled the account.',
    cure: 'Ask an administrator.',
  },
  ACCOUNT_EXISTS: {
    cause:
      'An account has the e-mail address that the identity provider gave, and is not linked to it.',
    cure: 'Sign in the way that you did before, and link the provider on your account page.',
  },
  ACCOUNT_UNPROVED: {
    cause:
      'The link or code of the mail is good, but the account has never proved its address: a stranger may have made it. The mail stays good.',
    cure: 'Sign in by password or at a provider, in this browser or elsewhere. Or send `startOver: true` as well: the account becomes yours, and all that is in it (password, API keys, identities, name) is removed. The account of an administrator is never given away so.',
  },
  ADDRESS_NOT_ALLOWED: {
    cause:
      'The API key may be used from certain address ranges only, and the request came from another.',
    cure: 'Call from an allowed address, or ask the owner of the key to add yours. `GET /api/key` lists the ranges to a caller inside them.',
  },
  ADMINISTRATOR_TOO_NEW: {
    cause:
      'The removal of second factors takes two administrators, and this one got the role less than seven days before it began, or in a version that kept no time of it.',
    cure: 'Let another administrator begin or confirm it, as `detail` says: `GET /api/admin/users/:id` shows who began it. An administrator whose role has no time gets it by being promoted again.',
  },
  ADMIN_ACCOUNT: {
    cause:
      'The account is an administrator’s, or was one’s in the last seven days. By HTTP no administrator gives its owner a password link, or proves or takes its address. An account that ever was an administrator’s is not deleted by HTTP either.',
    cure: 'Use the command line, as `detail` says.',
  },
  API_KEY_DISABLED: {
    cause: 'The key is genuine, but it is disabled or suspended, or its owner is disabled.',
    cure: 'Ask the owner of the key. Do not retry: the answer stays the same until the key is enabled.',
  },
  API_KEY_EXPIRED: {
    cause: 'The key is genuine, but its `expiresAt` has passed.',
    cure: 'Ask the owner of the key for a new one, or for a later expiry. `GET /api/key` shows `expiresAt` in advance.',
  },
  API_KEY_INVALID: {
    cause:
      'The key is mistyped, cut, of another environment, deleted, or was replaced by a rotation.',
    cure: 'Compare it with what you stored: `latchkey key inspect` finds typing errors without a call.',
  },
  API_KEY_MISPLACED: {
    cause: 'The key was sent in the URL, or more than one was sent.',
    cure: 'Send one key in one `x-api-key` header. A key that was in a URL is in logs and histories: rotate it.',
  },
  API_KEY_NOT_FOUND: {
    cause: 'There is no key with this id, or it belongs to another user.',
    cure: 'List the keys with `GET /api/apikeys`. A key rotates only itself.',
  },
  API_KEY_REQUIRED: {
    cause: 'The request has no `x-api-key` header.',
    cure: 'Send the key in `x-api-key`, not in `Authorization`.',
  },
  API_KEY_RESTRICTED: {
    cause: 'An administrator has suspended the key, taken the scope away, or set a lower limit.',
    cure: 'Ask an administrator. `detail` names the fields.',
  },
  AUTHENTICATION_INSUFFICIENT: {
    cause:
      'The access token is good, but this requires a sign-in that is stronger (two factors, or a passkey) or more recent than the one behind it.',
    cure: 'Let the person sign in as `acrValues` and `maxAge` say, and repeat the request with the new token. `WWW-Authenticate` says the same (RFC 9470).',
  },
  AUTHORIZATION_REFUSED: {
    cause:
      'An app that is known by a client document alone can’t have what it asks for: its request is faulty, or its person can’t sign in as it wants.',
    cure: 'People follow the link of the page, by which the app gets the error. `detail` says what is wrong.',
  },
  AUTHORIZATION_REQUEST_ENDED: {
    cause:
      'The request of the app has been answered, is older than an hour, or was begun in another browser.',
    cure: 'Go back to the app and begin again. The browser must keep cookies.',
  },
  BAD_REQUEST: {
    cause: 'The request cannot be read as HTTP, or its text is not UTF-8.',
    cure: 'Send it with an HTTP library, and text as UTF-8.',
  },
  BAD_URL: {
    cause: 'The URL has a broken percent escape.',
    cure: 'Encode the parts of the path and the query with your library.',
  },
  BODY_TOO_LARGE: {
    cause: 'The body is larger than 16 KiB (a leak report: 1 MiB).',
    cure: 'Send less at once.',
  },
  BUSY: {
    cause: 'More passwords wait to be checked than the service takes at once.',
    cure: 'Try again after `Retry-After` seconds.',
  },
  CLIENT_DECLARED: {
    cause: 'The app is in the variable `CLIENTS` of the deployment, which alone changes it.',
    cure: 'Change it there, and deploy.',
  },
  CLIENT_DOCUMENT_INVALID: {
    cause:
      'The app has a URL as its `client_id`, and the document there can’t be fetched or is not what it must be; `detail` says why. A failure is remembered for a minute.',
    cure: 'Correct the document: a small JSON object with `client_id`, letter for letter its URL, `client_name` and `redirect_uris` of its own origin or of loopback, and without a secret.',
  },
  CLIENT_NOT_FOUND: {
    cause: 'No app is registered with this id, or another request changed its secret meanwhile.',
    cure: 'List the apps with `GET /api/admin/clients`.',
  },
  CLIENT_PUBLIC: {
    cause: 'The app is public: it runs where it can keep no secret.',
    cure: 'Register another app, one that is not public, if it runs on a server.',
  },
  CLIENT_UNKNOWN: {
    cause: '`client_id` is missing, is sent twice, or names no app that is registered.',
    cure: 'Use the id that `GET /api/admin/clients` lists, exactly as it is spelt there.',
  },
  CONSENT_NOT_FOUND: {
    cause: 'You have allowed no app of this client id anything, or have taken it back.',
    cure: 'List what apps may do with `GET /api/auth/consents`.',
  },
  DEVICE_NOT_FOUND: {
    cause: 'No trusted device of yours has this id: it was ended, or its time is over.',
    cure: 'List the devices with `GET /api/auth/devices`.',
  },
  DUPLICATE_COOKIE: {
    cause: 'Two cookies of the session have the same name.',
    cure: 'Delete the cookies of this site, and sign in again.',
  },
  EMAIL_MISSING: {
    cause: 'The identity provider gave no e-mail address that can be used.',
    cure: 'Give the provider an address, or allow it to pass the address on.',
  },
  EMAIL_TAKEN: {
    cause: 'An account has this e-mail address.',
    cure: 'Sign in to it.',
  },
  EMAIL_UNSUPPORTED: {
    cause:
      'The part of the e-mail address before the @ has letters that this service does not accept.',
    cure: 'Use an address whose first part is plain letters, digits and punctuation.',
  },
  EMAIL_UNVERIFIED: {
    cause: 'The identity provider has not verified the e-mail address.',
    cure: 'Verify the address at the provider, and sign in again.',
  },
  EMAIL_VERIFICATION_REQUIRED: {
    cause:
      'The sign-in was right, but the address of the account is not proved, and the service has `EMAIL_VERIFICATION=required`.',
    cure: 'A mail with a code is on its way: send the code with the `flow` of this answer to `POST /api/auth/login/email/confirm`. Without a `flow` the account has no address: ask an administrator.',
  },
  INVITATION_NOT_FOUND: {
    cause:
      'No invitation of this address is open: it was accepted or withdrawn, has expired, or never was.',
    cure: 'List the open ones, or invite the address again.',
  },
  REDIRECT_URI_UNKNOWN: {
    cause:
      '`redirect_uri` is missing, is sent twice, or is none of those that the app is registered with.',
    cure: 'Register the URI letter for letter; the port of a loopback address alone may differ.',
  },
  SECOND_FACTOR_REQUIRED: {
    cause: 'The sign-in was right, and the account has a second factor.',
    cure: 'Send the `ticket` of this answer within five minutes with one of the `factors` to `POST /api/auth/login/factor`. Where `factors` is empty, the service takes none of those that the account has: ask an administrator.',
  },
  SECOND_FACTOR_ENROLMENT_REQUIRED: {
    cause:
      'The sign-in was right, but the service wants a second factor (`SECOND_FACTOR`), and the account has none.',
    cure: 'A mail with a code is on its way: send the code with the `flow` of this answer to `POST /api/auth/login/email/confirm`. It answers the same with a `ticket`, which sets up a second factor at `POST /api/auth/login/enrolment/totp` or `/passkeys`. Without either the account has no address: ask an administrator.',
  },
  EXPECTATION_FAILED: {
    cause: 'The request has an `Expect` header with a value other than `100-continue`.',
    cure: 'Leave the header out.',
  },
  FACTOR_EXISTS: {
    cause: 'The account has an authenticator app already; it can have one.',
    cure: 'Remove it first (`DELETE /api/auth/factors/totp`), or keep it.',
  },
  FACTOR_INVALID: {
    cause:
      'The code is wrong, was used before, or is of a factor that the account does not have. A one-time password is good once, for 30 seconds and as long before and after; a recovery code is good once. After 100 wrong one-time passwords in a row the account takes none.',
    cure: 'Wait for the next code and try again, with the same `ticket`. Where codes stay wrong, check the clock of the phone, or use a recovery code.',
  },
  FACTOR_NOT_FOUND: {
    cause: 'The account has no such second factor, or none that waits to be confirmed.',
    cure: 'List the factors with `GET /api/auth/factors`. A new secret can be confirmed for ten minutes.',
  },
  FACTORS_REMOVAL_NOT_FOUND: {
    cause:
      'No removal of the second factors of this account is under way: its owner or an administrator took it back, the factors have changed, it is older than seven days, or who began it is no administrator any more.',
    cure: 'Begin it (`POST /api/admin/users/:id/factors-removal`).',
  },
  FORBIDDEN: {
    cause: 'The route is for another role, such as administrators.',
    cure: 'Call it as a user who has the role. A new role counts from the next sign-in or refresh.',
  },
  FOREIGN_LINK: {
    cause: 'Linking an identity was started from a page of another site.',
    cure: 'Start it on the account page of this service.',
  },
  FOREIGN_ORIGIN: {
    cause:
      'A request with a session cookie came from a page of another origin, or does not say where it came from.',
    cure: 'Call from a page of the service or of an origin in `CORS_ORIGINS`, or send a bearer token instead of the cookie.',
  },
  HEADERS_TOO_LARGE: {
    cause: 'The headers of the request are larger than the server reads.',
    cure: 'Send fewer cookies and shorter headers.',
  },
  IDENTITY_NOT_FOUND: {
    cause: 'The account has no identity with this id.',
    cure: 'List the identities with `GET /api/auth/identities`.',
  },
  IDENTITY_SUSPENDED: {
    cause:
      'The identity was linked shortly before the account’s password was changed, and may be a thief’s.',
    cure: 'Sign in with the password, and enable the identity on your account page; or ask an administrator.',
  },
  IDENTITY_TAKEN: {
    cause: 'The identity at the provider is linked to another account.',
    cure: 'Unlink it there first.',
  },
  INSUFFICIENT_SCOPE: {
    cause: 'The key or the token is valid, but does not have the scope that the route needs.',
    cure: 'Ask the owner of the key to add the scope; `detail` or `WWW-Authenticate` names it.',
  },
  INTERNAL_ERROR: {
    cause: 'The service has a fault.',
    cure: 'Report it with the `requestId`. Trying again may help.',
  },
  INVALID_CREDENTIALS: {
    cause:
      'There is no account with this address and password. The answer does not say which is wrong.',
    cure: 'Check both. After ten wrong passwords the account has to wait.',
  },
  INVALID_REQUEST: {
    cause: 'The access token was sent in the URL, or in more than one header.',
    cure: 'Send one token in one `Authorization` header.',
  },
  LAST_FACTOR: {
    cause:
      'The service wants the account to have a second factor (`SECOND_FACTOR`), and this is the last one; or passkeys are left, which the service no longer takes and would ask for.',
    cure: 'Add another first, or remove the passkeys.',
  },
  LAST_SIGN_IN_METHOD: {
    cause: 'Without this identity there would be no way to sign in to the account.',
    cure: 'Set a password or link another identity first.',
  },
  MAIL_NOT_CONFIGURED: {
    cause: 'The service sends no mail: `MAIL_FROM` is not set.',
    cure: 'Use another way, such as an identity provider, or ask an administrator.',
  },
  MALFORMED_FORM: {
    cause: 'The body is not a form, or its text is not UTF-8.',
    cure: 'Encode it as `application/x-www-form-urlencoded` in UTF-8.',
  },
  MALFORMED_JSON: {
    cause:
      'The body is not JSON in UTF-8, or an object in it has a member `__proto__`, or a `constructor` with a `prototype`, which could change what other objects inherit.',
    cure: 'Encode it with your library, without such members. An empty body needs no content type.',
  },
  METHOD_NOT_ALLOWED: {
    cause: 'The path exists, but does not accept this method.',
    cure: 'Use one of those in the `Allow` header.',
  },
  MISDIRECTED_REQUEST: {
    cause: 'The `Host` header names a host that is not this service.',
    cure: 'Call the service by its own address.',
  },
  NO_ADDRESS: {
    cause: 'The account has no e-mail address: it was released or freed.',
    cure: 'Give the account another with `npm run admin -- readdress`.',
  },
  NOTHING_TO_VERIFY: {
    cause: 'The address of the account is proved already, or the account has none.',
    cure: 'Nothing: `GET /api/profile` says whether the address is proved.',
  },
  NOT_FOUND: {
    cause: 'There is nothing at this path.',
    cure: 'Compare it with `/openapi.json`.',
  },
  NOT_IMPLEMENTED: {
    cause: 'The method is not an HTTP method.',
    cure: 'Use a standard method.',
  },
  OWN_ACCOUNT: {
    cause: 'Administrators cannot disable their own account or give up their own role.',
    cure: 'Ask another administrator.',
  },
  OWN_FACTORS: {
    cause:
      'An administrator asked to remove all second factors of their own account, or to confirm it.',
    cure: 'Remove a factor of your own with `DELETE /api/auth/factors/totp` or `DELETE /api/auth/passkeys/:id`. Where you have lost them, two other administrators remove them, or the command line does.',
  },
  PASSKEY_SUSPENDED: {
    cause:
      'The passkey was added shortly before the password was changed or reset, and does not sign in alone since.',
    cure: 'Sign in with the password and use the passkey as the second factor, once.',
  },
  PASSKEY_TAKEN: {
    cause: 'The credential is a passkey of an account already, of this one or another.',
    cure: 'Use it to sign in, or make a new one: the `excludeCredentials` of the options keep browsers from offering one that the account has.',
  },
  PASSKEYS_OFF: {
    cause:
      'The service has `PASSKEYS=off`, or its address is one that passkeys can’t belong to: an IP address or a domain of AWS.',
    cure: 'Use another second factor, or run the service on a domain of your own.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    cause: 'The password is right, but an administrator chose it, and it is good for one sign-in.',
    cure: 'Sign in with the same `password`, and with one of your own in `newPassword`.',
  },
  PASSWORD_CHANGE_UNNEEDED: {
    cause: 'The sign-in has a `newPassword`, and the account already has a password of its own.',
    cure: 'Sign in without `newPassword`. `POST /api/auth/password` changes a password.',
  },
  PASSWORD_REFUSED: {
    cause:
      'The new password is too short, too common, or too close to the account; `errors` says which.',
    cure: 'Choose another. `POST /api/auth/password/check` judges one in advance.',
  },
  PASSWORD_REQUIRED: {
    cause:
      'The link is opened elsewhere than where the mail was asked for. A mailbox alone does not prove that the account is yours.',
    cure: 'Send the `password` of the account too, or the `flow` that the mail was asked for with, or a session of the account.',
  },
  PROVIDER_ERROR: {
    cause: 'The answer of the identity provider failed a check.',
    cure: 'Try again; if it fails again, report it with the `requestId`.',
  },
  PROVIDER_UNAVAILABLE: {
    cause: 'The identity provider does not answer.',
    cure: 'Try again after `Retry-After` seconds, or sign in another way.',
  },
  QUOTA_EXCEEDED: {
    cause: 'The calls that the key has in a calendar month (UTC) are used up.',
    cure: 'Wait for `Retry-After` seconds, which is the next month, or ask the owner of the key for more.',
  },
  RATE_LIMITED: {
    cause:
      'Too many requests came from this address, for this account or session, or with this key.',
    cure: 'Wait for `Retry-After` seconds. `RateLimit-*` say what is left.',
  },
  RECENT_SIGN_IN_REQUIRED: {
    cause:
      'The change, such as making or rotating a key, requires a sign-in within the last 15 minutes.',
    cure: 'Sign in again, and repeat it. A script rotates a key with the key itself.',
  },
  REFRESH_CONFLICT: {
    cause: 'Another request has just used the refresh token, and its answer is not for this one.',
    cure: 'Read the newest token from your store, and try again after `Retry-After` seconds.',
  },
  REFRESH_TOKEN_INVALID: {
    cause: 'The refresh token is damaged, expired, or of a session that has ended.',
    cure: 'Sign in again.',
  },
  REFRESH_TOKEN_REQUIRED: {
    cause: 'The request has no refresh token, neither in the body nor as a cookie.',
    cure: 'Send the token from the last answer, or sign in.',
  },
  REFRESH_TOKEN_REUSED: {
    cause: 'The refresh token was used before. It may have been stolen, so the session has ended.',
    cure: 'Sign in again, and store each new refresh token before you use it.',
  },
  REQUEST_TIMEOUT: {
    cause: 'The request was sent too slowly.',
    cure: 'Send it again.',
  },
  RESOURCE_UNKNOWN: {
    cause: '`resource` names no API that this service issues tokens for.',
    cure: 'Use an identifier of the setting `RESOURCES`, exactly as it is spelt there.',
  },
  RETURN_TO_INVALID: {
    cause: '`returnTo` leads to another site.',
    cure: 'Use a path of this service, or a URL of an origin in `CORS_ORIGINS`.',
  },
  SCOPE_RESERVED: {
    cause: 'Only administrators give this scope to a key; `detail` names it.',
    cure: 'Leave it out, or ask an administrator to give it.',
  },
  SECOND_ADMINISTRATOR_REQUIRED: {
    cause:
      'The administrator who began to remove the second factors of a user can’t confirm it before 24 hours have passed; for the account of an administrator, not without another administrator.',
    cure: 'Let another administrator confirm it, or wait for as long as `detail` says.',
  },
  SECRET_SUPERSEDED: {
    cause:
      'The key was sent with a secret that a rotation has replaced, or that was reported as leaked.',
    cure: 'Rotate with the newest secret, or ask the owner of the key to rotate it.',
  },
  SERVICE_UNAVAILABLE: {
    cause: 'The service is starting, or an instance of it failed to start.',
    cure: 'Try again after `Retry-After` seconds.',
  },
  SESSION_NOT_FOUND: {
    cause: 'There is no session with this id, or it has ended.',
    cure: 'List the sessions with `GET /api/auth/sessions`.',
  },
  SIGN_IN_EXPIRED: {
    cause:
      'The sign-in took longer than ten minutes, was used twice, or was begun in another browser.',
    cure: 'Start it again in this browser.',
  },
  SIGN_IN_REQUIRED: {
    cause: 'Linking an identity requires a session, and the session has ended.',
    cure: 'Sign in, and link the identity again.',
  },
  SIGN_UP_CLOSED: {
    cause:
      'Sign-up is closed (`SIGN_UP`), or open only to invited people or to those with a proved address at certain domains.',
    cure: 'Sign in with the provider of your organization, or ask an administrator for an invitation. Where sign-up is closed, no one can be invited: `latchkey admin create` makes accounts.',
  },
  SIGNATURE_INVALID: {
    cause:
      'The report is not signed with the key in `API_KEY_LEAK_PUBLIC_KEY`, or was changed on the way.',
    cure: 'Sign the body as it is sent, with ECDSA P-256 and SHA-256.',
  },
  STORE_UNAVAILABLE: {
    cause: 'The database of the service does not answer. Your credentials are still valid.',
    cure: 'Try again after `Retry-After` seconds.',
  },
  TICKET_INVALID: {
    cause:
      'The link or the code of a mail is unknown, used, expired or of another kind, or the account has changed since. A code works with the `flow` that it was asked for with, for ten minutes and five tries.',
    cure: 'Ask for a new mail.',
  },
  TOKEN_EXPIRED: {
    cause: 'The access token is older than its 15 minutes.',
    cure: 'Get a new one with the refresh token, or swap the key again.',
  },
  TOKEN_INVALID: {
    cause:
      'The access token is damaged, of another issuer or audience, or of a session that has ended.',
    cure: 'Sign in again. A token for one API opens no other.',
  },
  TOO_MANY_CLIENTS: {
    cause: 'As many apps are registered as the service keeps: 100.',
    cure: 'Remove those that no one uses.',
  },
  TOO_MANY_IDENTITIES: {
    cause: 'The account has ten identities at providers, which is the most.',
    cure: 'Unlink one.',
  },
  TOO_MANY_KEYS: {
    cause: 'The user has as many API keys as `API_KEYS_PER_OWNER` allows.',
    cure: 'Delete one that is not used.',
  },
  TOO_MANY_PASSKEYS: {
    cause: 'The account has 20 passkeys.',
    cure: 'Remove one that is not used any more (`DELETE /api/auth/passkeys/:id`).',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    cause: 'The body is in a format or a charset that the route does not accept.',
    cure: 'Send JSON in UTF-8 with `content-type: application/json`; `/oauth/*` accepts forms.',
  },
  USER_NOT_FOUND: {
    cause: 'There is no user with this id or address.',
    cure: 'Check it. Addresses are compared in lower case.',
  },
  VALIDATION_FAILED: {
    cause: 'Fields of the request are missing, unknown, or have values that are not allowed.',
    cure: '`errors` names each field and what it must be.',
  },
} as const satisfies Record<string, ErrorDocument>

/** The stable name of a kind of failure. */
export type ErrorCode = keyof typeof ERRORS
