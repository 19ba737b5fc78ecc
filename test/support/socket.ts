import { freePort } from '../../src/local/free-port.js'
import type { Answer, Call, Service } from './service.js'
import { record, recordSecret } from './transcript.js'

/** Requests to a listening service over real sockets, one connection each when they are parallel. */
export interface SocketClient {
  readonly url: string
  post(path: string, body: unknown, call?: Call): Promise<Pick<Answer, 'status' | 'body'>>
}

/** A service that answers at the address that it calls its own. */
export interface Listening {
  readonly url: string
  readonly service: Service
}

const HOST = '127.0.0.1'
const PORT_TRIES = 3

/**
 * Starts a service that must know its address before it listens. Its port was free a moment ago: where
 * another has taken it since, a service of another address is started.
 */
export async function startListening(start: (url: string) => Promise<Service>): Promise<Listening> {
  for (let tries = 1; ; tries++) {
    const port = await freePort(HOST)
    const url = `http://${HOST}:${port}`
    const service = await start(url)
    try {
      await service.app.listen({ host: HOST, port })
      return { url, service }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE' || tries === PORT_TRIES) throw error
    }
  }
}

/** Puts a service on a free port of loopback; it closes with the service. */
export async function listen({ app }: Service): Promise<SocketClient> {
  const url = await app.listen({ host: HOST, port: 0 })
  return {
    url,
    async post(path, body, { headers } = {}) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      const text = await answer.text()
      const parsed = JSON.parse(text) as { accessToken?: string; refreshToken?: string }
      recordSecret('token', parsed.accessToken)
      recordSecret('token', parsed.refreshToken)
      const head = JSON.stringify(Object.fromEntries(answer.headers))
      record({
        kind: 'response',
        request: `POST ${path}`,
        status: answer.status,
        headers: head,
        body: text,
      })
      return { status: answer.status, body: parsed }
    },
  }
}
