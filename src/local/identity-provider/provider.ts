import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Provider, { type AccountClaims, type Configuration, type JWK } from 'oidc-provider'
import { page } from './page.js'

export interface ClientRegistration {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

const SCOPES = 'openid email profile'
const HOUR = 3600
const INTERACTION = '/interaction/'

/** A certified OpenID provider, and in front of it a form that takes anybody's word for who they are. */
export function createProvider(issuer: string, client: ClientRegistration): RequestListener {
  const accounts = new Map<string, AccountClaims>()
  const provider = new Provider(issuer, configuration(client, accounts))
  const serve = provider.callback()

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page())
      return
    }
    const form = new URLSearchParams(await text(request))
    await provider.interactionFinished(request, response, answer(form, accounts))
  }

  return (request, response) => {
    if (!request.url?.startsWith(INTERACTION)) {
      void serve(request, response)
      return
    }
    interact(request, response).catch(() => response.writeHead(400).end('This form has expired.'))
  }
}

function answer(form: URLSearchParams, accounts: Map<string, AccountClaims>) {
  if (form.has('deny')) return { error: 'access_denied' }
  const email = form.get('email') ?? ''
  const sub = createHash('sha256').update(email).digest('hex').slice(0, 32)
  const name = form.get('name') ?? ''
  accounts.set(sub, {
    sub,
    ...(email !== '' && { email, email_verified: form.has('verified') }),
    ...(name !== '' && { name }),
  })
  return { login: { accountId: sub, remember: false } }
}

function configuration(
  { clientId, clientSecret, redirectUri }: ClientRegistration,
  accounts: ReadonlyMap<string, AccountClaims>,
): Configuration {
  return {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => INTERACTION + uid },
    jwks: { keys: [signingKey()] },
    pkce: { required: () => true },
    ttl: { AccessToken: HOUR, Grant: HOUR, IdToken: HOUR, Interaction: HOUR, Session: HOUR },
    findAccount(_ctx, sub) {
      const claims = accounts.get(sub)
      return claims && { accountId: sub, claims: () => claims }
    },
    // Whoever has filled the form in has agreed.
    async loadExistingGrant({ oidc }) {
      const { client, session } = oidc
      if (!client || session?.accountId === undefined) return undefined
      const { Grant } = oidc.provider
      const grant = new Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope(SCOPES)
      await grant.save()
      return grant
    },
  }
}

function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }
}
