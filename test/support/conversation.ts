import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Given } from './own-answers.js'
import type { Service } from './service.js'
import { listen } from './socket.js'
import { record } from './transcript.js'

/** Sends bytes over a connection of its own, and reads until the service closes it. */
export type Converse = (said: string, options?: ConverseOptions) => Promise<Given[]>

export interface ConverseOptions {
  /** Whether the client says that nothing more comes, and goes on reading. */
  readonly isAll?: boolean
}

/** Puts a service on a free port of loopback; what is said there is Latin-1, a byte a character. */
export async function openConversation(service: Service): Promise<Converse> {
  const { hostname: host, port } = new URL((await listen(service)).url)
  return async (said, { isAll = false } = {}) => {
    const socket = connect({ host, port: Number(port), allowHalfOpen: true })
    if (isAll) socket.end(said, 'latin1')
    else socket.write(said, 'latin1')
    const heard = await buffer(socket)
    socket.destroy()
    const answers = answersIn(heard.toString('latin1'))
    const request = JSON.stringify(said.slice(0, 80))
    for (const { status, headers, text: body } of answers) {
      record({ kind: 'response', request, status, headers: JSON.stringify(headers), body })
    }
    return answers
  }
}

/** @throws {Error} for bytes that are no answers with a length, one behind the other. */
function answersIn(heard: string): Given[] {
  if (heard === '') return []
  const end = heard.indexOf('\r\n\r\n')
  const [first = '', ...lines] = heard.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  if (!status || end < 0) throw new Error(`no answer: ${JSON.stringify(heard.slice(0, 100))}`)
  const headers = Object.fromEntries(lines.map(namedLine))
  const from = end + 4
  // 100 Continue has no length.
  const length = status < 200 ? 0 : Number(headers['content-length'])
  if (Number.isNaN(length)) throw new Error(`no length: ${first}`)
  const text = Buffer.from(heard.slice(from, from + length), 'latin1').toString('utf8')
  return [{ status, headers, text }, ...answersIn(heard.slice(from + length))]
}

function namedLine(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}
