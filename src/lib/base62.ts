const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = BigInt(ALPHABET.length)

/** Letters and digits only: a key survives a double click, a URL and a shell. Padded to `length`. */
export function toBase62(bytes: Buffer, length: number): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  while (value > 0n) {
    text = ALPHABET.charAt(Number(value % BASE)) + text
    value /= BASE
  }
  return text.padStart(length, '0')
}

/** @returns undefined for a value that does not fit, so that no two texts mean the same bytes. */
export function fromBase62(text: string, bytes: number): Buffer | undefined {
  let value = 0n
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return undefined
    value = value * BASE + BigInt(digit)
  }
  const hex = value.toString(16)
  return hex.length > bytes * 2 ? undefined : Buffer.from(hex.padStart(bytes * 2, '0'), 'hex')
}
