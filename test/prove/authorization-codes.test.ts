import t from 'tap'
import type { Asked } from '../support/authorization.js'
import {
  type App,
  type AppTokens,
  codeFor,
  newApp,
  newPkce,
  redeem,
  refreshAs,
  tokensFor,
} from '../support/code-flow.js'
import { SECOND } from '../support/clock.js'
import { startInstances } from '../support/instances.js'
import { Person } from '../support/person.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { type Answer, type Call, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { decodeJwt } from 'jose'
import { newAdmin } from '../support/keys.js'

const HOME: Call = { remoteAddress: '203.0.113.5', headers: { 'user-agent': 'app server' } }
const ELSEWHERE: Call = { remoteAddress: '198.51.100.7', headers: { 'user-agent': 'thief' } }

/** What an answer says, in one word. */
const verdict = ({ status, body }: Answer): string =>
  status === 200 ? '200' : `${status} ${body.error}`

async function isAlive(service: Service, app: App, tokens: AppTokens): Promise<boolean> {
  return (await refreshAs(service, app, tokens.refresh_token, {}, HOME)).status === 200
}

t.test('20 redemptions at once, over four instances: one gets tokens', async (t) => {
  const instances = await startInstances(t, 4)
  const [service] = instances
  const app = await newApp(service)
  const person = new Person(await service.signUp(), service)
  for (let round = 0; round < 5; round++) {
    const code = await codeFor(person, app)
    const answers = await parallel(20, (index) =>
      redeem(instances[index % 4] as Service, app, code, {}, HOME),
    )
    t.same(tally(answers.map(verdict)), { 200: 1, '400 invalid_grant': 19 })
    const tokens = answers.find(({ status }) => status === 200)?.body as AppTokens
    t.ok(await isAlive(service, app, tokens), 'and keeps them: apps send twice')
  }
})

t.test('50 refreshes at once, over four instances: each gets the one successor', async (t) => {
  const instances = await startInstances(t, 4)
  const [service] = instances
  for (const isPublic of [false, true]) {
    const app = await newApp(service, { isPublic })
    const person = new Person(await service.signUp(), service)
    let { refresh_token: token } = await tokensFor(service, person, app)
    for (let round = 0; round < 3; round++) {
      const answers = await parallel(50, (index) =>
        refreshAs(instances[index % 4] as Service, app, token, {}, HOME),
      )
      t.same(tally(answers.map(verdict)), { 200: 50 })
      const successors = new Set(answers.map(({ body }) => String(body.refresh_token)))
      t.equal(successors.size, 1)
      t.notOk(successors.has(token))
      token = [...successors][0] ?? ''
    }
  }
})

t.test('two APIs asked for at once with one token: one successor, two audiences', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const app = await newApp(service)
  const admin = await newAdmin(service)
  const person = new Person(admin.account, service)
  const code = await codeFor(person, app, { resource: [ORDERS, BILLING] })
  const tokens = (await redeem(service, app, code, { resource: ORDERS })).body as AppTokens
  const answers = await Promise.all(
    [ORDERS, BILLING].map((resource) =>
      refreshAs(service, app, tokens.refresh_token, { resource }, HOME),
    ),
  )
  t.same(
    answers.map(({ body }) => decodeJwt(String(body.access_token)).aud),
    [ORDERS, BILLING],
  )
  t.equal(new Set(answers.map(({ body }) => String(body.refresh_token))).size, 1)
})

t.test('a second redemption (RFC 6749 §4.1.2)', async (t) => {
  const service = await startService(t)
  const app = await newApp(service)
  const other = await newApp(service)
  const account = await service.signUp()
  const cases: Record<
    string,
    {
      readonly after: number
      readonly call?: Call
      readonly as?: App
      readonly more?: Asked
      readonly lives: boolean
      readonly gets?: string
    }
  > = {
    'after 10 ms, from the same origin': { after: 10, lives: true },
    'after 4.9 s, from the same origin': { after: 4900, lives: true },
    'after 6 s, from the same origin': { after: 6 * SECOND, lives: false },
    'after 10 ms, from elsewhere': { after: 10, call: ELSEWHERE, lives: false },
    'after 6 s, from elsewhere': { after: 6 * SECOND, call: ELSEWHERE, lives: false },
    'after 6 s, with a wrong verifier': {
      after: 6 * SECOND,
      more: { code_verifier: newPkce().verifier },
      lives: true,
    },
    'after 6 s, by another client': { after: 6 * SECOND, as: other, lives: true },
    'after 6 s, with a wrong secret': {
      after: 6 * SECOND,
      as: { ...app, secret: 'wrong' },
      lives: true,
      gets: '401 invalid_client',
    },
  }
  for (const [name, { after, call = HOME, as = app, more, lives, gets }] of Object.entries(cases)) {
    const person = new Person(account, service)
    const code = await codeFor(person, app)
    const first = await redeem(service, app, code, {}, HOME)
    t.equal(verdict(first), '200', name)
    service.clock.advance(after)
    const second = await redeem(service, as, code, more, call)
    t.equal(verdict(second), gets ?? '400 invalid_grant', name)
    t.equal(await isAlive(service, app, first.body), lives, `${name}: the session`)
  }
})

t.test('what spends a code at its first use', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const app = await newApp(service)
  const other = await newApp(service)
  const person = new Person(await service.signUp(), service)
  const wrong = newPkce().verifier
  const cases: Record<string, { as?: App; more?: Asked }> = {
    'a wrong verifier': { more: { code_verifier: wrong } },
    'a verifier with one letter more': { more: { code_verifier: `${wrong}x` } },
    'another client': { as: other },
    'another redirect URI': { more: { redirect_uri: `${app.redirectUri}/` } },
  }
  for (const [name, { as = app, more }] of Object.entries(cases)) {
    const code = await codeFor(person, app)
    t.equal(verdict(await redeem(service, as, code, more)), '400 invalid_grant', name)
    t.equal(verdict(await redeem(service, app, code)), '400 invalid_grant', `${name}: is spent`)
  }
})

t.test('what is refused, whatever else is right', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const app = await newApp(service)
  const person = new Person(await service.signUp(), service)
  const refusals: [name: string, more: Asked, verdict: RegExp][] = [
    ['no verifier', { code_verifier: undefined }, /^400 invalid_(grant|request)$/],
    ['an empty verifier', { code_verifier: '' }, /^400 invalid_(grant|request)$/],
    [
      'a verifier of 42 letters',
      { code_verifier: 'a'.repeat(42) },
      /^400 invalid_(grant|request)$/,
    ],
    ['one of 129', { code_verifier: 'a'.repeat(129) }, /^400 invalid_(grant|request)$/],
    ['one with a space', { code_verifier: ' '.repeat(43) }, /^400 invalid_(grant|request)$/],
    ['two verifiers', { code_verifier: ['a'.repeat(43), 'b'.repeat(43)] }, /^400 invalid_request$/],
    ['no redirect URI', { redirect_uri: undefined }, /^400 invalid_(grant|request)$/],
    ['an API that was not asked for', { resource: ORDERS }, /^400 invalid_target$/],
    ['two APIs', { resource: [ORDERS, BILLING] }, /^400 invalid_(target|request)$/],
    ['an unknown API', { resource: 'https://unknown.example' }, /^400 invalid_target$/],
    ['our own audience', { resource: 'latchkey' }, /^400 invalid_target$/],
    ['two codes', { code: ['a', 'b'] }, /^400 invalid_request$/],
    ['no code', { code: undefined }, /^400 invalid_(grant|request)$/],
    ['two grant types', { grant_type: ['authorization_code', 'x'] }, /^400 /],
  ]
  for (const [name, more, expected] of refusals) {
    const answer = await redeem(service, app, await codeFor(person, app), more)
    t.match(verdict(answer), expected, name)
    t.notMatch(answer.text, /token"/, name)
  }
})

t.test('a code works for a minute, and as long as its person and session do', async (t) => {
  const service = await startService(t)
  const app = await newApp(service)
  const account = await service.signUp()
  const person = new Person(account, service)
  for (const [wait, expected] of [
    [59_999, '200'],
    [60_000, '400 invalid_grant'],
  ] as const) {
    const code = await codeFor(person, app)
    service.clock.advance(wait)
    t.equal(verdict(await redeem(service, app, code)), expected, `${wait} ms`)
  }

  const logOut = async () => {
    const { accessToken } = await service.signIn(account)
    await service.call('DELETE', '/api/auth/sessions', { token: accessToken })
  }
  const disable = () => service.services.users.store.change(account.id, { status: 'disabled' })
  for (const [name, end] of Object.entries({ 'the session ends': logOut, disabled: disable })) {
    const code = await codeFor(new Person(account, service), app)
    await end()
    t.equal(verdict(await redeem(service, app, code)), '400 invalid_grant', name)
  }
})
