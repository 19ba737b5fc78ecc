import t, { type Test } from 'tap'
import { encode } from '../support/authorization.js'
import type { Answering, Visit } from '../support/browser.js'
import {
  type App,
  askAs,
  authorization,
  codeFor,
  newApp,
  newPkce,
  redeem,
  refreshAs,
} from '../support/code-flow.js'
import { sharedEngine, temporaryFolder } from '../support/engine.js'
import { formsOf } from '../support/forms.js'
import { Person } from '../support/person.js'
import { type ServerProcess, startServer } from '../support/process.js'
import { type Answer, type Call, ISSUER, type Service, startService } from '../support/service.js'
import { tableVariables } from '../support/tables.js'
import { recordSecret } from '../support/transcript.js'

/** What a process answers at its port, as if it were at its issuer. */
const answeringAt = (url: string): Answering => ({
  async call(method: string, path: string, { headers, cookies = {}, token, body }: Call = {}) {
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`)
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(headers as Record<string, string>),
        ...(cookie.length > 0 && { cookie: cookie.join('; ') }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(typeof body === 'string' && { body }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    const found = isJson ? (JSON.parse(text) as Record<string, unknown>) : undefined
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      recordSecret('token', found?.[name])
    }
    const pairs = {
      ...Object.fromEntries(answer.headers),
      'set-cookie': answer.headers.getSetCookie(),
    }
    return { status: answer.status, headers: pairs, text, body: found, cookies: [] }
  },
})

/** Two processes on one database and one key ring: one serves, until it is killed and the other does. */
async function startPair(t: Test, { config }: Service) {
  const dataDir = temporaryFolder()
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: (await sharedEngine()).endpoint,
    ISSUER,
    RATE_LIMIT_PER_ADDRESS: '100000',
    // A lost answer is asked for again when the next process has started, which takes seconds on a busy machine.
    REFRESH_GRACE_SECONDS: '60',
    ...tableVariables(config.tables),
  }
  const start = () => {
    const started = startServer(t, { dataDir, env })
    // The last one is killed while it starts.
    started.catch(() => undefined)
    return started
  }
  let serving = await start()
  let waiting: Promise<ServerProcess> = start()
  return {
    current: () => answeringAt(serving.url),
    /** Waits until the other one could take over at once. */
    async ready(): Promise<void> {
      await waiting
    },
    /** @returns the one that is left; a third takes its place. */
    async killed(): Promise<Answering> {
      const next = await waiting
      await serving.kill('SIGKILL')
      serving = next
      waiting = start()
      return answeringAt(serving.url)
    },
  }
}

/** A service whose tables the processes share, an app there that asks for consent, and a person. */
async function startWorld(t: Test) {
  const service = await startService(t)
  const app = await newApp(service, { isFirstParty: false })
  const person = new Person(await service.signUp())
  return { pair: await startPair(t, service), app, person }
}

const { pair, app, person } = await startWorld(t)

const verdict = ({ status, body }: Answer): string =>
  status === 200 ? '200' : `${status} ${body?.error}`

t.test(
  'a sign-in goes on at another process, whichever step the last one died after',
  async (t) => {
    const { browser } = person
    const next = async () => {
      const answering = await pair.killed()
      browser.moveTo(answering)
      return answering
    }
    browser.moveTo(pair.current())
    const go = (visit: Visit) => browser.visit(String(visit.location), { headers: NAVIGATION })

    const pkce = newPkce()
    const pushed = await askAs(pair.current(), app, '/oauth/par', authorization(app, pkce))
    t.equal(pushed.status, 201, 'pushed')
    await next()
    const query = encode({ client_id: app.clientId, request_uri: pushed.body.request_uri })
    let visit = await browser.visit(`${ISSUER}/oauth/authorize?${query}`, { headers: NAVIGATION })
    t.match(visit.location, '/login?', 'asked')
    await next()
    visit = await go(visit)
    t.equal(visit.status, 200, 'shown the page of sign-in')
    await next()
    visit = await person.send(visit, mainForm(visit), {
      email: person.account.email,
      password: person.account.password,
    })
    t.match(visit.location, '/oauth/authorize?request_uri=', 'signed in')
    await next()
    visit = await go(visit)
    t.match(visit.location, '/consent?', 'asked for consent')
    await next()
    visit = await go(visit)
    t.equal(visit.status, 200, 'shown the question')
    await next()
    const form = mainForm(visit)
    visit = await person.send(
      visit,
      form,
      {},
      form.buttons.find(({ isMain }) => isMain),
    )
    const code = new URL(String(visit.location)).searchParams.get('code') ?? ''
    t.ok(code, 'agreed')
    const exchanged = await redeem(await next(), app, { code, verifier: pkce.verifier })
    t.equal(verdict(exchanged), '200', 'exchanged')
    const first = String(exchanged.body.refresh_token)
    const refreshed = await refreshAs(await next(), app, first)
    t.equal(verdict(refreshed), '200', 'refreshed')
    const repeated = await refreshAs(await next(), app, first)
    t.equal(
      repeated.body.refresh_token,
      refreshed.body.refresh_token,
      'and again: the answer was lost',
    )
    const token = String(repeated.body.access_token)
    const userinfo = () => pair.current().call('GET', '/oauth/userinfo', { token })
    t.match(await userinfo(), { status: 200, body: { sub: person.account.id } })

    visit = await browser.visit(`${ISSUER}/oauth/logout`, { headers: NAVIGATION })
    await next()
    const logout = mainForm(visit)
    visit = await person.send(visit, logout, {}, logout.buttons[0])
    t.match(visit.location, '/login', 'signed out')
    const late = await refreshAs(pair.current(), app, String(repeated.body.refresh_token))
    t.equal(verdict(late), '400 invalid_grant', 'and so is the app')
    t.equal((await userinfo()).status, 401)
  },
)

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }

function mainForm(visit: Visit) {
  const form = formsOf(visit).find(
    ({ names, buttons }) => names.includes('password') || buttons.some(({ isMain }) => isMain),
  )
  if (!form) throw new Error(`no form at ${visit.url}: ${visit.status}`)
  return form
}

/** How long a request has been on its way when the process dies, milliseconds. */
const DELAYS = [0, 15]

t.test('a process that dies in the middle of an answer', async (t) => {
  const isAlive = async (answering: Answering, of: App, token: string) =>
    verdict(await refreshAs(answering, of, token)) === '200'
  const cut = async (send: (answering: Answering) => Promise<Answer>, delay: number) => {
    // A start may take longer than a spent token is good for its successor.
    await pair.ready()
    const sent = send(pair.current()).then(verdict, () => 'cut')
    await new Promise((resolve) => setTimeout(resolve, delay))
    const answering = await pair.killed()
    return { answering, first: await sent, again: await send(answering) }
  }
  person.browser.moveTo(pair.current())
  for (const delay of DELAYS) {
    person.browser.moveTo(pair.current())
    const redeemable = await codeFor(person, app)
    const exchange = await cut((answering) => redeem(answering, app, redeemable), delay)
    // Of two requests that were sent one may be late, and none makes a second session.
    const seen = `${exchange.first}, then ${verdict(exchange.again)}`
    t.match(
      seen,
      /^(cut, then (200|400 invalid_grant)|200, then 400 invalid_grant)$/,
      `${delay} ms`,
    )

    person.browser.moveTo(exchange.answering)
    const fresh = await redeem(exchange.answering, app, await codeFor(person, app))
    t.equal(verdict(fresh), '200', 'a new sign-in is one click')
    const token = String(fresh.body.refresh_token)
    const refresh = await cut((answering) => refreshAs(answering, app, token), delay)
    t.equal(verdict(refresh.again), '200', `${delay} ms: a refresh can be repeated`)
    t.ok(await isAlive(refresh.answering, app, String(refresh.again.body.refresh_token)))
  }
})
