import { createHmac } from 'node:crypto'

const LABEL = 'latchkey tried address'

/**
 * An e-mail address as the log may have it: 128 bits that show only that two attempts were for the same one.
 * @param secret of a data key, base64url: these are never removed, so that the digest stays the same.
 */
export const digestAddress = (secret: string, email: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`${LABEL}\0${email.toLowerCase()}`)
    .digest('base64url')
    .slice(0, 22)
