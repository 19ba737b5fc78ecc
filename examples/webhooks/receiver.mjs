import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const digest = (text) => createHash('sha256').update(text).digest()

/**
 * Receives events of Latchkey: it answers within the five seconds that EventBridge waits, and does each event once.
 *
 * @param {object} options
 * @param {string} options.secret what the connection of EventBridge sends in `x-webhook-secret`.
 * @param {string} options.issuer the base URL of the service, which is the source of its events.
 * @param {(event: object) => Promise<void>} options.handle does what an event asks for.
 * @param {{ has(id: string): Promise<boolean>, add(id: string): Promise<void> }} options.seen ids of events that are done:
 *   in a database, in the transaction of what the event changes, where there are several receivers.
 * @returns {import('node:http').Server}
 */
export function createReceiver({ secret, issuer, handle, seen }) {
  return createServer((request, response) => {
    const answer = (status) => response.writeHead(status).end()
    const given = String(request.headers['x-webhook-secret'] ?? '')
    if (!timingSafeEqual(digest(given), digest(secret))) return answer(401)
    receive(request).then(answer, () => answer(500))
  })

  async function receive(request) {
    const event = await json(request).catch(() => undefined)
    if (!isOurs(event, issuer)) return 400
    if (await seen.has(event.id)) return 204
    await handle(event)
    await seen.add(event.id)
    return 204
  }
}

const isOurs = (event, issuer) =>
  event?.specversion === '1.0' &&
  event.source === issuer &&
  typeof event.id === 'string' &&
  typeof event.type === 'string' &&
  typeof event.subject === 'string'
