import type { Test } from 'tap'
import { realClock } from './example.js'
import { RESOURCES } from './resources.js'
import { ISSUER, type Service, startService } from './service.js'
import { listen } from './socket.js'

export type Fetch = (target: string, options: object) => Promise<Response>

/**
 * A service whose TLS ends before it, as it does at API Gateway, and the `fetch` of a library that calls it by its
 * own `https` URL. Libraries compare times with the clock of the process, which the service shares.
 */
export async function startBehindTls(
  t: Test,
): Promise<{ readonly service: Service; readonly fetch: Fetch }> {
  const service = await startService(t, { clock: realClock(), env: { RESOURCES } })
  const { url } = await listen(service)
  return {
    service,
    fetch: (target, options) => fetch(target.replace(ISSUER, url), options),
  }
}
