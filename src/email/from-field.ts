import type { Mail } from './mailer.js'

/** Of UTF-8 in an encoded word, whose 75 characters are the most (RFC 2047 §2). */
const WORD_BYTES = 45

/** `From` with its display name as a phrase that needs no other quoting (RFC 5322 §3.4). */
export const fromField = ({ name, address }: Mail['from']): string => `${phrase(name)} <${address}>`

const phrase = (name: string): string =>
  /^[\x20-\x7e]*$/.test(name) ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : encodedWords(name)

/** White space between two of them is not part of the text (RFC 2047 §6.2), and none of them cuts a character. */
function encodedWords(text: string): string {
  const parts = ['']
  for (const character of text) {
    const longer = `${parts.at(-1)}${character}`
    if (Buffer.byteLength(longer) <= WORD_BYTES) parts[parts.length - 1] = longer
    else parts.push(character)
  }
  return parts.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ')
}
