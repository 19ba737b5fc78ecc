import type { IncomingHttpHeaders } from 'node:http'
import { type Logger, LogLevelThreshold } from '@aws-lambda-powertools/logger'
import type { FastifyBaseLogger } from 'fastify'
import { plainError } from '../lib/plain-error.js'

type Bindings = Record<string, unknown>
type OnEvent = (event: string) => void
type Level = keyof typeof METHODS

/** Powertools' names of pino's levels, and how loud they are. */
const METHODS = {
  trace: { method: 'trace', threshold: LogLevelThreshold.TRACE },
  debug: { method: 'debug', threshold: LogLevelThreshold.DEBUG },
  info: { method: 'info', threshold: LogLevelThreshold.INFO },
  warn: { method: 'warn', threshold: LogLevelThreshold.WARN },
  error: { method: 'error', threshold: LogLevelThreshold.ERROR },
  fatal: { method: 'critical', threshold: LogLevelThreshold.CRITICAL },
} as const

/** Who sent a request: the address of the connection, or the one that API Gateway or CloudFront saw. */
interface Client {
  readonly ip: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** Binds the client of a request to its logger. */
export const CLIENT = Symbol('client')
type ChildBindings = Bindings & { readonly [CLIENT]?: Client }

/** Characters of a `User-Agent` that the log keeps. */
const MAX_USER_AGENT = 256

/** Events that are about who did something (ASVS 16.2.1), by the first word of their names (OWASP's vocabulary). */
const SECURITY_EVENT = /^(authn|authz|sensitive|excess|malicious)_/

/** Where lines go, of all children alike. */
interface Sink {
  readonly powertools: Logger
  /** The least level that is written. Powertools looks into the environment each time it is asked. */
  readonly threshold: number
  readonly onEvent: OnEvent | undefined
}

/**
 * Lets Fastify, which speaks pino's `log.info(fields, message)`, write through Powertools Logger.
 * A child only carries its bindings, so that one can be made for each request at no cost.
 */
class FastifyLogger {
  readonly #sink: Sink
  /** With the client that asked, where a request is what is logged: for the lines of security events. */
  readonly #bindings: ChildBindings

  constructor(sink: Sink, bindings: ChildBindings = {}) {
    this.#sink = sink
    this.#bindings = bindings
  }

  get level(): string {
    return this.#sink.powertools.getLevelName().toLowerCase()
  }

  child(bindings: ChildBindings): FastifyLogger {
    return new FastifyLogger(this.#sink, { ...this.#bindings, ...bindings })
  }

  trace(first: unknown, message?: string): void {
    this.#write('trace', first, message)
  }

  debug(first: unknown, message?: string): void {
    this.#write('debug', first, message)
  }

  info(first: unknown, message?: string): void {
    this.#write('info', first, message)
  }

  warn(first: unknown, message?: string): void {
    this.#write('warn', first, message)
  }

  error(first: unknown, message?: string): void {
    this.#write('error', first, message)
  }

  fatal(first: unknown, message?: string): void {
    this.#write('fatal', first, message)
  }

  silent(): void {
    // pino's name for a level that writes nothing.
  }

  #write(level: Level, first: unknown, message?: string): void {
    const event = eventOf(first)
    const { powertools, threshold: least, onEvent } = this.#sink
    if (event !== undefined) onEvent?.(event)
    const { method, threshold } = METHODS[level]
    // Some events are counted for each request and written for none.
    if (threshold < least) return
    const fields = asFields(first)
    const text = message ?? (typeof first === 'string' ? first : (event ?? 'log'))
    const { [CLIENT]: client, ...bindings } = this.#bindings
    const extra = {
      ...bindings,
      ...(event !== undefined && SECURITY_EVENT.test(event) && client && fieldsOf(client)),
      ...fields,
    }
    powertools[method](text, extra)
  }
}

const fieldsOf = ({ ip, headers }: Client) => ({
  ip,
  // A dash stands for none, as in the Common Log Format: Powertools leaves out what is empty.
  userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT) || '-',
})

/** Fastify's own lines carry the whole request and reply; URLs and headers may hold secrets. */
const WHOLE_MESSAGES = new Set(['req', 'res'])

function asFields(first: unknown): Bindings {
  if (typeof first === 'string') return {}
  if (first instanceof Error) return { error: plainError(first) }
  const { err: error, ...rest } = first as Bindings
  const fields = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !WHOLE_MESSAGES.has(key)),
  )
  if (error === undefined) return fields
  return { ...fields, error: error instanceof Error ? plainError(error) : error }
}

/** An error, and a text, has none. */
const eventOf = (first: unknown): string | undefined => {
  if (typeof first !== 'object' || first === null || first instanceof Error) return undefined
  const { event } = first as Bindings
  return typeof event === 'string' ? event : undefined
}

/**
 * The service's structured logger (Powertools), in the shape that Fastify wants for `app.log`.
 * @param onEvent told the `event` of every line that has one, whether its level is written or not.
 */
export function fastifyLogger(powertools: Logger, onEvent?: OnEvent): FastifyBaseLogger {
  return new FastifyLogger({ powertools, threshold: powertools.level, onEvent })
}
