/** A request that the description allows and the service refuses, and why JSON Schema can't say so. */
export interface Exception {
  /** Pattern of the refusal: its code, the two members of an error of OAuth, or a field and what is wrong with it. */
  readonly says: string
  /** Such as `POST /api/auth/login`. */
  readonly operations: readonly string[]
  readonly why: string
}

/** All of them. One that no finding needs any more must go. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    says: '^TICKET_INVALID$',
    operations: [
      'POST /api/auth/email/confirm',
      'POST /api/auth/email/undo',
      'POST /api/auth/email/verification/confirm',
      'POST /api/auth/email/verification/disown',
      'POST /api/auth/factors/removal/cancel',
      'POST /api/auth/invitation/accept',
      'POST /api/auth/login/email/confirm',
      'POST /api/auth/password/reset',
    ],
    why: 'Tickets and codes come by mail, and each works once: a text of the right form is not one of them.',
  },
  {
    says: '^PASSWORD_REFUSED$',
    operations: ['POST /api/auth/password/reset', 'POST /api/auth/register'],
    why: 'A list of known passwords, the account’s own address, repetition, and a length that is counted after normalization.',
  },
  {
    says: '^PASSWORD_CHANGE_UNNEEDED$',
    operations: ['POST /api/auth/login'],
    why: 'A new password is asked for by the answer before, for an account whose password an administrator chose.',
  },
  {
    says: '^/expiresAt must be (in the future|before the year 9999)$',
    operations: ['POST /api/apikeys/generate', 'PATCH /api/apikeys/{id}'],
    why: 'JSON Schema knows no present.',
  },
  {
    says: '^/name must be visible',
    operations: [
      'PATCH /api/apikeys/{id}',
      'PATCH /api/admin/clients/{id}',
      'PATCH /api/auth/passkeys/{id}',
      'PATCH /api/profile',
      'POST /api/admin/clients',
      'POST /api/apikeys/generate',
      'POST /api/auth/invitation/accept',
      'POST /api/auth/login/enrolment/passkeys',
      'POST /api/auth/passkeys',
      'POST /api/auth/register',
    ],
    why: 'Unicode says which characters are visible. The pattern for it needs classes that most generators of values can’t read, so the description has none.',
  },
  {
    says: '^/cursor must be the cursor of a page of this list$',
    operations: ['GET /api/admin/users', 'POST /api/admin/users/search'],
    why: 'A cursor is of the page before.',
  },
  {
    says: '^/scopes/\\d+ must be a scope of these APIs$',
    operations: ['POST /api/admin/clients', 'PATCH /api/admin/clients/{id}'],
    why: 'The scopes are those of the APIs that the same request names.',
  },
  {
    says: '^/(redirectUris|postLogoutRedirectUris)/\\d+ ',
    operations: ['POST /api/admin/clients', 'PATCH /api/admin/clients/{id}'],
    why: 'A redirect URI is parsed as a browser parses URLs and must come out letter for letter; the pattern says the first half of that.',
  },
  {
    says: '^(CLIENT_UNKNOWN|REDIRECT_URI_UNKNOWN)$',
    operations: ['GET /oauth/authorize', 'POST /oauth/authorize'],
    why: 'Administrators register apps and their redirect URIs while the service runs. It must not redirect to others (RFC 9700 §4.1).',
  },
  {
    says: '^RETURN_TO_INVALID$',
    operations: ['GET /api/auth/local'],
    why: 'It is parsed as a browser parses URLs, so that no spelling means two places; the pattern says the first half of that.',
  },
  {
    says: '^invalid_request: Authenticate by the header or by the body, not by both$',
    operations: [
      'POST /oauth/introspect',
      'POST /oauth/revoke',
      'POST /oauth/token',
      'POST /oauth/par',
    ],
    why: 'One way of authentication a request (RFC 6749 §2.3): a rule over the header and the body.',
  },
  {
    says: '^invalid_request: The app is not registered with this redirect_uri$',
    operations: ['POST /oauth/par'],
    why: 'As at the authorization endpoint.',
  },
  {
    says: '^(unauthorized_client|invalid_grant|invalid_target|invalid_scope): ',
    operations: ['POST /oauth/token'],
    why: 'What a client may ask for, and which codes and tokens there are, is decided when they are made.',
  },
  {
    says: '^invalid_request: Send (code, redirect_uri and code_verifier|refresh_token)$',
    operations: ['POST /oauth/token'],
    why: 'What a grant needs follows from its type (RFC 6749 §4.1.3, §6).',
  },
]
