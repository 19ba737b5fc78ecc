/** What an app says of a logout (RP-Initiated Logout 1.0 §2); all of it is optional. */
export const WISH_NAMES = [
  'id_token_hint',
  'client_id',
  'post_logout_redirect_uri',
  'state',
] as const

export type Wish = Readonly<Partial<Record<(typeof WISH_NAMES)[number], string>>>
