import { type Connection, request } from './connection.js'
import type { Call } from './peer.js'

/** A call that is made again and again; with a successor, each answer changes the next. */
export class RepeatedCall {
  #call: Call
  readonly #successor: string | undefined
  /** Ready to be sent, so that nothing is put together while time is taken. */
  bytes: Buffer

  constructor(call: Call, successor: string | undefined) {
    this.#call = call
    this.#successor = successor
    this.bytes = bytesOf(call)
  }

  learnFrom(body: string): void {
    if (this.#successor === undefined) return
    const answer = JSON.parse(body) as Readonly<Record<string, string>>
    this.#call = withCredential(this.#call, answer[this.#successor] ?? '')
    this.bytes = bytesOf(this.#call)
  }
}

export const bytesOf = ({ line, headers = {}, body }: Call): Buffer => request(line, headers, body)

/** The same call with another credential. */
export function withCredential(call: Call, credential: string): Call {
  const before = call.credential
  if (before === undefined) return call
  const replaced = (text: string) => text.replace(before, () => credential)
  return {
    ...call,
    credential,
    line: replaced(call.line),
    headers: Object.fromEntries(
      Object.entries(call.headers ?? {}).map(([name, value]) => [name, replaced(value)]),
    ),
    ...(call.body !== undefined && { body: replaced(call.body) }),
  }
}

/**
 * Each connection sends its next call when it has the answer to the last. This process never sleeps
 * meanwhile: waking it would be work of the server's, and the more of it the slower the server is.
 * @param calls more than there are connections, so that none is under way twice. They are made in order.
 * @returns how many were answered.
 */
export async function load(
  connections: readonly Connection[],
  calls: RepeatedCall[],
  deadline: number,
): Promise<number> {
  let answered = 0
  const drive = async (connection: Connection) => {
    while (performance.now() < deadline) {
      const call = calls[answered++ % calls.length] as RepeatedCall
      const { status, body } = await connection.exchange(call.bytes)
      if (status !== 200)
        throw new Error(`A genuine credential was answered with ${status} ${body}`)
      call.learnFrom(body)
    }
  }
  const stayAwake = () => {
    if (performance.now() < deadline) setImmediate(stayAwake)
  }
  stayAwake()
  await Promise.all(connections.map(drive))
  return answered
}
