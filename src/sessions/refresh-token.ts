import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'uuid'
import { digest } from '../lib/digest.js'

/** The server key that authenticates a token and derives its successor. */
export interface TokenKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  /** base64url. */
  readonly secret: string
}

/** What sessions need of the key ring. */
export interface RefreshKeys {
  refreshKey(): Promise<TokenKey>
  refreshKeyById(id: string): Promise<TokenKey | undefined>
  refreshKeyBefore(id: string): TokenKey | undefined
}

export interface RefreshToken {
  readonly keyId: string
  readonly userId: string
  readonly sessionId: string
  /** 256 bits. */
  readonly secret: Buffer
}

const PREFIX = 'lkr_'
const KEY_ID = 4
const UUID = 16
const SECRET = 32
const MAC = 32
const BODY = KEY_ID + UUID + UUID + SECRET
const LENGTH = PREFIX.length + Math.ceil(((BODY + MAC) * 4) / 3)

/** The labels keep the uses of a server key apart. */
const MAC_LABEL = 'latchkey refresh token mac'
const APP_MAC_LABEL = 'latchkey refresh token mac of app'
const NEXT_LABEL = 'latchkey refresh token successor'

/**
 * `lkr_` and base64url of key id, user id, session id, secret and MAC.
 * @param clientId the app that it is for (RFC 6749 §6): the MAC is good for that client alone.
 */
export function encodeRefreshToken(
  key: TokenKey,
  token: Omit<RefreshToken, 'keyId'>,
  clientId?: string,
): string {
  const body = Buffer.concat([
    Buffer.from(key.id, 'hex'),
    parse(token.userId),
    parse(token.sessionId),
    token.secret,
  ])
  const mac = hmac(key, macLabel(clientId), body)
  return PREFIX + Buffer.concat([body, mac]).toString('base64url')
}

/** A token taken apart. Nothing in it is to be trusted before `isGenuine`. */
export interface PresentedToken extends RefreshToken {
  readonly body: Buffer
  readonly mac: Buffer
}

/** @returns undefined for anything but the one canonical spelling. */
export function decodeRefreshToken(text: string): PresentedToken | undefined {
  if (text.length !== LENGTH || !text.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  if (bytes.toString('base64url') !== text.slice(PREFIX.length)) return undefined
  const body = bytes.subarray(0, BODY)
  let offset = 0
  const take = (length: number) => body.subarray(offset, (offset += length))
  const keyId = take(KEY_ID).toString('hex')
  const [userId, sessionId] = [asUuid(take(UUID)), asUuid(take(UUID))]
  if (!userId || !sessionId) return undefined
  return { keyId, userId, sessionId, secret: take(SECRET), body, mac: bytes.subarray(BODY) }
}

/**
 * Whether this service made the token, and for this client: a forged one, and one of another, costs no read.
 * @param clientId undefined for Latchkey itself.
 */
export const isGenuine = (
  key: TokenKey,
  { body, mac }: PresentedToken,
  clientId?: string,
): boolean => timingSafeEqual(hmac(key, macLabel(clientId), body), mac)

const macLabel = (clientId: string | undefined): string =>
  clientId === undefined ? MAC_LABEL : `${APP_MAC_LABEL} ${clientId}`

/** The same successor each time, which no one can work out from the table or the token alone. */
export const successorOf = (key: TokenKey, secret: Buffer): Buffer => hmac(key, NEXT_LABEL, secret)

/** What is stored. The secret has 256 bits, so a plain hash is enough (ASVS V6.5.2). */
export const hashSecret = (secret: Buffer): string => digest(secret)

function hmac(key: TokenKey, label: string, data: Buffer): Buffer {
  return createHmac('sha256', Buffer.from(key.secret, 'base64url'))
    .update(`${label}\0`)
    .update(data)
    .digest()
}

function asUuid(bytes: Buffer): string | undefined {
  try {
    return stringify(bytes)
  } catch {
    return undefined
  }
}
