import { createHmac } from 'node:crypto'

/**
 * HMAC-SHA-256 over texts, base64url. Without the key no one can find by trying what a digest is of.
 * @param key a key of the service; its first data key where the digest must stay the same over rotations.
 * @param label names the purpose, so that digests of two purposes are never alike.
 * @param texts none of them contains U+0000, which divides them.
 */
export const keyedDigest = (
  key: { readonly secret: string },
  label: string,
  ...texts: readonly string[]
): string =>
  createHmac('sha256', Buffer.from(key.secret, 'base64url'))
    .update(`latchkey ${[label, ...texts].join('\0')}`)
    .digest('base64url')
