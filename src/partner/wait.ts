const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 366 * DAY

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

/**
 * When to try again, as a person would say it: `in 40 seconds`, `in 12 minutes`, `on 1 December (5 days)`.
 * @param retryAfter seconds or a date (RFC 9110 §10.2.3). @param now milliseconds since the epoch.
 */
export function whenToRetry(retryAfter: string, now: number): string {
  const isSeconds = /^\d+$/.test(retryAfter)
  const seconds = isSeconds ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000
  if (!(seconds > 0 && seconds < YEAR)) return 'later'
  if (seconds < 2 * MINUTE) return `in ${count(seconds, 'second')}`
  if (seconds < 2 * HOUR) return `in ${count(seconds / MINUTE, 'minute')}`
  if (seconds < 2 * DAY) return `in ${count(seconds / HOUR, 'hour')}`
  return `on ${date.format(now + seconds * 1000)} (${count(seconds / DAY, 'day')})`
}

function count(amount: number, unit: string): string {
  const whole = Math.ceil(amount)
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}
