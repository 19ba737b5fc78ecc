import { type LookupFunction } from 'node:net'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Call {
  readonly method?: string
  /** Sent as JSON; the method is POST then, unless given. */
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** Of an answer in JSON; undefined for any other. */
  readonly body: any
}

/** Names below localhost are this machine (RFC 6761 §6.3), which not every resolver knows. */
const toLoopback: LookupFunction = (_host, options, done) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

/** Sends a request to a URL of the emulator. */
export async function call(url: string, options: Call = {}): Promise<Answer> {
  const { body, token, method = body === undefined ? 'GET' : 'POST', headers = {} } = options
  const sent = request(url, {
    method,
    lookup: toLoopback,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  })
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      text(response).then((said) => {
        const { statusCode = 0, headers } = response
        const isJson = headers['content-type']?.includes('json') === true && said !== ''
        const body: unknown = isJson ? JSON.parse(said) : undefined
        resolve({ status: statusCode, headers, text: said, body })
      }, reject)
    })
  })
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  return answer
}
