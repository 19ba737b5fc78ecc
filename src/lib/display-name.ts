/** Code points that a display name may have; the joiners below are apart from it. */
const SPACE = '\\p{Zs}'
const CHARACTER = '[^\\s\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}\\p{NChar}]'
const VISIBLE = '[^\\s\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{M}\\p{DI}\\p{NChar}\\u2800]'
/** ZWNJ and ZWJ, which Persian, Sinhala and emoji are spelled with: after a character and before a visible one. */
const JOINER = `[\\u200c\\u200d](?=${VISIBLE})`

/**
 * A display name as JSON Schema asks for it: at least one visible character, and no line break, control, private-use
 * or bidirectional formatting character.
 */
export const DISPLAY_NAME = `^(?=.*${VISIBLE})(?:${SPACE}|${CHARACTER}(?:${JOINER})?)+$`

const WHOLE = new RegExp(DISPLAY_NAME, 'u')
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{NChar}]|(?![\u200c\u200d])\p{Cf}/gu
/** At an edge, beside a space, or more than one. */
const LOOSE_JOINERS = /(?<=^|\s|[\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?=$|\s)/gu

/**
 * A display name that another party chose, under the same rule: what the rule refuses goes.
 * @param max code points.
 * @returns undefined where nothing visible is left.
 */
export function cleanName(name: string, max: number): string | undefined {
  const fit = name.toWellFormed().replaceAll(UNFIT, '').replaceAll(LOOSE_JOINERS, '')
  const cut = cutText(fit.trim(), max).trim().replaceAll(LOOSE_JOINERS, '')
  return WHOLE.test(cut) ? cut : undefined
}

/**
 * The first characters of a text, at most `max` code points of them. A character that people see as one, such as a
 * letter with its accents or an emoji of several parts, stays whole.
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  // A code point has at most two units, so that no more of the text matters.
  const head = text.slice(0, 2 * max + 2)
  let cut = ''
  let length = 0
  for (const { segment } of new Intl.Segmenter('en').segment(head)) {
    length += Array.from(segment).length
    if (length > max) break
    cut += segment
  }
  return cut
}
