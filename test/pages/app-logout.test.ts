import t from 'tap'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { en } from '../../src/pages/texts/en.js'
import { newApp } from '../support/authorization.js'
import { MINUTE } from '../support/clock.js'
import { type App, tokensFor } from '../support/code-flow.js'
import { Person } from '../support/person.js'
import {
  type Account,
  type Answer,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { Tab } from '../support/tab.js'

const LOGOUT = '/oauth/logout'
const AFTER = 'https://app.example.com/bye?from=latchkey'
const CROSS_SITE = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function personIn(
  service: Service,
  { email, password }: Pick<Account, 'email' | 'password'>,
): Promise<Tab> {
  const tab = new Tab(service)
  await tab.send('/login', { email, password })
  return tab
}

const isSignedIn = async (tab: Tab) => (await tab.open('/dashboard')).status === 200

const policyOf = ({ headers }: Answer) =>
  /form-action ([^;]*)/.exec(String(headers['content-security-policy']))?.[1]

const wishOf = (clientId: string, more: Readonly<Record<string, string>> = {}) => ({
  client_id: clientId,
  post_logout_redirect_uri: AFTER,
  state: 'a&b',
  ...more,
})

const withQuery = (wish: Readonly<Record<string, string>>) =>
  `${LOGOUT}?${new URLSearchParams(wish).toString()}`

const start = async (t: Parameters<typeof startService>[0]) => {
  const service = await startService(t)
  const app = await newApp(service, { postLogoutRedirectUris: [AFTER] })
  const account = await service.signUp()
  return { service, app, account, tab: await personIn(service, account) }
}

/** What an app has got for a person. */
function tokensOf(service: Service, account: Account, client: AppClient) {
  const app: App = { ...client, secret: undefined, redirectUri: client.redirectUris[0] ?? '' }
  return tokensFor(service, new Person(account, service), app)
}

t.test(
  'on the page where an app asks to sign out, the button alone signs its person out',
  async (t) => {
    const { tab, app } = await start(t)
    const wish = wishOf(app.clientId)
    const page = await tab.open(withQuery(wish))
    t.equal(page.status, 200)
    t.ok(page.text.includes(en['appLogout.about'].replace('{app}', 'Orders')))
    for (const [name, value] of Object.entries(wish)) {
      t.ok(page.text.includes(`name="${name}" value="${value.replaceAll('&', '&amp;')}"`), name)
    }
    t.equal(policyOf(page), "'self' https://app.example.com")
    t.ok(await isSignedIn(tab), 'a page ends nothing')

    const answer = await tab.send(LOGOUT, { ...wish, answer: 'yes' })
    t.equal(answer.status, 303)
    t.equal(answer.headers.location, `${AFTER}&state=a%26b`)
    t.notOk(await isSignedIn(tab))
    const again = await tab.send(LOGOUT, { ...wish, answer: 'yes' })
    t.equal(again.headers.location, `${AFTER}&state=a%26b`, 'also for a person who is signed out')
  },
)

t.test('nothing of another site signs a person out by the app’s logout page', async (t) => {
  const { service, tab, app } = await start(t)
  const image = { accept: 'image/*', 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }
  t.equal((await tab.open(withQuery(wishOf(app.clientId, { answer: 'yes' })), image)).status, 200)
  t.ok(await isSignedIn(tab), 'an image')
  const body = new URLSearchParams(wishOf(app.clientId, { answer: 'yes' })).toString()
  for (const from of [CROSS_SITE, { origin: 'null' }, {}] as Record<string, string>[]) {
    const call = { cookies: tab.cookies, headers: { ...FORM, ...from }, body }
    const shown = await service.call('POST', LOGOUT, call)
    t.equal(shown.status, 200, 'a form of another site leads to the page')
    t.ok(shown.text.includes('name="answer"'))
    t.equal(policyOf(shown), "'self' https://app.example.com")
    t.ok(await isSignedIn(tab))
  }
  t.equal(service.events('authn_logout').length, 0)
})

t.test(
  'the app’s logout page leads on only to where the app is registered with, letter for letter',
  async (t) => {
    const { service, tab, app } = await start(t)
    const other = await newApp(service, { name: 'Other' })
    const wrong: Readonly<Record<string, Record<string, string>>> = {
      'another URI': wishOf(app.clientId, { post_logout_redirect_uri: `${AFTER}/` }),
      'other letters': wishOf(app.clientId, { post_logout_redirect_uri: AFTER.toUpperCase() }),
      'another app': wishOf(other.clientId),
      'no such app': wishOf('app_AAAAAAAAAAAAAAAAAAAAAA'),
      'a document that no one has read': wishOf('https://app.example.com/client.json'),
      'no app': { post_logout_redirect_uri: AFTER },
      'no URI': { client_id: app.clientId },
      'an app of ours as URI': wishOf(app.clientId, {
        post_logout_redirect_uri: 'javascript:alert(1)',
      }),
    }
    for (const [what, wish] of Object.entries(wrong)) {
      const page = await tab.open(withQuery(wish))
      t.match([page.status, policyOf(page)], [200, "'self'"], what)
      const answer = await new Tab(service).send(LOGOUT, { ...wish, answer: 'yes' })
      t.equal(answer.headers.location, '/login?done=SIGNED_OUT', what)
    }
    const twice = await tab.open(`${withQuery(wishOf(app.clientId))}&client_id=${app.clientId}`)
    t.equal(policyOf(twice), "'self'", 'what comes twice counts for nothing')
    const plain = await tab.open(LOGOUT)
    t.ok(plain.text.includes(en['logout.about']), 'and none of it is needed')
  },
)

t.test(
  'at the app’s logout page an ID token says which app asks (RP-Initiated Logout 1.0 §2)',
  async (t) => {
    const { service, app, account, tab } = await start(t)
    const { id_token: hint, access_token: token } = await tokensOf(service, account, app)
    const asked = { id_token_hint: hint, post_logout_redirect_uri: AFTER, state: 'a&b' }
    const isProved = async (wish: Readonly<Record<string, string>>) =>
      policyOf(await tab.open(withQuery(wish))) === "'self' https://app.example.com"

    t.test(
      'an ID token at the app’s logout page counts with or without its client id, and expired too',
      async (t) => {
        t.ok(await isProved(asked))
        t.ok(await isProved({ ...asked, client_id: app.clientId }))
        service.clock.advance(60 * MINUTE)
        t.ok(await isProved(asked))
      },
    )

    t.test(
      'an ID token at the app’s logout page counts not for another app, nor if we have not signed it',
      async (t) => {
        const other = await newApp(service, { name: 'Other', postLogoutRedirectUris: [AFTER] })
        const [head = '', body = ''] = hint.split('.')
        const wrong = {
          'another client id': { ...asked, client_id: other.clientId },
          'not signed': { ...asked, client_id: app.clientId, id_token_hint: `${head}.${body}.` },
          'not a token': { ...asked, client_id: app.clientId, id_token_hint: 'x' },
          'a URI of another app': {
            ...asked,
            post_logout_redirect_uri: 'https://app.example.com/',
          },
        }
        for (const [what, wish] of Object.entries(wrong)) {
          t.notOk(await isProved(wish), what)
          const answer = await new Tab(service).send(LOGOUT, { ...wish, answer: 'yes' })
          t.equal(answer.headers.location, '/login?done=SIGNED_OUT', what)
        }
        t.notOk(await isProved({ ...asked, id_token_hint: token }), 'no access token')
      },
    )

    t.test(
      'the app’s logout page asks whoever is signed in, also for another person',
      async (t) => {
        const other = await service.signUp(newAccount())
        const stranger = await personIn(service, other)
        const page = await stranger.open(withQuery(asked))
        t.match([page.status, page.text.includes(other.email)], [200, true], 'the page names them')
        t.ok(await isSignedIn(stranger), 'who stay signed in')
        t.ok(page.text.includes(`name="id_token_hint" value="${hint}"`), 'the form carries it on')
        const answer = await stranger.send(LOGOUT, { ...asked, answer: 'yes' })
        t.equal(answer.headers.location, `${AFTER}&state=a%26b`)
        t.notOk(await isSignedIn(stranger))
        t.ok(await isSignedIn(tab), 'and nothing happens to the person it names')
      },
    )
  },
)
