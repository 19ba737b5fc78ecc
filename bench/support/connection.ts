import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

const HEADERS_END = '\r\n\r\n'
/** Of an answer without a length (RFC 9112 §7.1). */
const LAST_CHUNK = '0\r\n\r\n'

/**
 * A keep-alive connection with one request at a time on it. It knows no more of HTTP than what our servers
 * send, because a full client would need more time than the bare server and hide what that can do.
 */
export class Connection {
  readonly #socket: Socket
  #received = ''
  #waiting: Waiting | undefined
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay()
    socket.on('data', (chunk) => this.#receive(chunk.toString('latin1')))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server closed the connection')))
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Connection(socket)
  }

  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure)
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#received += text
    const end = this.#received.indexOf(HEADERS_END)
    if (end < 0) return
    const head = this.#received.slice(0, end)
    const body = this.#received.slice(end + HEADERS_END.length)
    const length = /content-length: (\d+)/i.exec(head)?.[1]
    if (length === undefined ? !body.endsWith(LAST_CHUNK) : body.length < Number(length)) return
    this.#received = ''
    this.#waiting?.resolve({
      status: Number(head.slice(9, 12)),
      body: length ? body : unchunked(body),
    })
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(error)
  }
}

/**
 * A request as bytes, so that nothing is put together while time is taken.
 * @param body is JSON unless the headers say what it is.
 */
export function request(
  line: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Buffer {
  const text = body ?? ''
  const all = {
    host: '127.0.0.1',
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(text.length),
    }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`${line} HTTP/1.1`, ...lines, '', text].join('\r\n'))
}

function unchunked(body: string): string {
  let text = ''
  for (let at = 0; ;) {
    const start = body.indexOf('\r\n', at) + 2
    const size = Number.parseInt(body.slice(at, start), 16)
    if (size === 0) return text
    text += body.slice(start, start + size)
    at = start + size + 2
  }
}
