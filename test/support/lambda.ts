import { randomUUID } from 'node:crypto'
import type { ApiEvent } from '../../src/aws/events.js'
import { record, recordSecret } from './transcript.js'

/** A call as API Gateway hands it to a function; both formats say the same. */
export interface GatewayCall {
  readonly method?: string
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly body?: unknown
  readonly isBase64Encoded?: boolean
  readonly ip?: string
}

export interface GatewayAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly cookies?: readonly string[]
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
}

export type Format = '1.0' | '2.0'

const encoded = ({ body, isBase64Encoded = false }: GatewayCall) => {
  if (body === undefined) return {}
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { body: isBase64Encoded ? Buffer.from(text).toString('base64') : text }
}

/**
 * The event of a call, in the shape that API Gateway documents.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventOf(format: Format, call: GatewayCall): ApiEvent {
  const { method = 'GET', path, query = '', headers = {}, cookies = [], ip = '192.0.2.1' } = call
  const isBase64Encoded = call.isBase64Encoded ?? false
  const requestId = randomUUID()
  const parameters = new URLSearchParams(query)
  const sent = {
    ...(call.body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
  if (format === '2.0') {
    const joined = [...new Set(parameters.keys())].map((name) => [
      name,
      parameters.getAll(name).join(','),
    ])
    return {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: query,
      headers: sent,
      ...(cookies.length > 0 && { cookies: [...cookies] }),
      queryStringParameters: Object.fromEntries(joined),
      requestContext: {
        accountId: '123456789012',
        apiId: 'api',
        domainName: 'api.execute-api.eu-west-1.amazonaws.com',
        domainPrefix: 'api',
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: ip, userAgent: 'test' },
        requestId,
        routeKey: '$default',
        stage: '$default',
        time: '01/Jan/2030:00:00:00 +0000',
        timeEpoch: 1_893_456_000_000,
      },
      isBase64Encoded,
      ...encoded(call),
    }
  }
  const all = { ...sent, ...(cookies.length > 0 && { cookie: cookies.join('; ') }) }
  const lists = Object.entries(all).map(([name, value]) => [name, [value]])
  return {
    version: '1.0',
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: all,
    multiValueHeaders: Object.fromEntries(lists),
    queryStringParameters: Object.fromEntries(parameters),
    multiValueQueryStringParameters: Object.fromEntries(
      [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]),
    ),
    requestContext: { requestId, stage: 'prod', identity: { sourceIp: ip } },
    body: null,
    isBase64Encoded,
    ...encoded(call),
  } as unknown as ApiEvent
}

/** Cookies that an answer sets, as `name=value`. */
export const cookiesOf = ({ cookies, multiValueHeaders }: GatewayAnswer): string[] =>
  (cookies ?? multiValueHeaders?.['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '')

/** Keeps an answer for the scan of the whole suite. */
export function hear({ method = 'GET', path }: GatewayCall, answer: GatewayAnswer): void {
  const { statusCode: status, headers, body } = answer
  const json = headers['content-type']?.includes('json') === true
  const parsed = (json ? JSON.parse(body) : {}) as Record<string, unknown>
  for (const name of ['accessToken', 'refreshToken', 'apiKey', 'access_token']) {
    recordSecret('token', parsed[name])
  }
  const said = {
    ...headers,
    'set-cookie': answer.cookies ?? answer.multiValueHeaders?.['set-cookie'],
  }
  record({
    kind: 'response',
    request: `${method} ${path}`,
    status,
    headers: JSON.stringify(said),
    body,
  })
}
