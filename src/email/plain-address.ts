/** What every mail server takes without quoting: ASCII, one `@`, a domain with a dot (RFC 5321 §4.1.2). */
const ADDRESS =
  // eslint-disable-next-line security/detect-unsafe-regex -- it is tried on 254 characters at most
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i
/** RFC 5321 §4.5.3.1.3, without the angle brackets. */
const MAX_LENGTH = 254
/** Some mail software decodes these in addresses too, and then sends to another one (RFC 2047 §5 forbids it). */
const ENCODED_WORD = '=?'

/** Whether mail goes to exactly this address, whichever software reads it. */
export const isPlainAddress = (text: string): boolean =>
  text.length <= MAX_LENGTH && ADDRESS.test(text) && !text.includes(ENCODED_WORD)

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
