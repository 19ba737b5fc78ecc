import type {
  APIGatewayAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda'
import { type AuthorizerEvent, isFormat2 } from './credential.js'

/** Who calls, for the integration: `$context.authorizer.*`. All values are strings, as format 1.0 wants. */
export interface Caller {
  readonly credential: 'jwt' | 'api-key'
  /** The user, or the key. */
  readonly sub: string
  /** Separated by spaces. */
  readonly scope: string
  readonly role?: string
  readonly clientId?: string
  readonly sessionId?: string
  /** How the person signed in, separated by spaces. */
  readonly amr?: string
  /** How strong that sign-in was. */
  readonly acr?: string
  /** When it was, seconds since the epoch. */
  readonly authTime?: string
  /** The user that a key belongs to. */
  readonly ownerId?: string
}

export type Verdict =
  | { readonly allowed: true; readonly caller: Caller }
  | {
      readonly allowed: false
      readonly reason: 'unauthenticated' | 'insufficient_user_authentication' | 'insufficient_scope'
      /** For the log alone: what is wrong with a token whose signature is good. */
      readonly detail?: string
    }

/**
 * The verdict in the event's own format. It is about the credential and the caller's address, never about
 * the route, so that it may be cached for these two: a cached answer neither blocks nor opens another route.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @throws {Error} `Unauthorized` for format 1.0, which API Gateway makes a 401 of.
 */
export function answer(
  event: AuthorizerEvent,
  verdict: Verdict,
): APIGatewaySimpleAuthorizerWithContextResult<object> | APIGatewayAuthorizerResult {
  const context: Record<string, string> = verdict.allowed ? { ...verdict.caller } : {}
  if (isFormat2(event)) return { isAuthorized: verdict.allowed, context }
  if (!verdict.allowed && verdict.reason === 'unauthenticated') throw new Error('Unauthorized')
  return {
    principalId: verdict.allowed ? verdict.caller.sub : 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: verdict.allowed ? 'Allow' : 'Deny',
          Resource: wholeStage(event.methodArn),
        },
      ],
    },
    context,
  }
}

/** `arn:aws:execute-api:region:account:api/stage/GET/path` is for one route; its stage is for all. */
const wholeStage = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`
