import type { IncomingMessage } from 'node:http'
import { allowInsecureRequests, discovery } from 'openid-client'
import { Strategy as OpenIdClientStrategy } from 'openid-client/passport'
import { Passport } from 'passport'
import { type OAuth2, Strategy } from 'passport-openidconnect'
import t, { type Test } from 'tap'
import { type App, newApp, newPkce, SIGNED_OUT } from '../../support/code-flow.js'
import { realClock } from '../../support/example.js'
import { type Issuer, startIssuer } from '../../support/issuer.js'
import { Person } from '../../support/person.js'
import { startRelyingApp } from '../../support/relying-app.js'
import { recordSecret } from '../../support/transcript.js'

/** What Express and its session add to a request. */
interface AppRequest extends IncomingMessage {
  readonly query: Readonly<Record<string, string>>
  readonly session: Record<string, unknown>
  readonly protocol: 'http'
  readonly host: string
}

/**
 * `passport-openidconnect` has no PKCE of its own, which RFC 9700 §2.1.1 asks of every client. This is all that a team
 * adds, in the places that the package leaves to subclasses. Passport calls it on an object of each request's own.
 */
class PkceStrategy extends Strategy {
  declare challenge: string

  protected override authorizationParams(): Record<string, string> {
    return { code_challenge: this.challenge, code_challenge_method: 'S256' }
  }

  override authenticate(request: AppRequest, options: object): void {
    const { session, query } = request
    if (query.code === undefined) {
      const { verifier, challenge } = newPkce()
      session.verifier = verifier
      this.challenge = challenge
    } else {
      const oauth2 = this._oauth2
      const getOAuthAccessToken: OAuth2['getOAuthAccessToken'] = (code, parameters, done) =>
        oauth2.getOAuthAccessToken(
          code,
          { ...parameters, code_verifier: String(session.verifier) },
          done,
        )
      this._oauth2 = Object.assign(Object.create(oauth2) as OAuth2, { getOAuthAccessToken })
    }
    super.authenticate(request, options)
  }
}

/** What an app knows of a person who has signed in. */
interface SignedIn {
  readonly id: string
  readonly email: string | undefined
  readonly refreshToken: string
}

/** An app with one route for both halves of a sign-in. @returns its origin, and who has signed in last. */
async function startPassportApp(
  t: Test,
  strategyFor: (callbackURL: string) => unknown,
): Promise<{ readonly origin: string; readonly last: () => SignedIn | undefined }> {
  let last: SignedIn | undefined
  const origin = await startRelyingApp(t, (origin) => {
    const strategy = strategyFor(`${origin}/cb`)
    const session: Record<string, unknown> = {}
    return (request, response) => {
      const { searchParams, host } = new URL(request.url ?? '/', origin)
      const finish = (error: unknown, user: unknown) => {
        last = user as SignedIn | undefined
        response.writeHead(error ? 500 : 200).end(error instanceof Error ? error.message : 'in')
      }
      const handler = new Passport().authenticate(strategy, {}, finish)
      const query = Object.fromEntries(searchParams)
      const asked = Object.assign(request, { query, session, host, protocol: 'http' as const })
      handler(asked, response, (error) => finish(error, undefined))
    }
  })
  return { origin, last: () => last }
}

const openIdConnect =
  (Kind: typeof Strategy, { url }: Issuer, app: App) =>
  (callbackURL: string) =>
    new Kind(
      {
        issuer: url,
        authorizationURL: `${url}/oauth/authorize`,
        tokenURL: `${url}/oauth/token`,
        userInfoURL: `${url}/oauth/userinfo`,
        clientID: app.clientId,
        clientSecret: app.secret,
        callbackURL,
        scope: 'email profile',
        nonce: true,
        skipUserProfile: false,
      },
      (_issuer, profile, _context, idToken, accessToken, refreshToken, _parameters, done) => {
        for (const token of [idToken, accessToken, refreshToken]) recordSecret('token', token)
        done(null, { id: profile.id, email: profile.emails?.[0]?.value, refreshToken })
      },
    )

async function openIdClient({ url }: Issuer, app: App) {
  const config = await discovery(new URL(url), app.clientId, app.secret, undefined, {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a warning: loopback has no TLS
    execute: [allowInsecureRequests],
  })
  const scope = 'openid email profile'
  return (callbackURL: string) =>
    new OpenIdClientStrategy({ config, scope, callbackURL }, (tokens, done) => {
      for (const name of ['id_token', 'access_token', 'refresh_token'] as const) {
        recordSecret('token', tokens[name])
      }
      const claims = tokens.claims()
      done(null, { id: claims?.sub, email: claims?.email, refreshToken: tokens.refresh_token })
    })
}

/** Passport leaves it to the app to refresh. @returns the next refresh token, or the refusal's name. */
async function refresh({ url }: Issuer, app: App, refreshToken = '') {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: app.clientId,
      client_secret: app.secret ?? '',
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
  })
  const { refresh_token: next, error } = (await answer.json()) as Record<string, string>
  recordSecret('token', next)
  return { next, error }
}

t.test('apps with Passport', async (t) => {
  const issuer = await startIssuer(t, { clock: realClock() })
  const { service, url } = issuer
  const account = await service.signUp()
  const app = await newApp(service, { redirectUris: ['http://127.0.0.1/cb'] })
  const strategies = {
    'passport-openidconnect, given PKCE': openIdConnect(PkceStrategy, issuer, app),
    'the strategy of openid-client': await openIdClient(issuer, app),
  }
  for (const [name, strategyFor] of Object.entries(strategies)) {
    t.test(`${name}: signs in, refreshes, logs out`, async (t) => {
      const { origin, last } = await startPassportApp(t, strategyFor)
      const person = new Person(account)
      const end = await person.open(`${origin}/sign-in`)
      t.match(end, { status: 200, text: 'in' })
      t.match(last(), { id: account.id, email: account.email })
      const { next } = await refresh(issuer, app, last()?.refreshToken)
      t.type(next, 'string')
      const leave = new URL(`${url}/oauth/logout`)
      leave.searchParams.set('client_id', app.clientId)
      leave.searchParams.set('post_logout_redirect_uri', SIGNED_OUT)
      const { location } = await person.open(leave.href, {
        until: (next) => next.startsWith(SIGNED_OUT),
      })
      t.equal(location, SIGNED_OUT)
      t.same(await refresh(issuer, app, next), { next: undefined, error: 'invalid_grant' })
    })
  }

  t.test('passport-openidconnect as it is, hears in the app that PKCE is missing', async (t) => {
    const { origin, last } = await startPassportApp(t, openIdConnect(Strategy, issuer, app))
    const end = await new Person(account).open(`${origin}/sign-in`)
    t.match(end, { status: 500, text: 'code_challenge is missing' })
    t.ok(end.url.startsWith(`${origin}/cb?`))
    t.match(Object.fromEntries(new URL(end.url).searchParams), {
      error: 'invalid_request',
      error_description: 'code_challenge is missing',
      iss: url,
    })
    t.equal(last(), undefined)
  })
})
