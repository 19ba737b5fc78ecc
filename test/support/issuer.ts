import type { Test } from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { type Service, type ServiceOptions, startService } from './service.js'

/** A service that others find at its own `iss`, over real sockets. */
export interface Issuer {
  readonly service: Service
  /** Base URL, and `iss` of its tokens. */
  readonly url: string
  /** What it was asked by others, as `GET /path`. */
  readonly asked: string[]
  /** While set, it hangs up on others. */
  away: boolean
}

/** The service's clock becomes the process's own, for code that takes no other. */
export async function startIssuer(t: Test, options: ServiceOptions = {}): Promise<Issuer> {
  const port = await freePort('127.0.0.1')
  const url = `http://127.0.0.1:${port}`
  const service = await startService(t, { ...options, env: { ...options.env, ISSUER: url } })
  const issuer: Issuer = { service, url, asked: [], away: false }
  service.app.addHook('onRequest', (request, reply, done) => {
    // The test's own calls come through no socket.
    if (request.raw.socket.remotePort === undefined) {
      done()
      return
    }
    issuer.asked.push(`${request.method} ${request.url}`)
    if (issuer.away) {
      reply.hijack()
      request.raw.destroy()
      return
    }
    done()
  })
  await service.app.listen({ host: '127.0.0.1', port })
  t.intercept(Date, 'now', { value: () => service.clock() })
  return issuer
}
