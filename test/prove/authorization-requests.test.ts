import t from 'tap'
import { encode, type Asked } from '../support/authorization.js'
import { askAs, authorization, codeFor, newApp, newPkce } from '../support/code-flow.js'
import { formsOf } from '../support/forms.js'
import { HOSTILE_REDIRECTS } from '../support/hostile-redirects.js'
import { lookalikes, REGISTERED } from '../support/lookalike-redirects.js'
import { Person } from '../support/person.js'
import { ORDERS, RESOURCES } from '../support/resources.js'
import { type Answer, ISSUER, type Service, startService } from '../support/service.js'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const FROM_ELSEWHERE = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  accept: 'text/html',
}

/** A page of ours: no redirect, and nothing of the request to click on. */
function isOwnPage({ status, headers, text }: Answer): boolean {
  const links = [...text.matchAll(/(?:href|action|src|content)="([^"]*)"/g)].map(
    ([, to = '']) => to,
  )
  const isHarmless = links.every(
    (to) =>
      !/evil|javascript|^\w+:(?!\/\/auth\.example\.com)/i.test(to) || /^(width|light)/.test(to),
  )
  return (
    status === 400 &&
    headers.location === undefined &&
    headers.refresh === undefined &&
    String(headers['content-type']).startsWith('text/html') &&
    isHarmless
  )
}

/** Each way in which a browser brings a request, signed in and not. */
const doors = (service: Service, cookies: Readonly<Record<string, string>>) => ({
  GET: (parameters: Asked) =>
    service.get(`/oauth/authorize?${encode(parameters)}`, { headers: FROM_ELSEWHERE }),
  'GET, signed in': (parameters: Asked) =>
    service.get(`/oauth/authorize?${encode(parameters)}`, { headers: FROM_ELSEWHERE, cookies }),
  'POST, signed in': (parameters: Asked) =>
    service.call('POST', '/oauth/authorize', {
      headers: { ...FROM_ELSEWHERE, ...FORM, origin: 'https://evil.example' },
      cookies,
      body: encode(parameters),
    }),
})

t.test('nothing is redirected before client and redirect URI are proved', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const app = await newApp(service, { redirectUris: [...REGISTERED] })
  const other = await newApp(service, { redirectUris: ['https://other.example.com/cb'] })
  const person = new Person(await service.signUp(), service)
  await codeFor(person, app)
  const ways = doors(service, person.browser.cookies())
  const good = authorization(app, newPkce())

  t.test('for each hostile redirect URI', async (t) => {
    const hostile = [...new Set([...lookalikes, ...HOSTILE_REDIRECTS])]
    t.ok(hostile.length > 200, `${hostile.length} of them`)
    for (const redirect_uri of hostile) {
      for (const [door, send] of Object.entries(ways)) {
        const answer = await send({ ...good, redirect_uri })
        const fault = isOwnPage(answer)
          ? undefined
          : `${answer.status} ${String(answer.headers.location)}`
        if (fault !== undefined) t.fail(`${door} ${JSON.stringify(redirect_uri)}: ${fault}`)
      }
      const pushed = await askAs(service, app, '/oauth/par', { ...good, redirect_uri })
      if (pushed.status !== 400) t.fail(`PAR ${JSON.stringify(redirect_uri)}: ${pushed.status}`)
    }
  })

  t.test('for clients that are none, or not one', async (t) => {
    const faults: Record<string, Asked> = {
      'no client': { client_id: undefined },
      'an empty one': { client_id: '' },
      'an unknown one': { client_id: 'app_AAAAAAAAAAAAAAAAAAAAAA' },
      'one that is no id': { client_id: '../clients' },
      'Latchkey itself': { client_id: 'latchkey' },
      'two, the same': { client_id: [app.clientId, app.clientId] },
      'two, another': { client_id: [app.clientId, other.clientId] },
      'the redirect URI of another client': { redirect_uri: other.redirectUri },
      'no redirect URI': { redirect_uri: undefined },
      'two, the first a good one': { redirect_uri: [app.redirectUri, 'https://evil.example/cb'] },
      'two, the last a good one': { redirect_uri: ['https://evil.example/cb', app.redirectUri] },
      'a scope of a megabyte, by a stranger': {
        client_id: 'unknown',
        scope: 'x'.repeat(1_000_000),
      },
    }
    // Whatever else is wrong comes after: none of it redirects.
    const further: Record<string, Asked> = {
      'and nothing else': {},
      'prompt none': { prompt: 'none' },
      'another response type': { response_type: 'token' },
      'a request object': { request: 'eyJhbGciOiJub25lIn0.e30.' },
      'a request URI': { request_uri: 'https://evil.example/request' },
      'another response mode': { response_mode: 'fragment' },
      'no PKCE': { code_challenge: undefined, code_challenge_method: undefined },
      'an unknown API': { resource: 'https://unknown.example' },
    }
    for (const [fault, wrong] of Object.entries(faults)) {
      for (const [more, beside] of Object.entries(further)) {
        for (const [door, send] of Object.entries(ways)) {
          const answer = await send({ ...good, ...beside, ...wrong })
          const isRefused =
            isOwnPage(answer) ||
            ([413, 414, 431].includes(answer.status) && !answer.headers.location)
          if (!isRefused)
            t.fail(
              `${door}: ${fault}, ${more}: ${answer.status} ${String(answer.headers.location)}`,
            )
        }
      }
    }
  })

  t.test('and of loopback, the port alone may be another', async (t) => {
    for (const redirect_uri of ['http://127.0.0.1:49152/cb', 'http://[::1]:1/cb']) {
      const answer = await ways['GET, signed in']({ ...good, redirect_uri, prompt: 'none' })
      t.match(answer, {
        status: 303,
        headers: { location: new RegExp(`^${escape(redirect_uri)}\\?`) },
      })
    }
  })
})

const escape = (text: string) => text.replace(/[.[\]/]/g, '\\$&')

t.test('a fault that the app may hear goes to the app', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const app = await newApp(service)
  const person = new Person(await service.signUp(), service)
  await codeFor(person, app)
  const ways = doors(service, person.browser.cookies())
  const good = authorization(app, newPkce())
  const faults: [name: string, parameters: Asked, error: string][] = [
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['implicit', { response_type: 'token' }, 'unsupported_response_type'],
    ['hybrid', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['an empty challenge', { code_challenge: '' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'a'.repeat(42) }, 'invalid_request'],
    ['a long challenge', { code_challenge: 'a'.repeat(44) }, 'invalid_request'],
    ['two challenges', { code_challenge: ['a'.repeat(43), 'b'.repeat(43)] }, 'invalid_request'],
    ['no method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['two scopes', { scope: ['openid', 'email'] }, 'invalid_request'],
    ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [
      'a request URI',
      { request_uri: 'https://evil.example/r' },
      '(request_uri_not_supported|invalid_request|invalid_request_uri)',
    ],
    ['an unknown API', { resource: 'https://unknown.example' }, 'invalid_target'],
    ['an API with a fragment', { resource: `${ORDERS}#x` }, 'invalid_target'],
    ['Latchkey as an API', { resource: 'latchkey' }, 'invalid_target'],
    ['none and more', { prompt: 'none login' }, 'invalid_request'],
    ['an age that is none', { max_age: '-1' }, 'invalid_request'],
    [
      'another response mode',
      { response_mode: 'fragment' },
      '(invalid_request|unsupported_response_mode)',
    ],
  ]
  for (const [name, parameters, error] of faults) {
    const { GET, ...others } = ways
    for (const [door, send] of Object.entries({ GET, ...others })) {
      let answer = await send({ ...good, ...parameters })
      if (door.startsWith('POST') && String(answer.headers.location).startsWith('/')) {
        answer = await service.get(String(answer.headers.location), {
          cookies: { ...person.browser.cookies(), ...jar(answer) },
        })
      }
      const to = new URL(String(answer.headers.location), ISSUER)
      t.equal(answer.status, 303, `${door}: ${name}`)
      t.equal(to.origin + to.pathname, app.redirectUri, `${door}: ${name}`)
      t.match(to.searchParams.get('error'), new RegExp(`^${error}$`), `${door}: ${name}`)
      t.equal(to.searchParams.get('state'), 'a-state')
      t.equal(to.searchParams.get('iss'), ISSUER)
      t.notOk(to.searchParams.has('code'))
    }
    const pushed = await askAs(service, app, '/oauth/par', { ...good, ...parameters })
    t.equal(pushed.status, 400, `PAR: ${name}`)
  }
})

const jar = ({ cookies }: Answer) =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]))

t.test('a request that was parked', async (t) => {
  const service = await startService(t)
  const app = await newApp(service, { isFirstParty: false })
  const account = await service.signUp()
  const person = new Person(account, service)
  const start = `${ISSUER}/oauth/authorize?${encode(authorization(app, newPkce()))}`
  const atApp = (next: string) => next.startsWith('https://app.example.com/')

  // As far as the page that asks for consent.
  const asked = await person.open(start, { until: (next) => next.includes('/consent?') })
  const consentUrl = asked.location ?? ''
  const [requestUri] =
    /urn[%3A:a-z]+request_uri[%3A:]+[\w-]+/i.exec(decodeURIComponent(consentUrl)) ?? []
  t.ok(requestUri)
  const parked = `${ISSUER}/oauth/authorize?${encode({ request_uri: requestUri })}`

  t.test('is no one else’s', async (t) => {
    const thief = new Person(await service.signUp(), service)
    await thief.open(`${ISSUER}/login`)
    for (const url of [parked, consentUrl]) {
      const end = await thief.open(url, { until: atApp })
      t.equal(end.location, undefined)
      t.ok(
        end.status === 400 || end.status === 404 || new URL(end.url).pathname === '/login',
        `${end.status}`,
      )
    }
  })

  t.test('is spent with its code: reloads and the back button end on a page', async (t) => {
    const granted = await person.open(parked, { until: atApp })
    t.match(granted.location, /[?&]code=/)
    for (const url of [parked, consentUrl]) {
      const again = await person.open(url, { until: atApp })
      t.equal(again.location, undefined, url)
      t.equal(again.status, 400)
    }
  })

  t.test('can be sent twice by one click: one code', async (t) => {
    const query = encode(authorization(app, newPkce(), { prompt: 'consent' }))
    const page = await person.open(`${ISSUER}/oauth/authorize?${query}`, {
      until: (next) => next.includes('/consent?'),
    })
    const consent = await person.browser.visit(page.location ?? '')
    const [form] = formsOf(consent)
    const yes = form?.buttons.find(({ isMain }) => isMain)
    if (!form || !yes) throw new Error('no form')
    const ends = await Promise.all([1, 2].map(() => person.send(consent, form, {}, yes)))
    const codes = ends.filter(({ location }) => /[?&]code=/.test(location ?? ''))
    t.equal(codes.length, 1)
  })

  t.test('starts again from the app’s own link', async (t) => {
    const again = await person.open(start, { until: atApp })
    t.match(again.location, /[?&]code=/)
  })
})

t.test('a picture of another site signs no one out', async (t) => {
  const service = await startService(t)
  const app = await newApp(service)
  const person = new Person(await service.signUp(), service)
  await codeFor(person, app)
  const picture = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'image',
  }
  const urls = ['/oauth/logout', `/oauth/logout?client_id=${app.clientId}`]
  for (const url of urls) {
    for (const method of ['GET', 'POST']) {
      await service.call(method, url, { cookies: person.browser.cookies(), headers: picture })
    }
  }
  await service.call('POST', '/oauth/logout', {
    cookies: person.browser.cookies(),
    headers: { ...FORM, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    body: '',
  })
  person.met.length = 0
  await codeFor(person, app)
  t.same(person.met, [], 'the person is still signed in')
})
