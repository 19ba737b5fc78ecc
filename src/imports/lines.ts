/** A line of the input. */
export interface Line {
  /** From 1. */
  readonly number: number
  /** Undefined for one that is too long, or not UTF-8. */
  readonly text: string | undefined
}

/** No row needs as much. */
export const MAX_LINE_BYTES = 16_384

const LINE_FEED = 10
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The lines that have anything in them. Of one that is too long no more is held than of any other. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 1
  let rest = Buffer.alloc(0)
  let isTooLong = false
  const take = (bytes: Buffer): Line | undefined => {
    const line = { number: number++, text: isTooLong ? undefined : decode(bytes) }
    isTooLong = false
    return line.text?.trim() === '' ? undefined : line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      isTooLong ||= rest.length + end - from > MAX_LINE_BYTES
      const line = take(Buffer.concat([rest, chunk.subarray(from, end)]))
      if (line) yield line
      rest = Buffer.alloc(0)
      from = end + 1
    }
    rest = Buffer.concat([rest, chunk.subarray(from)])
    if (rest.length <= MAX_LINE_BYTES) continue
    isTooLong = true
    rest = Buffer.alloc(0)
  }
  const last = rest.length > 0 || isTooLong ? take(rest) : undefined
  if (last) yield last
}

function decode(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
