/** How many redirect URIs a client may have, and how long each may be. */
export const MAX_REDIRECT_URIS = 20
export const MAX_REDIRECT_URI_LENGTH = 512
