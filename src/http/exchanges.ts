import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers to what was asked on a connection that are not yet finished, in the order of their requests. */
const open = new WeakMap<Duplex, Set<ServerResponse>>()

/** Remembers which answers are under way on which connection of a server. */
export function followExchanges(server: Server): void {
  server.prependListener('request', follow)
  server.prependListener('checkExpectation', follow)
}

function follow({ socket }: IncomingMessage, response: ServerResponse): void {
  const responses = open.get(socket)
  if (responses) responses.add(response)
  else open.set(socket, new Set([response]))
  response.on('close', forget)
}

function forget(this: ServerResponse): void {
  open.get(this.req.socket)?.delete(this)
}

/**
 * Refuses what came last on a connection, after the answers to all that came before it: answers keep the order of
 * their requests (RFC 9112 §9.3.2). A request whose body can't be read is refused unless its answer has begun.
 * @param refuse ends the connection with an answer, to the request whose body can't be read or to what is none.
 */
export function refuseInTurn(
  socket: Duplex,
  refuse: (request: IncomingMessage | undefined) => void,
): void {
  const [response] = open.get(socket) ?? []
  if (response === undefined) {
    refuse(undefined)
    return
  }
  const { req: request } = response
  if (!request.complete && !response.headersSent) {
    refuse(request)
    return
  }
  response.once('close', () => {
    if (request.complete) refuseInTurn(socket, refuse)
    else socket.end()
  })
}
