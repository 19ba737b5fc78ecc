import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Provider, { type AccountClaims, type Configuration, type JWK } from 'oidc-provider'
import { makePages, PAGE_HEADERS, type ProviderPages } from './page.js'

export interface ClientRegistration {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

const SCOPES = 'openid email profile'
const HOUR = 3600
const INTERACTION = '/interaction/'
const SESSION_COOKIE = '_session'

/** A certified OpenID provider, and in front of it a form that believes what people say about themselves. */
export async function createProvider(
  issuer: string,
  client: ClientRegistration,
): Promise<RequestListener> {
  const accounts = new Map<string, AccountClaims>()
  const pages = await makePages()
  const provider = new Provider(issuer, configuration(client, accounts, pages))
  const serve = provider.callback()

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.writeHead(200, PAGE_HEADERS).end(pages.form)
      return
    }
    const form = new URLSearchParams(await text(request))
    await provider.interactionFinished(request, response, answer(form, accounts))
  }

  return (request, response) => {
    const { url = '' } = request
    const asset = pages.find(url)
    if (asset) {
      response.writeHead(200, { 'content-type': asset.type }).end(asset.body)
      return
    }
    forgetSession(request)
    if (!url.startsWith(INTERACTION)) {
      void serve(request, response)
      return
    }
    interact(request, response).catch(() => {
      response.writeHead(400, PAGE_HEADERS).end(pages.failure)
    })
  }
}

/** So that each sign-in asks who it is: a session would sign the same person in without a word. */
function forgetSession({ headers }: IncomingMessage): void {
  const cookies = (headers.cookie ?? '').split(/; */)
  headers.cookie = cookies.filter((pair) => !pair.startsWith(SESSION_COOKIE)).join('; ')
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
  pages: ProviderPages,
): Configuration {
  return {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { names: { session: SESSION_COOKIE }, keys: [randomBytes(32).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => INTERACTION + uid },
    jwks: { keys: [signingKey()] },
    pkce: { required: () => true },
    ttl: { AccessToken: HOUR, Grant: HOUR, IdToken: HOUR, Interaction: HOUR, Session: HOUR },
    findAccount(_ctx, sub) {
      const claims = accounts.get(sub)
      return claims && { accountId: sub, claims: () => claims }
    },
    async renderError(ctx) {
      ctx.set(PAGE_HEADERS)
      ctx.body = pages.failure
    },
    // A person who has sent the form has agreed.
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
