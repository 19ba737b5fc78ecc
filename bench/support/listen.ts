import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** @returns the port. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' })
  return portOf(app.server)
}

/** The same of what is no Fastify. */
export async function listenWith(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<number> {
  const server = createServer((request, response) => void listener(request, response)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  return portOf(server)
}
