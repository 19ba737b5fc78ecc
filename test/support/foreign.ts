import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Test } from 'tap'
import type { ForeignNetwork } from '../../src/http/foreign/fetcher.js'
import { certificateFor } from './certificate.js'

/** A global address, which stands for every host of another party. */
export const ELSEWHERE = '93.184.215.14'

export type Responder = (request: IncomingMessage, response: ServerResponse) => unknown

export interface ForeignHosts {
  /** To build a fetcher, or a service, with. */
  readonly network: ForeignNetwork
  /** Addresses of names; `ELSEWHERE` is that of all others. */
  readonly records: Map<string, readonly string[]>
  /** Which address was connected to, as which name. */
  readonly connected: string[]
  /** What was asked, as `GET host/path`. */
  readonly asked: string[]
  /** The headers of the last request. */
  headers: IncomingMessage['headers']
  /** Answers a path of any host. */
  respond(path: string, responder: Responder): void
  /** Answers a path with JSON. */
  json(path: string, body: unknown, headers?: Readonly<Record<string, string>>): void
}

/** Hosts of other parties, which are one TLS server on loopback: it has the name that it is asked by. */
export async function startForeignHosts(t: Test, names: readonly string[]): Promise<ForeignHosts> {
  const { cert, key } = certificateFor(...names)
  const responders = new Map<string, Responder>()
  const records = new Map<string, readonly string[]>()
  const connected: string[] = []
  const asked: string[] = []
  const server = createServer({ cert, key }, (request, response) => {
    const { host = '' } = request.headers
    asked.push(`${request.method} ${host}${request.url}`)
    hosts.headers = request.headers
    const responder = responders.get(request.url ?? '')
    if (responder) responder(request, response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  })
  const { port } = server.address() as AddressInfo
  const hosts: ForeignHosts = {
    records,
    connected,
    asked,
    headers: {},
    network: {
      resolve: async (name) => records.get(name) ?? [ELSEWHERE],
      connect(address, name) {
        connected.push(`${address} ${name}`)
        return connectTls({ host: '127.0.0.1', port, servername: name, ca: cert })
      },
    },
    respond: (path, responder) => void responders.set(path, responder),
    json(path, body, headers) {
      responders.set(path, (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers })
        response.end(JSON.stringify(body))
      })
    },
  }
  return hosts
}
