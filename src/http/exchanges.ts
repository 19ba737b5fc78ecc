import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Answers to what was asked on a connection, in the order of their requests. Those that are finished are taken out when
 * the next one begins: a listener on each would cost every request.
 */
const answers = new WeakMap<Duplex, ServerResponse[]>()

/** Remembers that an answer is under way on a connection. To be called for each one, when it begins. */
export function followExchange({ socket }: IncomingMessage, response: ServerResponse): void {
  const known = answers.get(socket)
  if (!known) {
    answers.set(socket, [response])
    return
  }
  while (known[0]?.closed) known.shift()
  known.push(response)
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
  const response = answers.get(socket)?.find(({ closed }) => !closed)
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
