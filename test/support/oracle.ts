import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type ClientMetadata, type Configuration, errors } from 'oidc-provider'
import type { Test } from 'tap'
import { freePort } from '../../src/local/free-port.js'
import type { App } from './code-flow.js'

/** An app that both servers know, with the same id, secret and URIs. */
export interface KnownApp extends App {
  /** Whether its people are asked for no consent. */
  readonly isFirstParty: boolean
}

export interface OracleOptions {
  readonly apps: readonly KnownApp[]
  /** Scopes of each API, by its identifier. */
  readonly resources: Readonly<Record<string, readonly string[]>>
}

const PERSON = 'person'
const INTERACTION = '/interaction'

/**
 * A certified OpenID provider that others have made, told to be as our own: PKCE always, code alone, refresh tokens
 * that rotate, APIs with scopes. A person who has to sign in there does so at once, and agrees to all.
 * @returns its issuer.
 */
export async function startOracle(t: Test, options: OracleOptions): Promise<string> {
  const port = await freePort('127.0.0.1')
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, configuration(options))
  const serve = provider.callback()
  const server = createServer((request, response) => {
    const isQuestion = (request.url ?? '').startsWith(`${INTERACTION}/`)
    const answered = isQuestion ? answer(provider, request, response) : serve(request, response)
    Promise.resolve(answered).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Signs the person in, or agrees for them. */
async function answer(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: PERSON } })
    return
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant =
    known ??
    new provider.Grant({
      clientId: String(params.client_id),
      accountId: session?.accountId ?? PERSON,
    })
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as Missing
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '))
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims)
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '))
  }
  await provider.interactionFinished(request, response, {
    consent: { grantId: await grant.save() },
  })
}

interface Missing {
  readonly missingOIDCScope?: string[]
  readonly missingOIDCClaims?: string[]
  readonly missingResourceScopes?: Readonly<Record<string, string[]>>
}

function configuration({ apps, resources }: OracleOptions): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const firstParty = new Set(apps.filter((app) => app.isFirstParty).map((app) => app.clientId))
  const scopesOf = (resource: string) => {
    const scopes = resources[resource]
    if (!scopes) throw new errors.InvalidTarget()
    return scopes.join(' ')
  }
  return {
    clients: apps.map(toMetadata),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid', 'offline_access'],
    acrValues: ['aal1', 'aal2'],
    // Its answer to a POST from another site needs such a cookie.
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      long: { sameSite: 'none' },
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    enableHttpPostMethods: true,
    routes: {
      authorization: '/oauth/authorize',
      end_session: '/oauth/logout',
      introspection: '/oauth/introspect',
      pushed_authorization_request: '/oauth/par',
      revocation: '/oauth/revoke',
      token: '/oauth/token',
      userinfo: '/oauth/userinfo',
    },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: scopesOf(resource),
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 900,
        }),
      },
    },
    interactions: { url: (_ctx, { uid, prompt }) => `${INTERACTION}/${prompt.name}/${uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: 'person@example.com', email_verified: true, name: 'A person' }),
    }),
    async renderError(ctx, out) {
      ctx.type = 'html'
      ctx.body = `<p>${out.error}</p>`
    },
    async loadExistingGrant({ oidc }) {
      const { client, session, provider, result } = oidc
      if (!client || session?.accountId === undefined) return undefined
      const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
      if (grantId !== undefined) return provider.Grant.find(grantId)
      if (!firstParty.has(client.clientId)) return undefined
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      })
      grant.addOIDCScope('openid profile email offline_access')
      for (const [resource, scopes] of Object.entries(resources)) {
        grant.addResourceScope(resource, scopes.join(' '))
      }
      await grant.save()
      return grant
    },
  }
}

const toMetadata = (app: KnownApp): ClientMetadata => ({
  client_id: app.clientId,
  redirect_uris: [...app.redirectUris],
  post_logout_redirect_uris: [...app.postLogoutRedirectUris],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  application_type: app.redirectUris.every((uri) => uri.startsWith('https:')) ? 'web' : 'native',
  ...(app.secret === undefined
    ? { token_endpoint_auth_method: 'none' }
    : { client_secret: app.secret, token_endpoint_auth_method: 'client_secret_basic' }),
})
