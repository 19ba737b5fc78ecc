import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import {
  newSubject,
  providersEnvironment,
  startWithOpenProviders,
} from '../support/identity-provider.js'
import { ISSUER, type Service, startService } from '../support/service.js'
import { answerWith, begin, settingsOf, startStandIn } from '../support/stand-in.js'

const APP = 'https://app.example.com'
const FLOW_COOKIE = /^__Host-latchkey_oauth_[\w-]{22}$/

const start = (service: Service, returnTo: string) =>
  service.get(`/api/auth/north?returnTo=${encodeURIComponent(returnTo.toWellFormed())}`)

/** None of these is a place of ours, though somebody's parser may think so. */
const NEAR_MISSES = [
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '\\evil.example',
  '/\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  ' /dashboard',
  '/dashboard ',
  '/dash\tboard',
  '/dashboard\n',
  '/dashboard\u0000',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:\\\\evil.example',
  'https://evil.example',
  'http://evil.example',
  'HTTPS://app.example.com/',
  'https://APP.example.com/',
  'https://good@evil.example',
  `${ISSUER}@evil.example`,
  `${ISSUER}.evil.example`,
  `${ISSUER}:443@evil.example/`,
  `${ISSUER}\\@evil.example`,
  `${ISSUER}%2f@evil.example`,
  `${ISSUER}/dashboard`,
  `${APP}@evil.example/`,
  `${APP}.evil.example/`,
  `${APP}:8443/`,
  `${APP}\\.evil.example/`,
  `${APP}/../..//evil.example`,
  'https://user@app.example.com/',
  'https://user:pass@app.example.com/',
  'https://app.example.com',
  'http://app.example.com/',
  'https://app。example.com/',
  'https://app．example.com/',
  'https://app.example.com／evil',
  'https://аpp.example.com/',
  '／／evil.example',
  '/%2f/evil.example',
  '/%2f%2fevil.example',
  '/%2F%2Fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/%09/evil.example',
  '/%0d%0aset-cookie:a=b',
  '/%252f%252fevil.example',
  '/%25%32%66evil.example',
  '%2f%2fevil.example',
  '%68ttps://evil.example',
  '/./dashboard',
  '/../dashboard',
  '/a/../dashboard',
  '/%2e%2e/dashboard',
  '/.//evil.example',
  'dashboard',
  '?next=//evil.example',
  '#//evil.example',
  '.',
  '..',
  '',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript://app.example.com/%0aalert(1)',
  'data:text/html,evil',
  'blob:https://app.example.com/x',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://app.example.com/',
  'mailto:evil@evil.example',
  'x',
  '/'.padEnd(513, 'a'),
  '/dashboardä',
  '/api/auth/north',
  '/api/auth/north?link=true',
  '/API/auth/logout',
  '/oauth/token',
  '/.well-known/jwks.json',
]

t.test(
  'OA-2 V10.4.1 CVE-2026-28512 openauth#299 GHSA-86j7-9j95-vpqj a provider’s returnTo',
  async (t) => {
    const { service, providers } = await trustingService(t)

    t.test(
      'a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
      async (t) => {
        for (const returnTo of NEAR_MISSES) {
          const { status, body, cookies, headers } = await start(service, returnTo)
          t.match(
            { status, code: body?.code, cookies, location: headers.location },
            { status: 400, code: 'RETURN_TO_INVALID', cookies: [], location: undefined },
            JSON.stringify(returnTo),
          )
        }
        t.same(providers.north.standIn.heard, [], 'nobody has asked the provider for anything')
        const twice = await service.get('/api/auth/north?returnTo=/a&returnTo=//evil.example')
        t.match(twice, { status: 400, body: { code: 'VALIDATION_FAILED' }, cookies: [] })
      },
    )

    t.test(
      'a sign-in at a provider takes another returnTo only where a browser would stay with us',
      async (t) => {
        const letters = fc.constantFrom(
          '/',
          '\\',
          ':',
          '@',
          '.',
          '%',
          '2',
          'f',
          '?',
          '#',
          '\t',
          'a',
          'é',
        )
        const tails = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''))
        const heads = fc.constantFrom('', '/', '//', 'https:', 'https://', ISSUER, APP, `${APP}/`)
        const strings = fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 40 }),
          fc.tuple(heads, tails).map((parts) => parts.join('')),
        )
        let taken = 0
        await fc.assert(
          fc.asyncProperty(strings, async (returnTo) => {
            const { status } = await start(service, returnTo)
            if (status === 400) return true
            taken++
            const { protocol, origin } = new URL(returnTo, ISSUER)
            return status === 302 && protocol === 'https:' && [ISSUER, APP].includes(origin)
          }),
          { seed: 20300101, numRuns: 100 },
        )
        t.ok(taken > 0, `${taken} were taken`)
      },
    )

    t.test(
      'a sign-in at a provider ends exactly at the returnTo that it was asked for',
      async (t) => {
        const places = [
          '/dashboard',
          '/orders/17?tab=2&q=a%20b#x',
          '/',
          `${APP}/`,
          `${APP}/cart?id=1#top`,
        ]
        for (const place of places) {
          const browser = new Browser(service)
          const query = `?returnTo=${encodeURIComponent(place)}`
          const visit = await providers.north.signIn(browser, newSubject(), query)
          t.equal(visit.headers.get('location'), place)
        }
      },
    )
  },
)

/** A service that trusts an app of another origin, and its one provider. */
async function trustingService(t: Parameters<typeof startService>[0]) {
  const { service, providers, env } = await startWithOpenProviders(t, ['north'])
  const trusting = await startService(t, { beside: service, env: { ...env, CORS_ORIGINS: APP } })
  return { service: trusting, providers }
}

t.test('the authorization request to a provider', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north } = providers
  const requests = await Promise.all(
    Array.from({ length: 20 }, async () => (await begin(new Browser(service), 'north')).query),
  )
  const distinct = (name: string) => new Set(requests.map((query) => query.get(name))).size

  t.test('OA-7 OA-1 a provider is asked for a code, at its exact redirect URI', async (t) => {
    const [query] = requests
    t.same([...(query?.keys() ?? [])].sort(), [
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ])
    t.equal(query?.get('response_type'), 'code')
    t.equal(query?.get('client_id'), north.standIn.clientId)
    t.equal(query?.get('scope'), 'openid email profile')
    t.equal(query?.get('redirect_uri'), `${ISSUER}/api/auth/north/callback`)
    const { query: other } = await begin(new Browser(service), 'south')
    t.equal(other.get('redirect_uri'), `${ISSUER}/api/auth/south/callback`)
  })

  t.test(
    'OA-5 V10.4.6 CVE-2023-31999 V10.2.1 the request to a provider is unlike any other',
    async (t) => {
      for (const name of ['state', 'nonce', 'code_challenge']) t.equal(distinct(name), 20, name)
      for (const query of requests) {
        t.equal(query.get('code_challenge_method'), 'S256')
        for (const name of ['state', 'nonce', 'code_challenge']) {
          t.match(query.get(name), /^[\w-]{43}$/, `${name} has 256 bits`)
        }
      }
    },
  )

  t.test(
    'OA-12 OA-13 OA-15 the request to a provider is a 302 that nobody keeps, frames or is told of',
    async (t) => {
      const browser = new Browser(service)
      const { visit } = await begin(browser, 'north', '', OWN_PAGE)
      const callback = await browser.visit('/api/auth/north/callback?error=access_denied')
      for (const { status, headers } of [visit, callback]) {
        t.equal(status, 302)
        t.equal(headers.get('cache-control'), 'no-store')
        t.equal(headers.get('referrer-policy'), 'no-referrer')
        t.match(headers.get('content-security-policy'), /frame-ancestors 'none'/)
        t.equal(headers.get('x-frame-options'), 'DENY')
      }
    },
  )

  t.test(
    'OA-3 V10.1.2 the request to a provider is bound to the browser by a short-lived cookie',
    async (t) => {
      const { visit, query } = await begin(new Browser(service), 'north')
      const [line = '', ...others] = visit.headers.getSetCookie()
      t.same(others, [])
      const [pair = '', ...attributes] = line.split('; ')
      const [name = '', value = ''] = pair.split('=')
      t.match(name, FLOW_COOKIE)
      t.same(attributes, ['Max-Age=600', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      for (const part of ['state', 'nonce']) {
        t.notOk(value.includes(query.get(part) ?? ''), `the ${part} can't be read from it`)
      }
    },
  )
})

t.test('the token request to a provider', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { standIn } = providers.north
  const browser = new Browser(service)
  const callback = await providers.north.walk(browser, newSubject())
  const arrived = await browser.visit(callback)
  const request = standIn.heard.find(({ path }) => path === '/token')

  t.test(
    'PK-1 OA-5 OA-6 V10.4.6 the token request to a provider carries the challenge’s verifier',
    async (t) => {
      const verifier = request?.form.get('code_verifier') ?? ''
      t.match(verifier, /^[\w.~-]{43,128}$/)
      const other = new Browser(service)
      const begun = await begin(other, 'north')
      answerWith(standIn, undefined)
      await other.visit(begun.callback({ code: 'a-code' }))
      const sent = standIn.heard
        .findLast(({ path }) => path === '/token')
        ?.form.get('code_verifier')
      const challenge = createHash('sha256').update(`${sent}`).digest('base64url')
      t.equal(begun.query.get('code_challenge'), challenge)
      t.match(sent, /^[\w.~-]{43,128}$/)
      t.not(sent, verifier)
    },
  )

  t.test(
    'OA-6 the request to a provider is not talked out of S256 by what the provider says it can',
    async (t) => {
      const metadata = { code_challenge_methods_supported: ['plain'] }
      const weak = await startStandIn(t, { metadata })
      const env = providersEnvironment({ north: settingsOf(weak) })
      const { query } = await begin(new Browser(await startService(t, { env })), 'north')
      t.equal(query.get('code_challenge_method'), 'S256')
      t.match(query.get('code_challenge'), /^[\w-]{43}$/)
    },
  )

  t.test(
    'V10.4.10 OA-1 the token request to a provider has client secret and redirect URI again',
    async (t) => {
      const { clientId, clientSecret } = standIn
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
      t.equal(request?.method, 'POST')
      t.equal(request?.headers.authorization, `Basic ${basic}`)
      t.equal(request?.form.get('grant_type'), 'authorization_code')
      t.equal(request?.form.get('redirect_uri'), `${ISSUER}/api/auth/north/callback`)
      t.notOk(request?.form.has('client_secret'), 'the secret goes one way, not two')
    },
  )

  t.test(
    'V10.4.10 the token request to a provider has the secret in the body where only that is taken',
    async (t) => {
      const poster = await startStandIn(t, {
        metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] },
      })
      const env = providersEnvironment({ north: settingsOf(poster) })
      const service = await startService(t, { env })
      const browser = new Browser(service)
      const begun = await begin(browser, 'north')
      answerWith(poster, undefined)
      await browser.visit(begun.callback({ code: 'a-code' }))
      const sent = poster.heard.find(({ path }) => path === '/token')
      t.equal(sent?.form.get('client_id'), poster.clientId)
      t.equal(sent?.form.get('client_secret'), poster.clientSecret)
      t.equal(sent?.headers.authorization, undefined)
    },
  )

  t.test('V10.1.1 TE-1 the token request leaves no token of the provider behind', async (t) => {
    t.equal(arrived.headers.get('location'), '/dashboard')
    t.equal(arrived.headers.get('pragma'), 'no-cache')
    t.equal(arrived.text, '')
    t.same(Object.keys(browser.cookies()).sort(), [
      '__Host-latchkey_access',
      '__Host-latchkey_device',
      '__Host-latchkey_refresh',
    ])
  })
})

t.test('F27 a parameter of a provider’s callback that is there twice is refused', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  for (const name of ['code', 'state', 'error', 'iss']) {
    const answer = await service.get(`/api/auth/north/callback?${name}=a&${name}=b`)
    t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' }, cookies: [] }, name)
  }
})

t.test('OA-16 no answer of a provider ever comes over http', async (t) => {
  for (const issuer of ['http://auth.example.com', 'http://192.0.2.1']) {
    t.throws(() => loadConfig({ ISSUER: issuer }), /ISSUER: must be an https:\/\/ URL/)
  }
  t.equal(loadConfig({ ISSUER: 'http://127.0.0.1:3000' }).issuer, 'http://127.0.0.1:3000')
})

t.test('OA-14 what a proxy may have said changes no redirect to a provider', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  const lie = {
    host: 'evil.example',
    forwarded: 'host=evil.example;proto=http',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  }
  const { query } = await begin(new Browser(service), 'north', '', lie)
  t.equal(query.get('redirect_uri'), `${ISSUER}/api/auth/north/callback`)
})

t.test('OA-11 OAuth discovery names no password grant, and no implicit one', async (t) => {
  const service = await startService(t)
  const { body } = await service.get('/.well-known/openid-configuration')
  const grants = ['authorization_code', 'refresh_token', 'client_credentials']
  t.same(body.grant_types_supported, grants)
  t.same(body.response_types_supported, ['code'])
  t.same(body.code_challenge_methods_supported, ['S256'])
})
