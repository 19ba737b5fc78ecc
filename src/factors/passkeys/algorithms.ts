/** EdDSA, ES256 and RS256, the best first: what every authenticator of today has one of (WebAuthn §5.4). */
export const ALGORITHMS = [-8, -7, -257] as const
