/**
 * Decodes base64 (RFC 4648 §4) in its one right spelling. Node's own decoder skips what is no base64, and stops
 * in silence after `=`.
 * @returns undefined for anything else.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
