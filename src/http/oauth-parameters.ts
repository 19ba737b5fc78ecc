/** RFC 8707 §2 lets a request name several. */
const REPEATABLE = new Set(['resource'])

/**
 * Parameters as RFC 6749 §3.1 and §3.2 read them: one without a value is omitted.
 * @returns undefined where one is sent twice, which a request must not do.
 */
export function readParameters(given: unknown): object | undefined {
  if (typeof given !== 'object' || given === null) return {}
  const entries = Object.entries(given)
  if (entries.some(([name, value]) => Array.isArray(value) && !REPEATABLE.has(name))) {
    return undefined
  }
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}
