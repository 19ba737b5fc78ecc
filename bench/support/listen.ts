import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** @returns the port. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' })
  return (app.server.address() as AddressInfo).port
}
