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
 * Calls in turn, from run to run. A call that is under way waits for its answer, however often others are made meanwhile: its
 * credential may be used once, and the next one is in the answer.
 */
export class Turns {
  readonly #waiting: RepeatedCall[]

  /** @param calls at least as many as there are connections. */
  constructor(calls: readonly RepeatedCall[]) {
    this.#waiting = [...calls]
  }

  /** @returns the one that has waited longest. */
  next(): RepeatedCall {
    const call = this.#waiting.shift()
    if (!call) throw new Error('There are more connections than calls')
    return call
  }

  /** Learns from the answer, after which the call may be made again. */
  answered(call: RepeatedCall, body: string): void {
    call.learnFrom(body)
    this.#waiting.push(call)
  }
}

/** When a run of load ends: at a time, or before it with so many answers. */
export interface LoadEnd {
  /** Of `performance.now()`. */
  readonly deadline: number
  readonly answers: number
  /** Whether this process sleeps while it waits, so that its core is free for others. */
  readonly sleeps: boolean
}

/**
 * Each connection sends its next call when it has the answer to the last. Unless it is told to, this process never sleeps
 * meanwhile: waking it would be work of the server's, and the more of it the slower the server is.
 * @returns how many were answered.
 */
export async function load(
  connections: readonly Connection[],
  turns: Turns,
  { deadline, answers, sleeps }: LoadEnd,
): Promise<number> {
  let begun = 0
  const isOver = () => begun >= answers || performance.now() >= deadline
  const drive = async (connection: Connection) => {
    while (!isOver()) {
      begun++
      const call = turns.next()
      const { status, body } = await connection.exchange(call.bytes)
      if (status !== 200)
        throw new Error(`A genuine credential was answered with ${status} ${body}`)
      turns.answered(call, body)
    }
  }
  const stayAwake = () => {
    if (!isOver()) setImmediate(stayAwake)
  }
  if (!sleeps) stayAwake()
  await Promise.all(connections.map(drive))
  return begun
}
