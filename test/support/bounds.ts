/** Variables by which `npm run prove` tells its tests how much to try. */
export const VARIABLES = { requests: 'PROVE_REQUESTS', full: 'PROVE_FULL' } as const

export const bounds = {
  /** Whether `npm run prove` is what runs. */
  isProve: process.env[VARIABLES.requests] !== undefined,
  /** Requests that a fuzz sends: 1,000 in `npm test`. */
  requests: Number(process.env[VARIABLES.requests] ?? 1000),
  /** Whether `--full` was given: generated tests then try as much as is of use, however long it takes. */
  isFull: process.env[VARIABLES.full] === 'true',
} as const
