import type { AccessTokenSigner } from '../access-tokens/signer.js'
import type { Caller } from '../http/caller.js'
import type { Random } from '../lib/random.js'
import type { AppGrant } from '../sessions/app-grant.js'
import { claimsForApp } from '../sessions/claims.js'
import { isRefusal, reportRefusal } from '../sessions/reports.js'
import type { Grant, Sessions } from '../sessions/sessions.js'
import { type AppRequest, authenticateApp, type RegisteredApps } from './app-authentication.js'
import { type AppTarget, appTarget, asRegistered } from './app-target.js'
import type { Served } from './authorization/scopes.js'
import { invalidGrant, OAuthError, refusedGrant, refuseUnless } from './errors.js'
import type { Authenticate, Exchange } from './exchange.js'
import { signIdToken } from './id-token.js'
import type { TokenRequest } from './schemas.js'

export interface AppTokensDependencies extends RegisteredApps {
  readonly exchange: Exchange
  readonly sessions: Sessions
  readonly served: Served
  readonly signer: AccessTokenSigner
  readonly random: Random
}

/** Tokens of apps: for an authorization code (RFC 6749 §4.1.3), and for a refresh token (§6). */
export class AppTokens {
  readonly #dependencies: AppTokensDependencies

  constructor(dependencies: AppTokensDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @param clientId what the request says that the app is.
   * @throws {OAuthError} with why there are none.
   * @throws {Problem} REFRESH_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async answer(
    caller: Caller,
    request: AppRequest,
    { body, clientId }: { readonly body: TokenRequest; readonly clientId: string },
  ) {
    const authenticate = () => authenticateApp(request, body, this.#dependencies)
    if (body.grant_type === 'authorization_code') return this.#byCode(caller, body, authenticate)
    if (body.grant_type === 'refresh_token') {
      return this.#byRefreshToken(caller, body, { clientId, authenticate })
    }
    await authenticate()
    throw refusedGrant(body)
  }

  /**
   * What is asked for is looked at before the code is used up: a request that names a wrong resource may be sent
   * again.
   */
  async #byCode(caller: Caller, request: TokenRequest, authenticate: Authenticate) {
    const { exchange, served } = this.#dependencies
    const { code, redirect_uri: redirectUri, code_verifier: verifier } = request
    if (code === undefined || redirectUri === undefined || verifier === undefined) {
      await authenticate()
      throw new OAuthError('invalid_request', 'Send code, redirect_uri and code_verifier')
    }
    const proved = await exchange.prove(caller, { code, redirectUri, verifier }, authenticate)
    const { client, kept, user } = proved
    const { clientId, clientName: name, scopes, resources, nonce } = kept.detail
    const app = { clientId, name, isFirstParty: client.isFirstParty, scopes, resources }
    // No scope: an exchange has none (RFC 6749 §4.1.3).
    const asked = { ...request, scope: '' }
    const target = appTarget({ client, grant: app, user, request: asked }, served)
    return this.#answer(await exchange.open(caller, proved, app), { app, target, nonce })
  }

  /**
   * The same for a refresh token. One that is not of this app costs nothing, not even a look at the app: it need not be
   * counted.
   */
  async #byRefreshToken(
    caller: Caller,
    request: TokenRequest,
    { clientId, authenticate }: { readonly clientId: string; readonly authenticate: Authenticate },
  ) {
    const { sessions, served } = this.#dependencies
    const { refresh_token: token } = request
    if (token === undefined) await authenticate()
    refuseUnless(token !== undefined, 'invalid_request', 'Send refresh_token')
    try {
      await sessions.identify(token, clientId).catch((error: unknown) => {
        reportRefusal(caller, error)
        throw error
      })
      const client = await authenticate()
      const targetOf = (app: AppGrant, user: Grant['user']) =>
        appTarget({ client, grant: asRegistered(app, client), user, request }, served)
      const grant = await sessions.refresh(caller, token, { clientId, judge: targetOf })
      if (!grant.app) throw invalidGrant()
      const target = targetOf(grant.app, grant.user)
      return await this.#answer(grant, { app: asRegistered(grant.app, client), target })
    } catch (error) {
      throw isRefusal(error) ? invalidGrant() : error
    }
  }

  async #answer(grant: Grant, { app, target: { resource, scope }, nonce }: Answered) {
    const { served, signer, clock, random } = this.#dependencies
    const { userinfo } = served
    const claims = claimsForApp({ ...grant, app }, { resource, userinfo }, clock, random)
    const accessToken = await signer.sign({ ...claims, scope })
    return {
      access_token: accessToken,
      token_type: 'Bearer' as const,
      expires_in: claims.exp - claims.iat,
      scope,
      refresh_token: grant.refreshToken,
      ...(app.scopes.includes('openid') && {
        id_token: await signIdToken(grant, { app, accessToken, nonce }, { signer, clock }),
      }),
    }
  }
}

/** What an answer is made for. */
interface Answered {
  readonly app: AppGrant
  readonly target: AppTarget
  readonly nonce?: string | undefined
}
