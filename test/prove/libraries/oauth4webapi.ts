import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as oauth from 'oauth4webapi'
import t from 'tap'
import { newApp } from '../../support/code-flow.js'
import { startBehindTls } from '../../support/behind-tls.js'
import { Person } from '../../support/person.js'
import { ISSUER } from '../../support/service.js'
import { recordSecret } from '../../support/transcript.js'

t.test('a program on the person’s machine, by oauth4webapi (RFC 8252)', async (t) => {
  const { service, fetch } = await startBehindTls(t)
  const behindTls = { [oauth.customFetch]: fetch }
  const account = await service.signUp()
  const app = await newApp(service, {
    isPublic: true,
    isFirstParty: false,
    redirectUris: ['http://127.0.0.1/cb', 'com.example.app:/cb'],
  })
  const client: oauth.Client = { client_id: app.clientId }
  const issuer = new URL(ISSUER)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...behindTls })
  const as = await oauth.processDiscoveryResponse(issuer, found)

  /** Opens the browser, and listens for the answer. */
  async function signIn(person: Person, redirectUri: string, comesBack: Promise<URL>) {
    const verifier = oauth.generateRandomCodeVerifier()
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
    const start = new URL(as.authorization_endpoint ?? '')
    start.search = new URLSearchParams({
      client_id: app.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    }).toString()
    const end = await person.open(start.href, { until: (next) => !/^https?:/.test(next) })
    const back = end.location === undefined ? await comesBack : new URL(end.location)
    const parameters = oauth.validateAuthResponse(as, client, back, state)
    const answer = await oauth.authorizationCodeGrantRequest(
      ...([as, client, oauth.None(), parameters, redirectUri, verifier, behindTls] as const),
    )
    return processTokens(
      await oauth.processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      }),
    )
  }

  t.test('listens on a port that the system chose', async (t) => {
    const server = createServer((_request, response) => response.end('You can close this tab.'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb`
    const comesBack = once(server, 'request').then(
      ([request]) => new URL((request as { url: string }).url, redirectUri),
    )
    const person = new Person(account, service)
    const tokens = await signIn(person, redirectUri, comesBack)
    t.same(person.met, ['/login', '/consent'], 'consent is asked for')
    t.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, account.id)

    const answer = await oauth.userInfoRequest(as, client, tokens.access_token, behindTls)
    const told = await oauth.processUserInfoResponse(as, client, account.id, answer)
    t.match(told, { email: account.email })
    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(
        ...([as, client, oauth.None(), tokens.refresh_token ?? '', behindTls] as const),
      ),
    )
    processTokens(refreshed)
    t.not(refreshed.refresh_token, tokens.refresh_token)

    const revocation = await oauth.revocationRequest(
      ...([as, client, oauth.None(), refreshed.refresh_token ?? '', behindTls] as const),
    )
    await oauth.processRevocationResponse(revocation)
    const refusal = await oauth
      .processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(
          ...([as, client, oauth.None(), refreshed.refresh_token ?? '', behindTls] as const),
        ),
      )
      .catch((error: unknown) => error)
    t.match(refusal, { error: 'invalid_grant' })
  })

  t.test('has a scheme of its own', async (t) => {
    const person = new Person(account, service)
    const never = new Promise<URL>(() => undefined)
    const tokens = await signIn(person, 'com.example.app:/cb', never)
    t.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, account.id)
    await signIn(person, 'com.example.app:/cb', never)
    t.same(person.met, ['/login', '/consent', '/consent'], 'consent is asked for each time')
  })

  t.test('hears “no”', async (t) => {
    const person = new Person(account, service)
    const verifier = oauth.generateRandomCodeVerifier()
    const start = new URL(as.authorization_endpoint ?? '')
    start.search = new URLSearchParams({
      client_id: app.clientId,
      redirect_uri: 'com.example.app:/cb',
      response_type: 'code',
      scope: 'openid',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'a-state',
    }).toString()
    const { location = '' } = await person.open(start.href, {
      until: (next) => next.startsWith('com.example.app:'),
      choice: 'no',
    })
    try {
      oauth.validateAuthResponse(as, client, new URL(location), 'a-state')
      t.fail('no refusal')
    } catch (error) {
      t.match(error, { error: 'access_denied' })
    }
  })
})

function processTokens(tokens: oauth.TokenEndpointResponse): oauth.TokenEndpointResponse {
  recordSecret('token', tokens.access_token)
  recordSecret('token', tokens.refresh_token)
  return tokens
}
