import t from 'tap'
import { SIGN_IN_ERRORS } from '../../src/social/errors.js'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { HOUR, MINUTE, SECOND, testClock } from '../support/clock.js'
import {
  countAccounts,
  newSubject,
  providersEnvironment,
  startWithOpenProviders,
  writesSince,
} from '../support/identity-provider.js'
import { startProxy } from '../support/proxy.js'
import { type Service, startService } from '../support/service.js'
import {
  answerWith,
  begin,
  honestClaims,
  settingsOf,
  signIdToken,
  type StandIn,
  startStandIn,
} from '../support/stand-in.js'

const AWAY = '/login?error=PROVIDER_UNAVAILABLE'
const WRONG = '/login?error=PROVIDER_ERROR'
const OURS = '/login?error=TEMPORARILY_UNAVAILABLE'
const ARRIVED = '/dashboard'
const DISCOVERY = '/.well-known/openid-configuration'
/** For a provider that is known to hang: it binds the honest answers before that, too. */
const IMPATIENT = { OAUTH_TIMEOUT_MS: '1000' }

const asked = ({ heard }: StandIn, path: string): number =>
  heard.filter((request) => request.path === path).length

const start = (service: Service) => service.get('/api/auth/north')

/** Comes back from the provider. @returns where the browser is sent. */
async function comeBack(browser: Browser, callback: string): Promise<string> {
  return `${(await browser.visit(callback, { headers: OWN_PAGE })).headers.get('location')}`
}

t.test('a provider that is away when a flow begins', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const { standIn } = north
  await standIn.goAway()

  const program = await start(service)
  t.match(program, {
    status: 503,
    headers: { 'retry-after': '10' },
    body: { code: 'PROVIDER_UNAVAILABLE', error: 'The identity provider does not answer' },
    cookies: [],
  })
  t.match(service.events('dependency_failed'), [{ reason: 'PROVIDER_UNAVAILABLE' }])
  const person = await begin(new Browser(service), 'north', '', OWN_PAGE)
  t.equal(person.visit.status, 302)
  t.equal(person.visit.headers.get('location'), AWAY)
  t.match(service.events('authn_login_fail'), [
    { provider: 'north', reason: 'PROVIDER_UNAVAILABLE' },
  ])

  await standIn.comeBack()
  service.clock.advance(10 * SECOND)
  const arrived = await north.signIn(new Browser(service), newSubject())
  t.equal(arrived.headers.get('location'), ARRIVED, 'it works once the provider is back')
})

t.test('F32 a provider that is slow or broken', async (t) => {
  const clock = testClock()
  const service = await startService(t, { clock })
  const troubles = {
    'does not answer': 'hang',
    'has an error': { status: 500 },
    'is not available': { status: 503, body: 'soon' },
    'is asked too often': { status: 429 },
  } as const
  for (const [what, reaction] of Object.entries(troubles)) {
    for (const path of [DISCOVERY, '/token', '/jwks', '/userinfo']) {
      const honest = await startStandIn(t)
      const own = providersEnvironment({ north: settingsOf(honest) })
      const env = { ...own, ...(reaction === 'hang' && IMPATIENT) }
      const instance = await startService(t, { beside: service, env })
      const browser = new Browser(instance)
      if (path === DISCOVERY) {
        honest.react(DISCOVERY, () => reaction)
        t.match(await start(instance), { status: 503, cookies: [] }, `discovery ${what}`)
        continue
      }
      const begun = await begin(browser, 'north')
      answerWith(honest, await idTokenWithoutEmail(honest, begun.query.get('nonce') ?? '', clock()))
      honest.react(path, () => reaction)
      const before = instance.calls.length
      t.equal(await comeBack(browser, begun.callback({ code: 'a-code' })), AWAY, `${path} ${what}`)
      t.same(browser.cookies(), {})
      t.same(writesSince(instance, before), [])
    }
  }
})

/** Makes the service ask for the address, too. */
function idTokenWithoutEmail(standIn: StandIn, nonce: string, now: number) {
  return signIdToken(honestClaims(standIn, nonce, now), standIn.key)
}

t.test('a provider’s discovery is remembered, and outlives an outage', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { standIn } = providers.north
  const { clock } = service

  const starts = await Promise.all(Array.from({ length: 20 }, () => start(service)))
  t.ok(starts.every(({ status }) => status === 302))
  t.equal(asked(standIn, DISCOVERY), 1, 'twenty first flows ask once')
  clock.advance(HOUR - SECOND)
  await start(service)
  t.equal(asked(standIn, DISCOVERY), 1)
  clock.advance(SECOND)
  await start(service)
  t.equal(asked(standIn, DISCOVERY), 2, 'an hour later it is asked again')

  clock.advance(HOUR)
  standIn.react(DISCOVERY, () => ({ status: 500 }))
  for (let i = 0; i < 5; i++) t.equal((await start(service)).status, 302, 'the old one serves')
  t.equal(asked(standIn, DISCOVERY), 3, 'and a provider in trouble is asked once')
  clock.advance(10 * SECOND)
  t.equal((await start(service)).status, 302)
  t.equal(asked(standIn, DISCOVERY), 4, 'and ten seconds later again')
  clock.advance(24 * HOUR)
  for (let i = 0; i < 5; i++) {
    t.match(await start(service), { status: 503, body: { code: 'PROVIDER_UNAVAILABLE' } })
  }
  t.equal(asked(standIn, DISCOVERY), 5, 'one that is too old serves nobody, and is asked for once')
})

t.test('endpoints that a provider has moved are followed', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { standIn } = providers.north
  await start(service)
  standIn.react(DISCOVERY, () => ({
    body: {
      issuer: standIn.issuer,
      authorization_endpoint: `${standIn.origin}/v2/authorize?tenant=a`,
      token_endpoint: `${standIn.origin}/v2/token`,
      jwks_uri: `${standIn.origin}/jwks`,
    },
  }))
  service.clock.advance(HOUR)
  const browser = new Browser(service)
  const begun = await begin(browser, 'north')
  t.match(begun.visit.location, `${standIn.origin}/v2/authorize?tenant=a&response_type=code`)
  await browser.visit(begun.callback({ code: 'a-code' }))
  t.equal(asked(standIn, '/v2/token'), 1)
})

t.test('a provider’s JWKS is remembered, and outlives an outage', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const { standIn } = north
  const arrive = async () =>
    (await north.signIn(new Browser(service), newSubject())).headers.get('location')
  t.same([await arrive(), await arrive(), asked(standIn, '/jwks')], [ARRIVED, ARRIVED, 1])
  service.clock.advance(10 * MINUTE)
  t.same([await arrive(), asked(standIn, '/jwks')], [ARRIVED, 2])
  service.clock.advance(10 * MINUTE)
  standIn.react('/jwks', () => ({ status: 500 }))
  t.same([await arrive(), await arrive(), asked(standIn, '/jwks')], [ARRIVED, ARRIVED, 3])
})

t.test('a provider’s JWKS that is none is a wrong answer', async (t) => {
  const documents = [null, [], 'text', 12345, {}, { keys: {} }, { keys: [] }, '{"keys":[']
  for (const document of documents) {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { north } = providers
    const { standIn } = north
    standIn.react('/jwks', () => ({ body: document }))
    const browser = new Browser(service)
    const callback = await north.walk(browser, newSubject())
    t.equal(await comeBack(browser, callback), WRONG, JSON.stringify(document))
  }
})

t.test(
  'parameters of others at a provider’s start, and empty ones of the callback, change nothing',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { north } = providers
    for (const query of [
      '?utm_source=mail',
      '?fbclid=x&fbclid=y',
      '?returnTo=/dashboard&utm_medium=',
    ]) {
      const browser = new Browser(service)
      const callback = await north.walk(browser, newSubject(), query)
      t.equal(await comeBack(browser, `${callback}&error=&error_description=`), ARRIVED, query)
    }
    const wrong = await new Browser(service).visit('/api/auth/north?returnTo=//evil.example', {
      headers: OWN_PAGE,
    })
    t.equal(wrong.status, 400)
    t.match(wrong.text, /^<!doctype html>/, 'a person gets a page')
  },
)

t.test('what a provider answers instead of a code', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  const answers: [Record<string, string>, string][] = [
    [{ error: 'access_denied' }, '/login?error=ACCESS_DENIED'],
    [{ error: 'temporarily_unavailable' }, AWAY],
    [{ error: 'server_error' }, AWAY],
    [{ error: 'invalid_scope', error_description: 'no such scope' }, WRONG],
    [{ error: 'login_required', code: 'a-code' }, WRONG],
    [{ error: '' }, WRONG],
    [{}, WRONG],
    [{ code: '' }, WRONG],
  ]
  for (const [answer, landing] of answers) {
    const browser = new Browser(service)
    const begun = await begin(browser, 'north')
    t.equal(await comeBack(browser, begun.callback(answer)), landing, JSON.stringify(answer))
    t.same(browser.cookies(), {})
  }
  t.notMatch(service.logs.map((line) => JSON.stringify(line)).join(''), 'no such scope')
})

t.test('our own store is away during a provider’s flow', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const proxy = await startProxy(t)
  const { endpoint } = proxy
  const shaky = await startService(t, { beside: service, env, endpoint })

  t.test(
    'an outage during a provider’s flow costs another try, and leaves nothing half-written',
    async (t) => {
      const person = newSubject()
      const none = { users: 0, emails: 0, identities: 0 }
      const one = { users: 1, emails: 1, identities: 1 }
      const rows = [
        ['PutItem', 'tickets', none],
        ['TransactWriteItems', '', none],
        ['TransactWriteItems', 'refresh-tokens', one],
      ] as const
      for (const [failing, table, left] of rows) {
        const browser = new Browser(shaky)
        const callback = await north.walk(browser, person)
        proxy.decide(({ operation, body }) =>
          operation === failing && body.includes(table) ? 'fail' : 'pass',
        )
        t.equal(await comeBack(browser, callback), OURS, `${failing} ${table}`)
        proxy.decide(() => 'pass')
        t.notOk('__Host-latchkey_refresh' in browser.cookies(), 'nobody is signed in')
        t.same(await countAccounts(service), left, `${failing} leaves all or nothing`)
      }
      const browser = new Browser(shaky)
      t.equal((await north.signIn(browser, person)).headers.get('location'), ARRIVED)
      t.same(await countAccounts(service), one)
    },
  )

  t.test('a lost answer of the write that makes a provider’s account loses nothing', async (t) => {
    const before = await countAccounts(service)
    const browser = new Browser(shaky)
    const callback = await north.walk(browser, newSubject())
    let lost = 0
    proxy.decide(({ operation }) =>
      operation === 'TransactWriteItems' && lost++ === 0 ? 'lose-answer' : 'pass',
    )
    t.equal(await comeBack(browser, callback), ARRIVED)
    proxy.decide(() => 'pass')
    t.ok(lost > 1, 'it was sent again')
    const { users = 0, ...rest } = before
    t.same(await countAccounts(service), {
      users: users + 1,
      emails: (rest.emails ?? 0) + 1,
      identities: (rest.identities ?? 0) + 1,
    })
  })

  t.test(
    'a lost answer of the write that marks a provider’s flow as used stops nobody',
    async (t) => {
      const browser = new Browser(shaky)
      const callback = await north.walk(browser, newSubject())
      let lost = 0
      proxy.decide(({ body }) =>
        body.includes('social-flow#') && lost++ === 0 ? 'lose-answer' : 'pass',
      )
      t.equal(await comeBack(browser, callback), ARRIVED)
      proxy.decide(() => 'pass')
      t.ok(lost > 1, 'it was sent again')
    },
  )

  t.test(
    'a session that cannot be looked up at a provider’s callback signs no one in',
    async (t) => {
      const browser = new Browser(shaky)
      await north.signIn(browser, newSubject())
      proxy.decide(() => 'fail')
      const visit = await browser.visit('/api/auth/north?link=true', { headers: OWN_PAGE })
      t.equal(visit.headers.get('location'), OURS)
      proxy.decide(() => 'pass')
    },
  )
})

t.test('the start and callback of a provider that does not exist', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  for (const path of ['/api/auth/nobody', '/api/auth/nobody/callback', '/api/auth/NORTH']) {
    t.match(await service.get(path), { status: 404, body: { code: 'NOT_FOUND' } }, path)
  }
  const posted = await service.post('/api/auth/north', {})
  t.match(posted, { status: 405, headers: { allow: 'GET, HEAD' } })
  const posted2 = await service.post('/api/auth/north/callback', {})
  t.match(posted2, { status: 405, headers: { allow: 'GET, HEAD' } })
})

t.test(
  'CVE-2026-40155 fifty people who come from a provider at once each get their own session',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const people = Array.from({ length: 50 }, () => ({
      person: newSubject(),
      browser: new Browser(service),
    }))
    const callbacks = await Promise.all(
      people.map(({ browser, person }) => providers.north.walk(browser, person)),
    )
    await Promise.all(people.map(({ browser }, i) => browser.visit(callbacks[i] ?? '')))
    for (const { browser, person } of people) {
      const { body } = await service.get('/api/profile', {
        cookies: browser.cookies(),
        headers: { 'sec-fetch-site': 'same-origin' },
      })
      t.equal(body.user.email, person.email)
    }
    const logged = service.logs.map((line) => JSON.stringify(line)).join('\n')
    const { clientSecret } = providers.north.standIn
    for (const secret of [clientSecret, ...people.map(({ person }) => person.email)]) {
      t.notOk(logged.includes(secret), 'nothing of it is logged')
    }
  },
)

t.test('the sign-in page has a sentence for each error code of a provider’s flow', async (t) => {
  const service = await startService(t)
  const alertOf = async (error: string, language = 'en') => {
    const headers = { 'accept-language': language }
    const { text } = await service.get(`/login?error=${encodeURIComponent(error)}`, { headers })
    return /<p [^>]*role="alert"[^>]*>(.*?)<\/p>/.exec(text)?.[1]
  }
  for (const code of SIGN_IN_ERRORS) {
    t.equal(await alertOf(code), en[`error.${code}`], code)
    t.equal(await alertOf(code, 'de'), de[`error.${code}`], code)
  }
  const hostile = ['', 'NOPE', '<script>alert(1)</script>', '__proto__', 'constructor', 'toString']
  for (const code of hostile) t.equal(await alertOf(code), undefined, code)
})
