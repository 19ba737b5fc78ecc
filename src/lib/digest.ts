import { createHash } from 'node:crypto'

/** SHA-256, base64url: what is kept of a secret that can't be guessed. */
export const digest = (of: string | Buffer): string =>
  createHash('sha256').update(of).digest('base64url')
