const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of some bytes, a byte order mark included; undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** A `%` that escapes nothing stands for itself: https://url.spec.whatwg.org/#percent-decode */
const LONE_PERCENT = /%(?![0-9a-f]{2})/gi

/** Whether the bytes behind `%XX` are UTF-8; parsers of queries replace or keep those that are not. */
export function isPercentUtf8(text: string): boolean {
  if (!text.includes('%')) return true
  try {
    decodeURIComponent(text.replaceAll(LONE_PERCENT, '%25'))
    return true
  } catch {
    return false
  }
}
