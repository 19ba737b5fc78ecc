import { createServer, type RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { listenOnLoopback } from './loopback.js'

/** Puts an app's own server on loopback. @returns its origin. */
export async function startRelyingApp(
  t: Test,
  listenerFor: (origin: string) => RequestListener,
): Promise<string> {
  const server = createServer()
  const origin = await listenOnLoopback(t, server)
  server.on('request', listenerFor(origin))
  return origin
}

/** The same for an app that is written for the Fetch API. */
export const fetchListener =
  (origin: string, answer: (request: Request) => Promise<Response>): RequestListener =>
  (incoming, outgoing) => {
    const serve = async () => {
      const { method = 'GET', url = '/' } = incoming
      const body = await buffer(incoming)
      const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      )
      const response = await answer(
        new Request(origin + url, {
          method,
          headers,
          ...(body.length > 0 && { body: new Uint8Array(body) }),
        }),
      )
      for (const [name, value] of response.headers) {
        if (name !== 'set-cookie') outgoing.setHeader(name, value)
      }
      outgoing.setHeader('set-cookie', response.headers.getSetCookie())
      outgoing.writeHead(response.status).end(await response.text())
    }
    serve().catch((error: unknown) => outgoing.writeHead(500).end(String(error)))
  }
