import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A certificate that signs itself, and its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const SHA256_WITH_ECDSA = sequence(oid([1, 2, 840, 10045, 4, 3, 2]))

/** A certificate for names of DNS, made at run time: no key is in the repository (X.509, RFC 5280 §4.1). */
export function certificateFor(...names: readonly string[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const issuer = sequence(set(sequence(oid([2, 5, 4, 3]), utf8(names[0] ?? ''))))
  const alternatives = sequence(...names.map((name) => element(0x82, Buffer.from(name))))
  const extension = sequence(oid([2, 5, 29, 17]), element(0x04, alternatives))
  const day = 86_400_000
  const now = new Date().getTime()
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    SHA256_WITH_ECDSA,
    issuer,
    sequence(time(now - day), time(now + day)),
    issuer,
    spki,
    element(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', body, privateKey)
  const whole = sequence(body, SHA256_WITH_ECDSA, element(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** DER: a tag, the length and the contents. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return element(0x30, ...contents)
}

const set = (...contents: readonly Buffer[]): Buffer => element(0x31, ...contents)
const integer = (value: Buffer): Buffer => element(0x02, value)
const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))

/** GeneralizedTime serves only from 2050 on (RFC 5280 §4.1.2.5). */
const time = (milliseconds: number): Buffer =>
  element(
    0x17,
    Buffer.from(`${new Date(milliseconds).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`),
  )

function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  return element(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}
