import type {
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
} from 'aws-lambda'

/** A question of API Gateway: payload format 2.0 (HTTP API), or 1.0 of type REQUEST (both kinds of API). */
export type AuthorizerEvent = APIGatewayRequestAuthorizerEvent | APIGatewayRequestAuthorizerEventV2

/** Whether an event is such a question, rather than a schedule's, or that of a TOKEN authorizer. */
export function isQuestion(event: unknown): event is AuthorizerEvent {
  const { requestContext, version, methodArn } = (event ?? {}) as Record<string, unknown>
  if (typeof requestContext !== 'object' || requestContext === null) return false
  const { http, identity } = requestContext as Record<string, unknown>
  const source: unknown = version === '2.0' ? http : identity
  const isAsked = version === '2.0' || typeof methodArn === 'string'
  return isAsked && typeof source === 'object' && source !== null
}

export const isFormat2 = (event: AuthorizerEvent): event is APIGatewayRequestAuthorizerEventV2 =>
  'version' in event && event.version === '2.0'

/**
 * The one value of a header, with its name in any case, as API Gateway leaves it; undefined for none, and for
 * more than one, since it is not clear which was meant.
 */
export function headerOf(event: AuthorizerEvent, name: string): string | undefined {
  const several = isFormat2(event) ? undefined : valuesOf(event.multiValueHeaders, name)
  if (several && several.length !== 1) return undefined
  const value = several?.[0] ?? valuesOf(event.headers, name)
  // Repeated headers are joined by commas, which no credential holds.
  return typeof value === 'string' && !value.includes(',') ? value : undefined
}

/** RFC 6750 §2.1, the scheme in any case. */
export const bearerOf = (event: AuthorizerEvent): string | undefined =>
  /^bearer +(\S+)$/i.exec(headerOf(event, 'authorization') ?? '')?.[1]

/** The client's address as API Gateway saw it. */
export function addressOf(event: AuthorizerEvent): string {
  return isFormat2(event)
    ? event.requestContext.http.sourceIp
    : event.requestContext.identity.sourceIp
}

function valuesOf<T>(headers: Readonly<Record<string, T>> | null | undefined, name: string) {
  return Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1]
}
