import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Answer, Service } from './service.js'
import { listen } from './socket.js'
import { record } from './transcript.js'

export interface WireCall {
  /** An array sends its header once for each value. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

export type WireAnswer = Pick<Answer, 'status' | 'headers' | 'body'>

/** Sends a request as it is written: unlike `inject` and `fetch`, it leaves the path alone. */
export type Wire = (method: string, path: string, call?: WireCall) => Promise<WireAnswer>

/** Puts a service on a free port of loopback and talks plain HTTP/1.1 with it. */
export async function openWire(service: Service): Promise<Wire> {
  const { hostname, port } = new URL((await listen(service)).url)
  return async (method, path, { headers, body } = {}) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }).end(body)
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const { statusCode: status = 0, headers: head } = incoming
    const content = await text(incoming)
    record({
      kind: 'response',
      request: `${method} ${path}`,
      status,
      headers: JSON.stringify(head),
      body: content,
    })
    const json = head['content-type']?.includes('json') === true && content !== ''
    return { status, headers: head, body: json ? (JSON.parse(content) as unknown) : undefined }
  }
}
