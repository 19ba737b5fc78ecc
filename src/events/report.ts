import { CATALOGUE, type EventFields, type EventKind, type EventName } from './catalogue.js'

/** A logger with pino's signature: Fastify's, or that of a request. */
export type EventLog = Readonly<Record<EventKind['level'], (fields: object, text?: string) => void>>

/** An event as a line of the log has it. */
export const eventLine = <N extends EventName>(event: N, fields: EventFields[N]) => ({
  event,
  ...fields,
})

/**
 * Logs an event at its level. Metrics count the same lines (`events/metrics.ts`).
 * @param text for people, where the name of the event does not say enough.
 */
export function report<N extends EventName>(
  log: EventLog,
  event: N,
  fields: EventFields[N],
  text?: string,
): void {
  log[CATALOGUE[event].level](eventLine(event, fields), text)
}
