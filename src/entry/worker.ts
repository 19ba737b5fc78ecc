import type { Context } from 'aws-lambda'
import type { Failures } from '../aws/key-events.js'
import { sendsEvents } from '../config/event-worker.js'

/** One bundle of two functions: each reads at its start what it needs itself, and has its own permissions. */
const worker = sendsEvents(process.env)
  ? await import('./worker-events.js')
  : await import('./worker-mail.js')

/**
 * @param event new items of the stream of events, or keys of items from the queue.
 * @returns those of them that come again.
 */
export const handler: (event: unknown, context: Context) => Promise<Failures> = worker.handler
