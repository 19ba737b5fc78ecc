/** A string, a number or a word of JSON (RFC 8259), at the place where it is looked for. */
const SCALAR =
  // eslint-disable-next-line security/detect-unsafe-regex -- each repetition begins with another character
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const SPACE = /[ \t\n\r]*/y

/** Thrown where JSON ends to be such. */
class Fault extends Error {
  readonly index: number
  constructor(index: number) {
    super('not JSON')
    this.index = index
  }
}

/**
 * Where a text stops being JSON, as people count: the messages of `JSON.parse` quote the text, and not all of them
 * say where.
 * @param text no JSON.
 * @returns such as `line 2, column 14`.
 */
export function jsonFaultIn(text: string): string {
  try {
    return placeOf(text, skipSpace(text, skipValue(text, 0)))
  } catch (error) {
    if (error instanceof Fault) return placeOf(text, error.index)
    throw error
  }
}

function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`
}

function skipSpace(text: string, index: number): number {
  SPACE.lastIndex = index
  return index + (SPACE.exec(text)?.[0].length ?? 0)
}

/** @returns the index after a value. */
function skipValue(text: string, from: number): number {
  const index = skipSpace(text, from)
  if (text[index] === '{') return skipMembers(text, index + 1, '}')
  if (text[index] === '[') return skipMembers(text, index + 1, ']')
  return skipScalar(text, index)
}

function skipScalar(text: string, index: number): number {
  SCALAR.lastIndex = index
  const found = SCALAR.exec(text)?.[0]
  if (found === undefined) throw new Fault(index)
  return index + found.length
}

function skipMembers(text: string, from: number, close: '}' | ']'): number {
  let index = skipSpace(text, from)
  if (text[index] === close) return index + 1
  for (;;) {
    if (close === '}') index = skipName(text, index)
    index = skipSpace(text, skipValue(text, index))
    if (text[index] === close) return index + 1
    if (text[index] !== ',') throw new Fault(index)
    index = skipSpace(text, index + 1)
  }
}

/** A member's name and the colon after it. */
function skipName(text: string, index: number): number {
  if (text[index] !== '"') throw new Fault(index)
  const colon = skipSpace(text, skipScalar(text, index))
  if (text[colon] !== ':') throw new Fault(colon)
  return colon + 1
}
