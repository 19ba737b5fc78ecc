import oauth2, { type FastifyOAuth2Options, type OAuth2Namespace } from '@fastify/oauth2'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import { providerError, providerUnavailable } from './errors.js'
import type { Endpoints, Provider } from './provider.js'

/** What `@fastify/oauth2` keeps in cookies between the two halves of a flow. */
export interface FlowSecrets {
  readonly state: string
  /** PKCE code verifier (RFC 7636 §4.1). */
  readonly verifier: string
}

export interface CodeFlowOptions {
  readonly provider: Provider
  readonly endpoints: Endpoints
  /** How the token endpoint wants the client's secret. */
  readonly secretIn: 'header' | 'body'
  readonly redirectUri: string
  readonly timeoutMs: number
  readonly random: Random
}

const NAME = 'provider'
const STATE = 'state'
const VERIFIER = 'verifier'
const STATE_BYTES = 32
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * The authorization code flow with PKCE S256 (RFC 6749 §4.1, RFC 7636) of one provider, by `@fastify/oauth2`.
 *
 * The plugin wants its endpoints when it is registered, and those of a provider are known once it has been
 * discovered, which must not hold up or fail our start. So each provider has an app of its own that
 * listens nowhere, made when its first flow begins. The plugin's two cookies have fixed names, so that two
 * tabs would overwrite one another's: it writes them into the flow instead, which has a cookie of its own.
 */
export class CodeFlow {
  readonly #namespace: OAuth2Namespace

  private constructor(namespace: OAuth2Namespace) {
    this.#namespace = namespace
  }

  static async open(options: CodeFlowOptions): Promise<CodeFlow> {
    const app = Fastify()
    try {
      await app.register(fp(async (scope) => setUp(scope, pluginOptions(options))))
      await app.ready()
    } catch {
      // What the library throws holds its options, the client's secret among them.
      throw providerError('setup')
    }
    return new CodeFlow((app as unknown as Record<typeof NAME, OAuth2Namespace>)[NAME])
  }

  /** @returns the URL to send the browser to, with a state and a code challenge of its own. */
  async begin(): Promise<FlowSecrets & { readonly url: URL }> {
    const jar = new Map<string, string>()
    const reply = { setCookie: (name: string, value: string) => jar.set(name, value) }
    // Our state is random: of the request it wants nothing.
    const url = await this.#namespace.generateAuthorizationUri(
      {} as FastifyRequest,
      reply as unknown as FastifyReply,
    )
    return {
      url: new URL(url),
      state: jar.get(STATE) as string,
      verifier: jar.get(VERIFIER) as string,
    }
  }

  /**
   * Exchanges a code for the provider's tokens (RFC 6749 §4.1.3), with the client authenticated.
   * @throws {Problem} PROVIDER_UNAVAILABLE, PROVIDER_ERROR.
   */
  async redeem(code: string, { state, verifier }: FlowSecrets): Promise<ProviderTokens> {
    const request = { query: { code, state }, cookies: { [STATE]: state, [VERIFIER]: verifier } }
    try {
      const answer = await this.#namespace.getAccessTokenFromAuthorizationCodeFlow(
        request as unknown as FastifyRequest,
      )
      return checkTokens(answer.token)
    } catch (error) {
      throw asProblem(error)
    }
  }
}

/**
 * Registers the plugin inside a promise: a plugin with a callback that throws ends the process.
 */
const setUp = (app: FastifyInstance, options: FastifyOAuth2Options): Promise<void> =>
  new Promise((resolve, reject) => {
    oauth2(app, options, (error) => (error ? reject(error) : resolve()))
  })

export interface ProviderTokens {
  readonly accessToken: string
  readonly idToken?: string
}

function pluginOptions(options: CodeFlowOptions): FastifyOAuth2Options {
  const { provider, endpoints, secretIn, redirectUri, timeoutMs, random } = options
  const [authorization, token] = [new URL(endpoints.authorization), new URL(endpoints.token)]
  return {
    name: NAME,
    scope: [...provider.scopes],
    credentials: {
      client: { id: provider.clientId, secret: provider.clientSecret },
      auth: {
        authorizeHost: authorization.origin,
        authorizePath: authorization.pathname + authorization.search,
        tokenHost: token.origin,
        tokenPath: token.pathname + token.search,
      },
      // An answer that is not JSON is judged by its status, not by its form.
      http: { timeout: timeoutMs, maxBytes: MAX_ANSWER_BYTES, redirects: false, json: true },
      options: { authorizationMethod: secretIn },
    },
    callbackUri: redirectUri,
    pkce: 'S256',
    generateStateFunction: () => random(STATE_BYTES).toString('base64url'),
    checkStateFunction: ({ query, cookies }: FastifyRequest) =>
      (query as FlowSecrets).state === cookies[STATE],
    redirectStateCookieName: STATE,
    verifierCookieName: VERIFIER,
    userAgent: 'latchkey',
  }
}

function checkTokens(token: { access_token?: unknown; id_token?: unknown }): ProviderTokens {
  const { access_token: accessToken, id_token: idToken } = token
  // GitHub answers 200 to a code that it does not take.
  if (typeof accessToken !== 'string' || accessToken === '') throw providerError('token_missing')
  return { accessToken, ...(typeof idToken === 'string' && { idToken }) }
}

interface Boom {
  readonly output: { readonly statusCode: number }
  /** What was answered, where that is what is wrong. */
  readonly data?: { readonly payload?: unknown; readonly isResponseError?: boolean } | null
}

/**
 * The HTTP library throws a Boom: the provider's own status, 502 or 504 for one that is not there, 502 with
 * the payload for one that does not send JSON. Any other error comes from the answer's content.
 */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!isBoom(error)) return providerError('token_answer')
  const { output, data } = error
  const { statusCode: status } = output
  const isNonsense = data?.payload !== undefined && data.isResponseError !== true
  const isAway = (status >= 500 || status === 429) && !isNonsense
  return isAway
    ? providerUnavailable(`token_status_${status}`)
    : providerError(`token_status_${status}`)
}

const isBoom = (error: unknown): error is Boom =>
  error instanceof Error && 'isBoom' in error && error.isBoom === true
