/** How long the secret before works after a rotation, unless the caller says otherwise: a day. */
export const DEFAULT_OVERLAP_SECONDS = 86_400

/** How long it may work at most: 30 days. */
export const MAX_OVERLAP_SECONDS = 2_592_000
