import { METHODS } from 'node:http'
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda'

/** A call of API Gateway in payload format 1.0 (REST API) or 2.0 (HTTP API). */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2

export const isFormat2 = (event: ApiEvent): event is APIGatewayProxyEventV2 =>
  'version' in event && event.version === '2.0'

/** The kind of an event that invokes the function. */
export type Invocation =
  | { readonly kind: 'call'; readonly event: ApiEvent }
  /** A call of an API in a shape that is not known here. */
  | { readonly kind: 'unknown'; readonly shape: string }
  /** No call: a schedule that keeps the function warm, a test in the console, a queue, or nothing at all. */
  | { readonly kind: 'other'; readonly source: string; readonly isEmpty: boolean }

type Fields = Readonly<Record<string, unknown>>

export function readInvocation(event: unknown): Invocation {
  if (!isFields(event) || !isFields(event.requestContext)) {
    return { kind: 'other', source: sourceOf(event), isEmpty: isEmpty(event) }
  }
  const shape = shapeOf(event, event.requestContext)
  if (shape !== undefined) return { kind: 'unknown', shape }
  return { kind: 'call', event: event as unknown as ApiEvent }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What Lambda hands over where it is invoked without a payload. */
const isEmpty = (event: unknown): boolean =>
  isNone(event) || (isFields(event) && Object.keys(event).length === 0)

const NAME = /^[\w.:/ -]{1,64}$/

/** Who sent an event that is no call, as far as AWS's own events say: for the log. */
function sourceOf(event: unknown): string {
  if (!isFields(event)) return event === null ? 'null' : typeof event
  const [record] = Array.isArray(event.Records) ? (event.Records as unknown[]) : []
  const told = isFields(record) ? (record.eventSource ?? record.EventSource) : event.source
  return typeof told === 'string' && NAME.test(told) ? told : 'unknown'
}

/** @returns what is odd about a call; undefined for what `inject` can take. */
function shapeOf(event: Fields, context: Fields): string | undefined {
  if ('connectionId' in context) return 'websocket'
  // A load balancer names no client but in headers, which every caller can write.
  if ('elb' in context) return 'alb'
  const http = isFields(context.http) ? context.http : {}
  const isVersion2 = event.version === '2.0'
  const [method, path] = isVersion2 ? [http.method, event.rawPath] : [event.httpMethod, event.path]
  if (typeof method !== 'string') return 'no method'
  if (typeof path !== 'string') return 'no path'
  if (path !== '' && !path.startsWith('/')) return 'path'
  const { sourceIp } = isVersion2 ? http : isFields(context.identity) ? context.identity : {}
  if (!isNoneOrText(sourceIp)) return 'sourceIp'
  const odd = Object.entries(event).find(([name, value]) => !(SHAPES[name]?.(value) ?? true))
  return odd?.[0]
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.isWellFormed()
const isNone = (value: unknown): boolean => value === undefined || value === null
const isNoneOrText = (value: unknown): boolean => isNone(value) || isText(value)
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isMapOf = (isValue: (value: unknown) => boolean) => (value: unknown) =>
  isNone(value) ||
  (isFields(value) && Object.entries(value).every(([name, each]) => isText(name) && isValue(each)))

/** What API Gateway promises of the fields that the app is made to read. Halves of characters are no text. */
const SHAPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  path: isText,
  rawPath: isText,
  rawQueryString: isNoneOrText,
  body: isNoneOrText,
  cookies: (value) => isNone(value) || areTexts(value),
  headers: isMapOf((value) => value === undefined || isText(value)),
  multiValueHeaders: isMapOf((value) => value === undefined || areTexts(value)),
  queryStringParameters: isMapOf((value) => value === undefined || isText(value)),
  multiValueQueryStringParameters: isMapOf((value) => value === undefined || areTexts(value)),
}

const methodOf = (event: ApiEvent): string =>
  isFormat2(event) ? event.requestContext.http.method : event.httpMethod

/** What verifiers of tokens read, and what says that the service is there. */
export const isForVerifiers = (event: ApiEvent): boolean =>
  /^\/(?:\.well-known\/|healthz$)/.test(isFormat2(event) ? event.rawPath : event.path)

/** Whether Node's parser would have taken the method from a socket. */
export const isKnownMethod = (event: ApiEvent): boolean => METHODS.includes(methodOf(event))

/** The one value of a header; undefined for none and for several. Format 1.0 keeps the letters of its name. */
export function headerOf(event: ApiEvent, name: string): string | undefined {
  const lists = isFormat2(event) ? undefined : event.multiValueHeaders
  const values = Object.entries({ ...event.headers, ...lists })
    .filter(([header]) => header.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
  return values.length === 1 ? values[0] : undefined
}

/** What a URL parser reads as a slash, or leaves out: what follows could become the name of a host. */
const NOT_OF_A_PATH = /[\\\0-\x20\x7f]/g

const escapePath = (path: string): string => path.replaceAll(NOT_OF_A_PATH, encodeURIComponent)

/** The adapter would read them first. */
const NOT_OF_FORMAT_2 = {
  httpMethod: undefined,
  path: undefined,
  multiValueHeaders: undefined,
  multiValueQueryStringParameters: undefined,
}

/**
 * The event with a path that no URL parser reads in another way. Format 2.0 also joins repeated query parameters
 * by commas, so that `?a=1,2` and `?a=1&a=2` look the same; the raw query keeps them apart.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function withExactUrl(event: ApiEvent): ApiEvent {
  if (!isFormat2(event)) return { ...event, path: escapePath(event.path) }
  const path = escapePath(event.rawPath)
  const exact = { ...event, ...NOT_OF_FORMAT_2 }
  if (isNone(event.rawQueryString) || event.rawQueryString === '')
    return { ...exact, rawPath: path }
  return { ...exact, rawPath: `${path}?${event.rawQueryString}`, queryStringParameters: {} }
}

/** Where something of the service is, behind something else. */
const BELOW =
  /^\/.+?(?=\/(?:api|oauth|\.well-known)\/|\/(?:healthz|login|register|dashboard|openapi\.json)$)/
const OWN = /^\/(?:api|oauth|\.well-known|dashboard|assets|docs)\//

/**
 * What stands before the path of the service where it is not at the root of its domain: the name of a stage, or
 * the base path of a mapping. Its issuer, cookies and links are those of a whole origin.
 */
export function prefixOf(event: ApiEvent): string | undefined {
  const path = isFormat2(event) ? event.rawPath : event.path
  const { stage } = event.requestContext as { readonly stage?: unknown }
  if (isFormat2(event) && typeof stage === 'string' && stage !== '$default') {
    if (`${path}/`.startsWith(`/${stage}/`)) return `/${stage}`
  }
  return OWN.test(path) ? undefined : BELOW.exec(path)?.[0]
}
