import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Service } from './service.js'

type Members = Readonly<Record<string, unknown>>

/** Members to change in the genuine part, `undefined` to remove one; or the whole part as it is. */
export type Part = Members | string | Buffer

/** What a forged token has that the genuine one has not. */
export interface Forgery {
  readonly header?: Part
  readonly claims?: Part
  /** Signs `header.payload`; RS256 with the service's own key unless given. */
  readonly sign?: (input: string) => Buffer
}

/** Makes access tokens with the service's own key that differ from a genuine one as they are told to. */
export class Forger {
  readonly header: Members
  readonly claims: Members
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject

  constructor(genuine: string, privateKey: KeyObject) {
    const [header = '', payload = ''] = genuine.split('.')
    this.header = parse(header)
    this.claims = parse(payload)
    this.privateKey = privateKey
    this.publicKey = createPublicKey(privateKey)
  }

  forge({ header = {}, claims = {}, sign = this.sign }: Forgery = {}): string {
    const input = `${encode(this.header, header)}.${encode(this.claims, claims)}`
    return `${input}.${sign(input).toString('base64url')}`
  }

  readonly sign = (input: string): Buffer => sign('sha256', Buffer.from(input), this.privateKey)
}

/** @param genuine an access token that the service has signed. */
export async function forgerFor({ keyRing }: Service, genuine: string): Promise<Forger> {
  const { kid } = parse(genuine.slice(0, genuine.indexOf('.')))
  const keys = (await keyRing.store.read())?.ring.signing ?? []
  const key = keys.find((known) => known.kid === kid)
  if (!key) throw new Error('the key ring has no key of that token')
  return new Forger(genuine, createPrivateKey(key.privateKey))
}

function encode(genuine: Members, part: Part): string {
  const whole = typeof part === 'string' || Buffer.isBuffer(part)
  const bytes = whole ? part : JSON.stringify({ ...genuine, ...part })
  return Buffer.from(bytes as string).toString('base64url')
}

const parse = (part: string): Members =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Members

/** Every proper prefix and suffix of a token, and every change of one letter's case. */
export function alterations(token: string): string[] {
  const altered = Array.from(token.slice(1)).flatMap((letter, i) => {
    const [before, after] = [token.slice(0, i + 1), token.slice(i + 1)]
    return [before, after, before + swapCase(letter) + after.slice(1)]
  })
  return altered.filter((text) => text !== token)
}

const swapCase = (letter: string): string =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
