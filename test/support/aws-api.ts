import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { listenOnLoopback } from './loopback.js'

/** A call of an AWS API, as it arrived. */
export interface AwsCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: any
}

/** What the API answers: JSON; `hang` never answers. */
export type AwsAnswer =
  'hang' | { readonly status?: number; readonly type?: string; readonly body?: object }

/** An API of AWS on loopback: it keeps what it is asked, and answers what a test wants. */
export interface AwsApi {
  readonly endpoint: string
  readonly calls: AwsCall[]
  answer: (call: AwsCall) => AwsAnswer
}

export async function startAwsApi(t: Test, answer: AwsApi['answer']): Promise<AwsApi> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request
      const call = { method, path, headers, body: JSON.parse(body) as unknown }
      api.calls.push(call)
      const answered = api.answer(call)
      if (answered === 'hang') return
      const { status = 200, type, body: said = {} } = answered
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(type !== undefined && { 'x-amzn-errortype': type }),
      })
      response.end(JSON.stringify(said))
    })
  })
  const endpoint = await listenOnLoopback(t, server)
  const api: AwsApi = { endpoint, calls: [], answer }
  return api
}

/** What SES answers to a mail that it takes. */
export const ACCEPTED: AwsAnswer = { body: { MessageId: '0102018f-made-by-ses' } }
