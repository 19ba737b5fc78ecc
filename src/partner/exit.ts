/** How the command line ends. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  key: 3,
  request: 4,
  limited: 5,
  unavailable: 6,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_HELP = `
Exit codes:
  0  done
  2  wrong usage
  3  the key is no good: refused (401, 403), or mistyped
  4  the request is no good (any other 3xx or 4xx)
  5  too many requests (429); the message says how long to wait
  6  no answer, or the service is in trouble (5xx): try again
  1  anything else`

/** A failure that is explained in one sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The exit code that an HTTP status stands for. */
export function exitCodeOf(status: number): ExitCode {
  if (status < 300) return EXIT.ok
  if (status === 401 || status === 403) return EXIT.key
  if (status === 429) return EXIT.limited
  return status < 500 ? EXIT.request : EXIT.unavailable
}
