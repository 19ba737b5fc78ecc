/** Bytes of each of the two numbers: the curve is P-256, as the only one that `ALGORITHMS` has. */
const SIZE = 32
const [SEQUENCE, INTEGER] = [0x30, 0x02]

/**
 * What `@simplewebauthn/server` has a parser of ASN.1 for, at ten times the weight of all else that proves a passkey:
 * the two numbers of an ECDSA signature (RFC 3279 §2.2.3), side by side, as Web Crypto takes them. Only the one DER
 * encoding of them is read.
 */
export function unwrapEC2Signature(signature: Uint8Array): Uint8Array {
  const [type, length = 0] = signature
  check(type === SEQUENCE && length === signature.length - 2)
  const both = new Uint8Array(2 * SIZE)
  let at = 2
  for (const end of [SIZE, 2 * SIZE]) {
    const [kind, size = 0] = signature.subarray(at)
    const number = signature.subarray(at + 2, at + 2 + size)
    check(kind === INTEGER && size > 0 && number.length === size)
    const [first = 0, second = 0] = number
    const isPadded = first === 0 && size > 1
    // Negative, or with a zero too many.
    check(first < 0x80 && !(isPadded && second < 0x80))
    const digits = isPadded ? number.subarray(1) : number
    check(digits.length <= SIZE)
    both.set(digits, end - digits.length)
    at += 2 + size
  }
  check(at === signature.length)
  return both
}

function check(isRight: boolean): void {
  if (!isRight) throw new Error('no ECDSA signature')
}
