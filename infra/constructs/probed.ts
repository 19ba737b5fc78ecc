interface Probed {
  readonly path: string
  /** In the first 5,120 bytes of the body. */
  readonly answer: string
}

/** What the probe asks for, and what it looks for in the answer. */
export const PROBED = {
  health: { path: '/healthz', answer: '"status":"ok"' },
  keys: { path: '/.well-known/jwks.json', answer: '"keys"' },
} as const satisfies Readonly<Record<string, Probed>>
