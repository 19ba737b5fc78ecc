/** What says nothing at a terminal: the service is the only one there. */
const NOISE = new Set(['level', 'message', 'timestamp', 'service', 'sampling_rate', 'error'])

const PLAIN = /^[^\s"'=\p{C}]+$/u
/** Anything that could move the cursor or change a colour. */
const CONTROL = /[^\P{C}\n]/gu

/** One log line for a person at a terminal: time, level, message, fields; below it the stack of an error. */
export function terminalLine(fields: Readonly<Record<string, unknown>>): string {
  const { level, message, timestamp, event, error } = fields
  const time = new Date(String(timestamp)).toTimeString().slice(0, 8)
  const rest = Object.entries(fields)
    .filter(([name, value]) => !NOISE.has(name) && !(name === 'event' && value === message))
    .map(([name, value]) => `${name}=${shown(value)}`)
  const line = [time, String(level).padEnd(5), text(message ?? event), ...rest].join(' ')
  return error === undefined ? line : `${line}\n${stackOf(error)}`
}

/** A value that can't be taken for another field, nor reach the terminal as anything but letters. */
function shown(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return value
  return text(JSON.stringify(value))
}

const text = (value: unknown): string =>
  String(value).replaceAll('\n', ' ').replaceAll(CONTROL, '?')

function stackOf(error: unknown): string {
  const { name, message, stack } = error as Readonly<Record<string, string>>
  const lines = (stack ?? `${name}: ${message}`).replaceAll(CONTROL, '?')
  return lines.replaceAll(/^/gm, '    ')
}
