import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { answeredTo, encode, newApp, requestOf, returnToOf } from '../support/authorization.js'
import { HOUR } from '../support/clock.js'
import { type Answer, ISSUER, type Service, startService } from '../support/service.js'
import { Tab } from '../support/tab.js'

const RESOURCES = JSON.stringify({
  'https://orders.example.com': {
    name: 'Orders API',
    scopes: { 'orders:read': ['user', 'admin'], 'orders:write': ['user', 'admin'] },
  },
})
const FOREIGN = { isFirstParty: false, name: 'Shop & Co' }
const WISH = { scope: 'openid email orders:read offline_access' }

const start = (t: Parameters<typeof startService>[0]) => startService(t, { env: { RESOURCES } })

/** A person who is signed in. */
async function personIn(service: Service) {
  const account = await service.signUp()
  const tab = new Tab(service)
  const { email, password } = account
  await tab.send('/login', { email, password })
  return { account, tab }
}

/** What an app asks in a tab, as a path. */
const asking = (...of: Parameters<typeof requestOf>) =>
  `/oauth/authorize?${encode(requestOf(...of))}`

/** Goes to the page that asks. @returns its path, and what it shows. */
async function ask(tab: Tab, path: string) {
  const answer = await tab.open(path)
  const { location } = answer.headers
  return { path: String(location), page: await tab.follow(answer), returnTo: returnToOf(answer) }
}

const policyOf = ({ headers }: Answer) =>
  /form-action ([^;]*)/.exec(String(headers['content-security-policy']))?.[1]

t.test('the consent page says who asks for what, and in whose name', async (t) => {
  const service = await start(t)
  const { account, tab } = await personIn(service)
  const app = await newApp(service, { ...FOREIGN, redirectUris: ['https://shop.example.org/cb'] })
  const { path, page } = await ask(tab, asking(app, WISH))
  t.ok(path.startsWith('/consent?returnTo='))
  t.equal(page.status, 200)
  for (const words of [
    'Give Shop &amp; Co access?',
    '<strong class="place">shop.example.org</strong>',
    en['consent.scope.openid'],
    en['consent.scope.email'],
    en['consent.scope.offline_access'],
    'use Orders API in your name: <code>orders:read</code>',
    account.email,
    en['consent.other'],
  ]) {
    t.ok(page.text.includes(words), words)
  }
  t.notOk(page.text.includes(en['consent.scope.profile']), 'and nothing else')
  t.notOk(page.text.includes('orders:write'))
  t.equal(policyOf(page), "'self' https://shop.example.org")
  t.equal(page.headers['x-frame-options'], 'DENY')
})

t.test(
  'a yes on the consent page gives the app a code, and it does not ask for the same again',
  async (t) => {
    const service = await start(t)
    const { account, tab } = await personIn(service)
    const app = await newApp(service, FOREIGN)
    const { path } = await ask(tab, asking(app, WISH))
    const answer = await tab.send(path, { answer: 'yes', account: account.id })
    t.equal(answer.status, 303)
    t.match(answeredTo(answer), { code: /^[\w-]{64}$/, state: 'a state', iss: ISSUER })
    const given = { userId: account.id, clientId: app.clientId }
    t.match(service.events('consent_given'), [given])
    t.match(answeredTo(await tab.open(asking(app, WISH))), { code: String })
    const more = await tab.open(asking(app, { scope: 'openid profile' }))
    t.match(more.headers.location, /^\/consent/, 'what is new is asked for')
    const again = await tab.open(asking(app, { ...WISH, prompt: 'consent' }))
    t.match(again.headers.location, /^\/consent/, 'and so is all, where the app says so')

    const apps = await tab.open('/account/apps')
    for (const words of ['Shop &amp; Co', 'app.example.com', 'Orders API', 'orders:read']) {
      t.ok(apps.text.includes(words), words)
    }
    const gone = await tab.send('/account/apps/withdraw', { clientId: app.clientId })
    t.equal(gone.headers.location, '/account/apps?done=CONSENT_WITHDRAWN')
    t.ok((await tab.follow(gone)).text.includes(en['apps.none']))
    t.equal((await tab.send('/account/apps/withdraw', { clientId: app.clientId })).status, 303)
    t.match((await tab.open(asking(app, WISH))).headers.location, /^\/consent/)
  },
)

t.test('a no on the consent page gives the app access_denied', async (t) => {
  const service = await start(t)
  const { account, tab } = await personIn(service)
  const app = await newApp(service, FOREIGN)
  const { path } = await ask(tab, asking(app))
  const answer = await tab.send(path, { answer: 'no', account: account.id })
  t.equal(answer.status, 303)
  t.match(answeredTo(answer), { error: 'access_denied', state: 'a state', iss: ISSUER })
  t.notOk(answeredTo(answer).code)
  t.match((await tab.open(asking(app))).headers.location, /^\/consent/, 'and may ask again')
})

t.test(
  'an answer on the consent page is for the person who was asked, and for one request',
  async (t) => {
    const service = await start(t)
    const { account, tab } = await personIn(service)
    const app = await newApp(service, FOREIGN)
    const { path } = await ask(tab, asking(app))
    const other = await service.signUp()
    const { email, password } = other
    await new Tab(service, tab).send('/login', { email, password })
    const late = await tab.send(path, { answer: 'yes', account: account.id })
    t.equal(late.status, 200, 'another has signed in meanwhile')
    t.ok(late.text.includes(email), 'who is asked')

    t.equal((await tab.send(path, { account: other.id })).status, 200, 'no answer is no yes')
    const answer = await tab.send(path, { answer: 'yes', account: other.id })
    t.ok(answeredTo(answer).code)
    for (const again of [
      await tab.submit(path, { answer: 'yes', account: other.id }),
      await tab.follow(await tab.open(path)),
    ]) {
      t.equal(again.status, 400, 'sent again, or after the back button')
      t.ok(again.text.includes(en['problem.AUTHORIZATION_REQUEST_ENDED']))
    }

    const { path: old } = await ask(tab, asking(app, { scope: 'openid email' }))
    service.clock.advance(HOUR)
    t.equal((await tab.submit(old, { answer: 'yes', account: other.id })).status, 400, 'too late')
    for (const nowhere of [
      '/consent',
      '/consent?returnTo=/dashboard',
      `/consent?returnTo=//evil.example`,
    ]) {
      t.match(String((await tab.follow(await tab.open(nowhere))).status), /^(200|400)$/, nowhere)
    }
  },
)

t.test('no other site and no other browser answers the consent page', async (t) => {
  const service = await start(t)
  const { account, tab } = await personIn(service)
  const app = await newApp(service, FOREIGN)
  const { path } = await ask(tab, asking(app))
  const form = new URLSearchParams({ answer: 'yes', account: account.id }).toString()
  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[]) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const call = { cookies: tab.cookies, headers: { ...type, ...headers }, body: form }
    t.equal((await service.call('POST', path, call)).status, 403, JSON.stringify(headers))
  }
  const { tab: stranger, account: theirs } = await personIn(service)
  const stolen = await stranger.submit(path, { answer: 'yes', account: theirs.id })
  t.equal(stolen.status, 400, 'the request is of the browser that it began in')
  t.ok(answeredTo(await tab.send(path, { answer: 'yes', account: account.id })).code)
})

t.test(
  'a consent page whose session has ended leads to the sign-in and back to the question',
  async (t) => {
    const service = await start(t)
    const { account, tab } = await personIn(service)
    const app = await newApp(service, FOREIGN)
    const { path, returnTo } = await ask(tab, asking(app))
    await service.services.users.store.endSessions(account.id)
    const sent = await tab.send(path, { answer: 'yes', account: account.id })
    t.equal(returnToOf(sent), returnTo)
    t.match(sent.headers.location, /^\/login\?error=SESSION_ENDED&/)
    const { email, password } = account
    const back = await tab.submit('/login', { email, password, returnTo })
    t.ok(back.text.includes(en['consent.wants']))
  },
)

t.test('another account that signs in on the way to the consent page is asked', async (t) => {
  const service = await start(t)
  const { tab } = await personIn(service)
  const other = await service.signUp()
  const app = await newApp(service, FOREIGN)
  const { page, returnTo } = await ask(tab, asking(app))
  const [, link = ''] = /href="(\/login\?error[^"]*)"/.exec(page.text) ?? []
  const form = await tab.open(link.replaceAll('&amp;', '&'))
  t.equal(form.status, 200, 'the form is there, though a person is signed in')
  t.ok(form.text.includes(en['login.again']))
  const { email, password } = other
  t.ok((await tab.submit('/login', { email, password, returnTo })).text.includes(email))
})

t.test('the consent page says where an app on a device is, and asks each time', async (t) => {
  const service = await start(t)
  const { account, tab } = await personIn(service)
  const cases: readonly [uri: string, words: string, target: string][] = [
    ['http://127.0.0.1:3000/cb', '127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000/cb', '[::1]:3000', 'http:'],
    ['com.example.app:/cb', 'com.example.app:', 'com.example.app:'],
  ]
  for (const isFirstParty of [true, false]) {
    for (const [uri, words, target] of cases) {
      const app = await newApp(service, { isFirstParty, redirectUris: [uri] })
      for (const time of ['once', 'again']) {
        const { path, page } = await ask(tab, asking(app))
        t.ok(page.text.includes(`<strong class="place">${words}</strong>`), `${uri} ${time}`)
        t.equal(policyOf(page), `'self' ${target}`)
        const key = isFirstParty ? 'consent.own' : 'consent.foreign'
        t.ok(page.text.includes(en[key].replace('{service}', service.config.brand.name)))
        const answer = await tab.send(path, { answer: 'yes', account: account.id })
        t.ok(String(answer.headers.location).startsWith(`${uri}?`))
      }
    }
  }
  t.same((await service.services.users.store.findById(account.id))?.consents, undefined)
})
