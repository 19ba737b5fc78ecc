import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client'
import { decodeJwt } from 'jose'
import t from 'tap'
import { type App, newApp, SIGNED_OUT } from '../../support/code-flow.js'
import { startBehindTls } from '../../support/behind-tls.js'
import { Person } from '../../support/person.js'
import { ORDERS } from '../../support/resources.js'
import { ISSUER } from '../../support/service.js'
import { recordSecret } from '../../support/transcript.js'

t.test('openid-client, which knows the issuer and its own registration', async (t) => {
  const { service, fetch } = await startBehindTls(t)
  const account = await service.signUp()
  const atApp = (next: string) => next.startsWith('https://app.example.com/')

  const connect = (app: App, authentication: ClientAuth) =>
    discovery(new URL(ISSUER), app.clientId, undefined, authentication, {
      [customFetch]: fetch,
    })

  /** From the button of the app to its tokens. */
  async function signIn(
    configuration: Configuration,
    person: Person,
    more: Readonly<Record<string, string>> = {},
    build: (
      configuration: Configuration,
      parameters: Record<string, string>,
    ) => URL | Promise<URL> = buildAuthorizationUrl,
  ) {
    const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()]
    const start = await build(configuration, {
      redirect_uri: 'https://app.example.com/cb',
      scope: 'openid email profile',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
      ...more,
    })
    const { location = '' } = await person.open(start.href, { until: atApp })
    const tokens = await authorizationCodeGrant(configuration, new URL(location), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      ...(more.max_age !== undefined && { maxAge: Number(more.max_age) }),
    })
    recordSecret('token', tokens.access_token)
    recordSecret('token', tokens.refresh_token)
    return tokens
  }

  const methods = {
    client_secret_basic: { app: await newApp(service), authentication: ClientSecretBasic },
    client_secret_post: { app: await newApp(service), authentication: ClientSecretPost },
    none: { app: await newApp(service, { isPublic: true }), authentication: () => None() },
  }
  for (const [method, { app, authentication }] of Object.entries(methods)) {
    t.test(`${method}: signs in, refreshes, logs out`, async (t) => {
      const configuration = await connect(app, authentication(app.secret ?? ''))
      const person = new Person(account, service)
      const tokens = await signIn(configuration, person)
      t.same(person.met, ['/login'], 'one page is met')
      const { sub, aud, auth_time } = tokens.claims() ?? {}
      t.match({ sub, aud }, { sub: account.id, aud: app.clientId })
      t.type(auth_time, 'number')
      const told = await fetchUserInfo(configuration, tokens.access_token, account.id)
      t.match(told, { sub: account.id, email: account.email, email_verified: false })

      const refreshed = await refreshTokenGrant(configuration, tokens.refresh_token ?? '')
      t.not(refreshed.access_token, tokens.access_token)
      t.not(refreshed.refresh_token, tokens.refresh_token)
      await fetchUserInfo(configuration, refreshed.access_token, account.id)

      const end = buildEndSessionUrl(configuration, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: SIGNED_OUT,
        state: 'goodbye',
      })
      const { location } = await person.open(end.href, { until: atApp })
      t.equal(location, `${SIGNED_OUT}?state=goodbye`)
      const refusal = refreshTokenGrant(configuration, refreshed.refresh_token ?? '')
      t.match(await refusal.catch(identity), { error: 'invalid_grant', status: 400 })
      person.met.length = 0
      await signIn(configuration, person)
      t.same(person.met, ['/login'], 'and the browser is signed out as well')
    })
  }

  t.test('gets a token for an API', async (t) => {
    const configuration = await connect(
      methods.client_secret_basic.app,
      ClientSecretBasic(methods.client_secret_basic.app.secret ?? ''),
    )
    const tokens = await signIn(configuration, new Person(account, service), { resource: ORDERS })
    t.match(decodeJwt(tokens.access_token), { aud: ORDERS, sub: account.id })
    const again = await refreshTokenGrant(configuration, tokens.refresh_token ?? '', {
      resource: ORDERS,
    })
    t.match(decodeJwt(again.access_token), { aud: ORDERS, sub: account.id })
  })

  t.test('pushes its request first (RFC 9126)', async (t) => {
    for (const [method, { app, authentication }] of Object.entries(methods)) {
      const configuration = await connect(app, authentication(app.secret ?? ''))
      const tokens = await signIn(
        configuration,
        new Person(account, service),
        {},
        buildAuthorizationUrlWithPAR,
      )
      t.equal(tokens.claims()?.sub, account.id, method)
    }
  })

  t.test('asks without a page, and again for the password', async (t) => {
    const { app, authentication } = methods.client_secret_basic
    const configuration = await connect(app, authentication(app.secret ?? ''))
    const person = new Person(account, service)
    const refusal = await signIn(configuration, person, { prompt: 'none' }).catch(identity)
    t.match(refusal, { error: 'login_required' })
    await signIn(configuration, person)
    const silent = await signIn(configuration, person, { prompt: 'none' })
    t.equal(silent.claims()?.sub, account.id)
    t.same(person.met, ['/login'])
    await signIn(configuration, person, { prompt: 'login' })
    t.same(person.met.slice(1), ['/step-up'])
    await signIn(configuration, person, { max_age: '0' })
    t.same(person.met.slice(2), ['/step-up'])
  })

  t.test('gives its grant up', async (t) => {
    const { app, authentication } = methods.client_secret_basic
    const configuration = await connect(app, authentication(app.secret ?? ''))
    const tokens = await signIn(configuration, new Person(account, service))
    await tokenRevocation(configuration, tokens.refresh_token ?? '')
    const refusal = await refreshTokenGrant(configuration, tokens.refresh_token ?? '').catch(
      identity,
    )
    t.match(refusal, { error: 'invalid_grant' })
  })
})

const identity = (error: unknown): unknown => error
