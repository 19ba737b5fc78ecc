import { timingSafeEqual } from 'node:crypto'
import type { Caller } from '../http/caller.js'
import { DEVICE_COOKIE } from '../http/cookies.js'
import { keyedDigest } from '../lib/keyed-digest.js'
import type { Random } from '../lib/random.js'

/** A data key that marks are made with: no rotation or replacement of keys makes a browser unknown. */
export interface MarkKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  /** base64url. */
  readonly secret: string
}

export type FindKey = (id: string) => Promise<MarkKey | undefined>

/** What a browser keeps of an account that it was signed in to: 128 random bits, and an HMAC over them and the account. */
export interface Mark {
  readonly keyId: string
  readonly device: string
  readonly mac: string
}

/** Whom a browser is known to. */
export interface MarkedAccount {
  readonly id: string
  /**
   * Since when it is its owner's, where they have taken it from another person, whose marks end by it. A new password
   * ends none: a stranger who guesses would then lock the owner out for as long as they go on.
   */
  readonly ownedSince?: string
}

/** Accounts that one browser is known to, the latest first. */
const MAX_MARKS = 5
const MAX_LENGTH = 512
const MARK = /^([0-9a-f]{8})([\w-]{22})([\w-]{43})$/
const DEVICE_BYTES = 16

/** The marks of a cookie; what is no mark is left out. */
function marksOf(cookie: string | undefined): Mark[] {
  if (cookie === undefined || cookie.length > MAX_LENGTH) return []
  return cookie.split('.').flatMap((text) => {
    const [, keyId = '', device = '', mac = ''] = MARK.exec(text) ?? []
    return keyId === '' ? [] : [{ keyId, device, mac }]
  })
}

/**
 * The device that a browser is to an account (OWASP's device cookies). It says "known", and nothing else.
 * @returns undefined for a browser that has not been signed in to it.
 */
export async function deviceOf(
  cookie: string | undefined,
  account: MarkedAccount,
  findKey: FindKey,
): Promise<string | undefined> {
  for (const mark of marksOf(cookie).slice(0, MAX_MARKS)) {
    const key = await findKey(mark.keyId)
    if (key && isOf(mark, account, key)) return mark.device
  }
  return undefined
}

/** The cookie of a caller's browser. One that was sent twice is none: it decides about little. */
export function deviceCookieOf(caller: Caller): string | undefined {
  try {
    return caller.cookie(DEVICE_COOKIE)
  } catch {
    return undefined
  }
}

/** The cookie of a browser that has just been signed in to an account, whose device stays the same. */
export async function withMark(
  cookie: string | undefined,
  account: MarkedAccount,
  { key, findKey, random }: { key: MarkKey; findKey: FindKey; random: Random },
): Promise<string> {
  const device =
    (await deviceOf(cookie, account, findKey)) ?? random(DEVICE_BYTES).toString('base64url')
  const others = marksOf(cookie).filter((mark) => mark.device !== device)
  const mark = { keyId: key.id, device, mac: macOf(device, account, key) }
  return [mark, ...others].slice(0, MAX_MARKS).map(encode).join('.')
}

const encode = ({ keyId, device, mac }: Mark): string => keyId + device + mac

const isOf = ({ device, mac }: Mark, account: MarkedAccount, key: MarkKey): boolean =>
  timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(device, account, key)))

const macOf = (device: string, { id, ownedSince }: MarkedAccount, key: MarkKey): string =>
  keyedDigest(key, 'known device', ...(ownedSince === undefined ? [id] : [id, ownedSince]), device)
