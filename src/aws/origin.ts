import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { type ApiEvent, headerOf, isFormat2 } from './events.js'
import { ORIGIN_HEADER, VIEWER_HEADER } from './origin-headers.js'

/** @returns the event as if its caller had come here directly, or undefined for one that has. */
export type Gate = (event: ApiEvent) => ApiEvent | undefined

/**
 * Lets through what comes by way of CloudFront. The addresses of other callers would be CloudFront's own,
 * so that a call which names no viewer is refused too.
 * @throws {Error} for a secret that has no value: without it any caller could bypass CloudFront.
 */
export function throughEdge(secret: string | undefined): Gate {
  if (secret === undefined || secret === '') throw new Error('The secret of the origin is empty.')
  const expected = digest(secret)
  return (event) => {
    const given = headerOf(event, ORIGIN_HEADER)
    if (given === undefined || !timingSafeEqual(digest(given), expected)) return undefined
    const viewer = headerOf(event, VIEWER_HEADER)
    if (viewer === undefined || isIP(viewer) === 0) return undefined
    return fromAddress(withoutEdgeHeaders(event), viewer)
  }
}

/** Digests are of one length, which `timingSafeEqual` asks for. */
const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

function withoutEdgeHeaders(event: ApiEvent): ApiEvent {
  if (isFormat2(event)) return { ...event, headers: strip(event.headers) }
  const { headers, multiValueHeaders } = event
  return { ...event, headers: strip(headers), multiValueHeaders: strip(multiValueHeaders) }
}

/** API Gateway leaves either set of headers out, or `null`, where there are none. */
const strip = <Value>(headers: Readonly<Record<string, Value>> | null | undefined) =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !isOfEdge(name)))

const isOfEdge = (name: string): boolean =>
  [ORIGIN_HEADER, VIEWER_HEADER].includes(name.toLowerCase())

function fromAddress(event: ApiEvent, sourceIp: string): ApiEvent {
  if (isFormat2(event)) {
    const { requestContext } = event
    const http = { ...requestContext.http, sourceIp }
    return { ...event, requestContext: { ...requestContext, http } }
  }
  const { requestContext } = event
  const identity = { ...requestContext.identity, sourceIp }
  return { ...event, requestContext: { ...requestContext, identity } }
}
