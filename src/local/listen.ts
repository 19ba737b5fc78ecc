import { once } from 'node:events'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { isMissing } from './free-port.js'
import { LocalError } from './local-error.js'

/** `localhost` is both: browsers try either first. */
const BOTH = ['127.0.0.1', '::1'] as const

/** The addresses to listen on for a `HOST`; those after the first may be missing. */
export const addressesOf = (host: string): [string, ...string[]] =>
  host === 'localhost' ? [...BOTH] : [host]

/**
 * Listens on several addresses with one HTTP server, whose limits and failures are then the same on all.
 * @returns stops listening and closes the app, after the requests that have begun.
 * @throws {LocalError} when an address can't be listened on.
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
): Promise<() => Promise<void>> {
  const [first, ...others] = addressesOf(host)
  const relays: (() => Promise<void>)[] = []
  const close = async () => {
    const closed = relays.map((stop) => stop())
    await app.close()
    await Promise.all(closed)
  }
  try {
    await app.listen({ host: first, port, listenTextResolver: () => 'listening' })
  } catch (error) {
    throw listenError(error, first, port)
  }
  for (const other of others) {
    try {
      relays.push(await relay(app, other, port))
    } catch (error) {
      if (isMissing(error)) continue
      await close()
      throw listenError(error, other, port)
    }
  }
  return close
}

/** Hands connections of another address to the app's HTTP server. @returns stops it. */
async function relay({ server }: FastifyInstance, host: string, port: number) {
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    server.emit('connection', socket)
  })
  listener.listen(port, host)
  await once(listener, 'listening')
  return async () => {
    const closed = once(listener, 'close')
    listener.close()
    await closed
  }
}

/** What a failure to listen says to its user, as far as it is theirs to cure. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new LocalError(
      `Port ${port} on ${host} is taken. Set PORT to another, or to 0 for a free one.`,
    )
  }
  if (code === 'EACCES' && port < 1024) {
    return new LocalError(
      `Port ${port} needs privileges: ports below 1024 are for root, or for users whom the system allows ` +
        'them (on Linux: sysctl net.ipv4.ip_unprivileged_port_start). Set PORT to 1024 or more.',
    )
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new LocalError(
      `Can't listen on ${host}:${port} (${code}). Set HOST and PORT to an address of this machine.`,
    )
  }
  return error
}
