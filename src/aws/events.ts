import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda'
import { problemBody, type ProblemType } from '../problem.js'

/** A call of API Gateway in payload format 1.0 (REST API) or 2.0 (HTTP API). */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2

/** What both formats accept in return. */
export interface ApiResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const isFormat2 = (event: ApiEvent): event is APIGatewayProxyEventV2 =>
  'version' in event && event.version === '2.0'

/**
 * Format 2.0 joins repeated query parameters by commas, so that `?a=1,2` and `?a=1&a=2` look the same. The
 * raw query keeps them apart.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function withRawQuery(event: ApiEvent): ApiEvent {
  if (!isFormat2(event) || event.rawQueryString === '') return event
  const rawPath = `${event.rawPath}?${event.rawQueryString}`
  return { ...event, rawPath, queryStringParameters: {} }
}

const UNAVAILABLE: ProblemType = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  title: 'Service temporarily unavailable',
}
const FORBIDDEN: ProblemType = { status: 403, code: 'FORBIDDEN', title: 'Forbidden' }

/** Where the app can't give an answer: it has not started, or is too slow. */
export const unavailable = (event: ApiEvent): ApiResult =>
  problem(event, UNAVAILABLE, { 'retry-after': '2' })

/** For a call that the app shall not even see. */
export const forbidden = (event: ApiEvent): ApiResult => problem(event, FORBIDDEN)

/** Problem details (RFC 9457), as the app gives them. */
function problem(
  event: ApiEvent,
  type: ProblemType,
  headers: Readonly<Record<string, string>> = {},
): ApiResult {
  return {
    statusCode: type.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      ...headers,
    },
    body: JSON.stringify(problemBody(type, event.requestContext.requestId)),
  }
}
