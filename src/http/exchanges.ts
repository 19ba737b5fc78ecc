import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** What was asked on a connection and is not yet answered, in its order. */
const open = new WeakMap<Duplex, Exchange[]>()

/** Remembers which answers are under way on which connection of a server. */
export function followExchanges(server: Server): void {
  const follow = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const exchange = { request, response }
    open.set(socket, [...exchangesOf(socket), exchange])
    response.once('close', () => {
      open.set(
        socket,
        exchangesOf(socket).filter((each) => each !== exchange),
      )
    })
  }
  server.prependListener('request', follow)
  server.prependListener('checkExpectation', follow)
}

const exchangesOf = (socket: Duplex): readonly Exchange[] => open.get(socket) ?? []

/**
 * Refuses what came last on a connection, after the answers to all that came before it: answers keep the order of
 * their requests (RFC 9112 §9.3.2). A request whose body can't be read is refused unless its answer has begun.
 * @param refuse ends the connection with an answer, to the request whose body can't be read or to what is none.
 */
export function refuseInTurn(
  socket: Duplex,
  refuse: (request: IncomingMessage | undefined) => void,
): void {
  const [next] = exchangesOf(socket)
  if (next === undefined) {
    refuse(undefined)
    return
  }
  const { request, response } = next
  if (!request.complete && !response.headersSent) {
    refuse(request)
    return
  }
  response.once('close', () => {
    if (request.complete) refuseInTurn(socket, refuse)
    else socket.end()
  })
}
