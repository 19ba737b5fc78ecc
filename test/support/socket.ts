import type { Answer, Call, Service } from './service.js'
import { record, recordSecret } from './transcript.js'

/** Requests to a listening service over real sockets, one connection each when they are parallel. */
export interface SocketClient {
  readonly url: string
  post(path: string, body: unknown, call?: Call): Promise<Pick<Answer, 'status' | 'body'>>
}

/** Puts a service on a free port of loopback; it closes with the service. */
export async function listen({ app }: Service): Promise<SocketClient> {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
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
