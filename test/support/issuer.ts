import type { Test } from 'tap'
import { RESOURCES } from './resources.js'
import { type Service, type ServiceOptions, startService } from './service.js'
import { startListening } from './socket.js'

/** A service that others find at its own `iss`, over real sockets. */
export interface Issuer {
  readonly service: Service
  /** Base URL, and `iss` of its tokens. */
  readonly url: string
  /** What it was asked by others, as `GET /path`. */
  readonly asked: string[]
  /** While set, it hangs up on others. */
  away: boolean
  /** While set, others get this from something in front of it. */
  answer: { readonly status: number; readonly retryAfter?: string } | undefined
}

/** The service's clock becomes the process's own, for code that takes no other. */
export async function startIssuer(t: Test, options: ServiceOptions = {}): Promise<Issuer> {
  const seen: Pick<Issuer, 'asked' | 'away' | 'answer'> = {
    asked: [],
    away: false,
    answer: undefined,
  }
  const { url, service } = await startListening(async (url) => {
    const env = { RESOURCES, ...options.env, ISSUER: url }
    const service = await startService(t, { ...options, env })
    service.app.addHook('onRequest', (request, reply, done) => {
      // The test's own calls come through no socket.
      if (request.raw.socket.remotePort === undefined) {
        done()
        return
      }
      seen.asked.push(`${request.method} ${request.url}`)
      if (seen.away) {
        reply.hijack()
        request.raw.destroy()
        return
      }
      if (seen.answer) {
        const { status, retryAfter } = seen.answer
        if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
        void reply.code(status).send({ message: 'Too Many Requests' })
        return
      }
      done()
    })
    return service
  })
  t.intercept(Date, 'now', { value: () => service.clock() })
  return Object.assign(seen, { url, service })
}
