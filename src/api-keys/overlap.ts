/** How long the secret before works after a rotation, unless the caller says otherwise: a day. */
export const DEFAULT_OVERLAP_SECONDS = 86_400
