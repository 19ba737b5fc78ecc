import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

const HOST = '127.0.0.1'

export interface PlainHttpProxy {
  readonly url: string
  /** Where requests go from now on. */
  forwardTo(url: string): void
}

/** Safari ignores a `Secure` cookie that arrives over http, and the prefixes that require one. */
const isKeptBySafari = (line: string): boolean =>
  !/^__(Host|Secure)-/i.test(line) && !/;\s*secure\s*(;|$)/i.test(line)

/**
 * Stands before a service and removes the `Set-Cookie` lines that a browser would ignore.
 * @param isKept of one `Set-Cookie` line.
 */
export async function startPlainHttpProxy(
  t: Test,
  isKept: (line: string) => boolean = isKeptBySafari,
): Promise<PlainHttpProxy> {
  let target: URL | undefined
  const server = createServer((incoming, outgoing) => {
    if (target) forward(incoming, outgoing, target, isKept)
    else outgoing.writeHead(502).end()
  })
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    forwardTo(url) {
      target = new URL(url)
    },
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { hostname, port }: URL,
  isKept: (line: string) => boolean,
): void {
  const { method, url: path, headers } = incoming
  const onward = request({ hostname, port, method, path, headers }, (answer) => {
    const { 'set-cookie': cookies, ...others } = answer.headers
    const kept = cookies?.filter(isKept)
    outgoing.writeHead(answer.statusCode ?? 502, { ...others, ...(kept && { 'set-cookie': kept }) })
    answer.pipe(outgoing)
  })
  onward.once('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
