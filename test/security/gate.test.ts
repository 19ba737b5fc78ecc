import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { Browser } from '../support/browser.js'
import { MINUTE } from '../support/clock.js'
import {
  newSubject,
  type OpenProvider,
  startWithOpenProviders,
  type Subject,
} from '../support/identity-provider.js'
import { AuthenticatorApp, withTotp } from '../support/factors.js'
import { ACCEPT, newInviter } from '../support/invitations.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM } from '../support/mail-sign-in.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { jarOf, submit } from '../support/pages.js'
import { addPasskey, assertionOf, newPasskey, PASSKEY_SIGN_IN } from '../support/passkeys.js'
import { type Route, withRoutes } from '../support/routes.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const SOURCES = join(import.meta.dirname, '../../src')

/** An answer, or what a browser made of one. */
interface Got {
  readonly status: number
  readonly text: string
  readonly cookies: readonly string[]
}

/** The last step of a way in: all before it has been taken. */
type LastStep = () => Promise<Got>

interface World {
  /** Opens sessions before an address is proved. */
  readonly lax: Service
  /** The same tables, with EMAIL_VERIFICATION=required. */
  readonly strict: Service
  /** The same again, where each account has to have a second factor. */
  readonly forced: Service
  readonly providers: Readonly<Record<'north' | 'south', OpenProvider>>
}

interface Prepared {
  /** Id of the account that the last step leads to. */
  readonly userId: string
  readonly enter: LastStep
}

interface Way {
  readonly route: string
  readonly by: string
  /** 0 where a session goes on that has passed the gate before. */
  readonly opens: 0 | 1
  /** For one who may enter. */
  readonly active: (world: World) => Promise<LastStep>
  /** For one who may be disabled before the last step. */
  readonly disabled: (world: World) => Promise<Prepared>
  /** For one whose address must be proved first, and is not. */
  readonly unproved: (world: World) => Promise<LastStep>
}

t.test('every route that can end in a session passes the gate', async (t) => {
  const { app, routes } = await withRoutes(() =>
    startService(t, { env: { ...optionalRoutes(), ...MAIL } }),
  )
  const world = await startWorld(t)

  t.test('no file but the sign-in gate’s opens a session or delivers tokens', async (t) => {
    t.same(callsOf(/[sS]essions\??\.open\b/g), { 'sign-in/sign-in.ts': 1 })
    // A new call is a new way, which belongs in WAYS as well.
    t.same(callsOf(/\.completeSignIn\b/g), {
      'pages/sign-in/page.tsx': 1,
      'sign-in/forced-enrolment.ts': 1,
      'sign-in/invitation-acceptance.ts': 1,
      'sign-in/mail-sign-in.ts': 4,
      'sign-in/passkey-sign-in.ts': 1,
      'sign-in/second-step.ts': 1,
      'sign-in/sign-in.ts': 1,
      'sign-in/verification.ts': 1,
      'social/entrance.ts': 1,
    })
    t.same(callsOf(/\.deliverTokens\b/g), {
      'pages/enrolment/page.tsx': 1,
      'pages/invitation/page.tsx': 1,
      'pages/mail-sign-in/page.tsx': 1,
      'pages/second-step/page.tsx': 1,
      'pages/sign-in/page.tsx': 4,
      'pages/step-up/page.tsx': 1,
      'pages/verify/page.tsx': 1,
      'sessions/current.ts': 1,
      'sessions/token-routes.ts': 1,
      'sign-in/factor-routes.ts': 4,
      'sign-in/invitation-routes.ts': 1,
      'sign-in/mail-routes.ts': 1,
      'sign-in/passkey-routes.ts': 1,
      'sign-in/routes.ts': 1,
      'sign-in/verification-routes.ts': 1,
      'social/ending.ts': 1,
    })
  })

  t.test(
    'every route that opens a session or a stranger may use is known to the test of the gate',
    async (t) => {
      const ways = new Set(WAYS.map(({ route }) => route))
      const giving = routes.filter(hasRefreshToken).map(nameOf)
      t.ok(giving.length > 3)
      for (const route of giving) t.ok(ways.has(route), `${route} answers with a refresh token`)
      const names = new Set(routes.map(nameOf))
      for (const route of ways) t.ok(names.has(route), `${route} exists`)
      const open: string[] = []
      for (const route of routes.filter(mayOpen))
        if (await isForStrangers(app, route)) open.push(nameOf(route))
      const known = [...ways].filter((route) => route !== DASHBOARD)
      t.same([...new Set(open)].sort(), [...known, ...OPENS_NOTHING].sort())
    },
  )

  for (const { route, by, opens, active, disabled, unproved } of WAYS) {
    t.test(`the gate of sign-in at ${route}, by ${by}`, async (t) => {
      const { lax } = world
      const entered = await sessionsAfter(world, await active(world))
      t.equal(entered.more, opens, 'one who may enter does')
      t.ok(hasTokens(entered.got), 'with tokens')
      t.equal(entered.signIns.length, opens, 'which the log has (ASVS V16.3.1)')
      for (const line of entered.signIns) {
        const who = { userId: String, sessionId: String, method: String, ip: String }
        t.match(line, who, 'with who and how')
      }

      const { userId, enter } = await disabled(world)
      await lax.services.users.store.change(userId, { status: 'disabled' })
      const refused = await sessionsAfter(world, enter)
      const ends = opens === 0 ? -1 : 0
      t.equal(refused.more, ends, 'a disabled user gets no session, and keeps none')
      t.notOk(hasTokens(refused.got), 'and no tokens')
      t.same(refused.signIns, [], 'nor does the log say so')

      const held = await sessionsAfter(world, await unproved(world))
      t.equal(held.more, 0, 'no session before the address is proved')
      if (opens > 0) t.notOk(hasTokens(held.got), 'and no tokens')
    })
  }
})

/** A page of an account renews a session whose access cookie has expired. */
const DASHBOARD = 'GET /dashboard'

/** What strangers may use besides the ways in, and what takes a credential other than a session. */
const OPENS_NOTHING: readonly string[] = [
  'GET /api/auth/acme',
  'POST /api/apikeys/leaked',
  'POST /api/auth/email/undo',
  'POST /api/auth/email/verification/disown',
  'POST /api/auth/factors/removal/cancel',
  'POST /api/auth/login/email',
  'POST /api/auth/login/enrolment/passkeys/options',
  'POST /api/auth/login/enrolment/totp',
  'POST /api/auth/login/passkey/options',
  'POST /api/auth/password/check',
  'POST /api/auth/password/forgot',
  'POST /api/auth/password/reset',
  'POST /api/auth/register',
  'POST /forgot',
  'POST /keep-factors',
  'POST /login/address',
  'POST /login/email',
  'POST /login/enrolment/passkeys/options',
  'POST /login/enrolment/totp',
  'POST /login/readdress',
  'POST /logout',
  'POST /oauth/authorize',
  'POST /oauth/introspect',
  'POST /oauth/logout',
  'POST /oauth/par',
  'POST /oauth/revoke',
  'POST /oauth/token',
  'POST /oauth/userinfo',
  'POST /reset',
  'POST /undo',
  'POST /verify/disown',
]

const member = async (service: Service): Promise<Account> => {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  return account
}

const toGot = (answer: Awaited<ReturnType<Service['post']>>): Got => ({
  status: answer.status,
  text: answer.text,
  cookies: Object.keys(jarOf(answer)),
})

const credentials = ({ email, password }: Account) => ({ email, password })

/** A way that begins alike for everyone: with an account, at one of the services. */
const alike = (
  prepare: (service: Service, account: Account, lax: Service) => Promise<LastStep>,
): Pick<Way, 'active' | 'disabled' | 'unproved'> => ({
  active: async ({ lax }) => prepare(lax, await member(lax), lax),
  disabled: async ({ lax }) => {
    const account = await member(lax)
    return { userId: account.id, enter: await prepare(lax, account, lax) }
  },
  unproved: async ({ lax, strict }) => prepare(strict, await lax.signUp(), lax),
})

/**
 * An invitation makes the account, with a proved address. Who has one already gets no other by it.
 */
function invited(
  accept: (service: Service, ticket: string, password: string) => ReturnType<Service['post']>,
): Pick<Way, 'active' | 'disabled' | 'unproved'> {
  const acceptAt = async (service: Service, email = newAccount().email) => {
    const { ticket } = await (await newInviter(service)).invite({ email })
    return async () => toGot(await accept(service, ticket, newAccount().password))
  }
  const taken = async (service: Service) => {
    const { email } = newAccount()
    const enter = await acceptAt(service, email)
    return { userId: (await service.signUp({ email })).id, enter }
  }
  return {
    active: ({ lax }) => acceptAt(lax),
    disabled: ({ lax }) => taken(lax),
    unproved: async ({ strict }) => (await taken(strict)).enter,
  }
}

const openSession = async (service: Service, account: Account) => {
  const { refreshToken } = await service.signIn(account)
  return refreshToken
}

/** A registration that waits for its proof. */
async function register(service: Service) {
  const account = newAccount()
  service.clock.advance(MINUTE)
  const sent = await submit(service, '/register', credentials(account))
  const { code } = await lastMail(service, account.email)
  return { account, code, cookies: jarOf(sent) }
}

/** The mail that proves the address of an account with a session. */
async function askForProof(lax: Service, account: Account) {
  lax.clock.advance(MINUTE)
  const { accessToken: token } = await lax.signIn(account)
  const { body } = await lax.post('/api/auth/email/verification', undefined, { token })
  const { code } = await lastMail(lax, account.email)
  return { flow: body.flow as string, code }
}

/** Someone comes from the provider whose address an account holds that has not proved it. */
async function asked({ lax, providers }: World, person: Subject) {
  const browser = new Browser(lax)
  await providers.north.signIn(browser, person)
  return browser.cookies()
}

const free = (service: Service, cookies: Record<string, string>) => async () =>
  toGot(await submit(service, '/login/free', {}, { cookies }))

/** A person with the question open in two browsers, who has answered it in one. */
async function freedOnce(world: World) {
  const { lax } = world
  const squatter = await lax.signUp()
  const person = { ...newSubject(), email: squatter.email }
  const first = await asked(world, person)
  const second = await asked(world, person)
  await free(lax, first)()
  const user = await lax.services.users.find(squatter.email)
  return { userId: user?.id ?? '', second }
}

const comeBy = (service: Service, provider: OpenProvider, person: Subject) => async () => {
  const browser = new Browser(service)
  const { status, text } = await provider.signIn(browser, person)
  return { status, text, cookies: Object.keys(browser.cookies()) }
}

/** Someone who has come from a provider before. */
async function visitor({ lax, providers }: World) {
  const person = newSubject()
  await providers.north.signIn(new Browser(lax), person)
  const user = await lax.services.users.find(person.email)
  return { userId: user?.id ?? '', enter: comeBy(lax, providers.north, person) }
}

const FACTOR_SIGN_IN = '/api/auth/login/factor'
const ENROLMENT = '/api/auth/login/enrolment'

/** Begins a sign-in that needs a second factor. @returns its ticket. */
async function beginSecond(lax: Service, { email, password }: Account): Promise<string> {
  const { body } = await lax.post('/api/auth/login', { email, password })
  return body.ticket as string
}

/** The account of a sign-in that may do nothing but set up a second factor, by the code of a mail. */
const enrolling = (
  prepare: (forced: Service, account: Account) => Promise<LastStep>,
): Pick<Way, 'active' | 'disabled' | 'unproved'> => {
  const begin = async ({ lax, forced }: World) => {
    const account = await member(lax)
    return { userId: account.id, enter: await prepare(forced, account) }
  }
  return {
    active: async (world) => (await begin(world)).enter,
    disabled: begin,
    unproved: async (world) => {
      const { userId, enter } = await begin(world)
      await unproveAddress(world.lax, userId)
      return enter
    },
  }
}

/** @returns the ticket of such a sign-in. */
async function beginEnrolment(forced: Service, { email }: Account): Promise<string> {
  const { body } = await forced.post(CONFIRM, byCode(await askToSignIn(forced, email)))
  return body.ticket as string
}

/** @returns the cookies of a browser in which it was begun on pages. */
async function beginEnrolmentOnPages(forced: Service, { email }: Account) {
  forced.clock.advance(MINUTE)
  const asked = jarOf(await submit(forced, '/login/email', { email }))
  const { code } = await lastMail(forced, email)
  return jarOf(await submit(forced, '/login/email/confirm', { code }, { cookies: asked }))
}

const WAYS: readonly Way[] = [
  {
    route: `POST ${FACTOR_SIGN_IN}`,
    by: 'a second factor',
    opens: 1,
    ...alike(async (service, account, lax) => {
      const { app } = await withTotp(lax, account)
      const ticket = await beginSecond(lax, account)
      return async () => toGot(await service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() }))
    }),
  },
  {
    route: 'POST /login/factor',
    by: 'a second factor',
    opens: 1,
    ...alike(async (service, account, lax) => {
      const { app } = await withTotp(lax, account)
      const cookies = jarOf(await submit(lax, '/login', credentials(account)))
      return async () =>
        toGot(await submit(service, '/login/factor', { totp: app.code() }, { cookies }))
    }),
  },
  {
    route: `POST ${ENROLMENT}/totp/confirm`,
    by: 'setting up a second factor',
    opens: 1,
    ...enrolling(async (forced, account) => {
      const ticket = await beginEnrolment(forced, account)
      const { body } = await forced.post(`${ENROLMENT}/totp`, { ticket })
      const code = new AuthenticatorApp(forced, body.secret as string).code()
      return async () => toGot(await forced.post(`${ENROLMENT}/totp/confirm`, { ticket, code }))
    }),
  },
  {
    route: 'POST /login/enrolment/totp/confirm',
    by: 'setting up a second factor',
    opens: 1,
    ...enrolling(async (forced, account) => {
      const cookies = await beginEnrolmentOnPages(forced, account)
      await submit(forced, '/login/enrolment/totp', {}, { cookies })
      const { text } = await forced.get('/login/enrolment/totp', { cookies })
      const [, secret = ''] = />([A-Z2-7 ]{32,})</.exec(text) ?? []
      const code = new AuthenticatorApp(forced, secret.replaceAll(' ', '')).code()
      return async () =>
        toGot(await submit(forced, '/login/enrolment/totp/confirm', { code }, { cookies }))
    }),
  },
  {
    route: `POST ${ENROLMENT}/passkeys`,
    by: 'setting up a passkey',
    opens: 1,
    ...enrolling(async (forced, account) => {
      const ticket = await beginEnrolment(forced, account)
      const { body } = await forced.post(`${ENROLMENT}/passkeys/options`, { ticket })
      const attestation = newPasskey(forced).create(body)
      return async () => toGot(await forced.post(`${ENROLMENT}/passkeys`, { ticket, attestation }))
    }),
  },
  {
    route: 'POST /login/enrolment/passkeys',
    by: 'setting up a passkey on pages',
    opens: 1,
    ...enrolling(async (forced, account) => {
      const cookies = await beginEnrolmentOnPages(forced, account)
      const page = '/login/enrolment/passkeys'
      const { body } = await forced.post(`${page}/options`, undefined, {
        cookies,
        headers: { origin: forced.config.issuer },
      })
      const attestation = JSON.stringify(newPasskey(forced).create(body))
      return async () => toGot(await submit(forced, page, { attestation }, { cookies }))
    }),
  },
  {
    route: 'POST /login/passkey',
    by: 'passkey on pages',
    opens: 1,
    ...alike(async (service, account, lax) => {
      const { accessToken } = await lax.signIn(account)
      const passkey = newPasskey(lax)
      await addPasskey(lax, accessToken, passkey)
      const assertion = JSON.stringify(await assertionOf(lax, passkey))
      return async () => toGot(await submit(service, '/login/passkey', { assertion }))
    }),
  },
  {
    route: `POST ${PASSKEY_SIGN_IN}`,
    by: 'passkey',
    opens: 1,
    ...alike(async (service, account, lax) => {
      const { accessToken } = await lax.signIn(account)
      const passkey = newPasskey(lax)
      await addPasskey(lax, accessToken, passkey)
      const assertion = await assertionOf(lax, passkey)
      return async () => toGot(await service.post(PASSKEY_SIGN_IN, { assertion }))
    }),
  },
  {
    route: 'POST /api/auth/login',
    by: 'password',
    opens: 1,
    ...alike(
      async (service, account) => async () =>
        toGot(await service.post('/api/auth/login', credentials(account))),
    ),
  },
  {
    route: 'POST /login',
    by: 'password',
    opens: 1,
    ...alike(
      async (service, account) => async () =>
        toGot(await submit(service, '/login', credentials(account))),
    ),
  },
  {
    route: 'POST /register',
    by: 'the password of an account that the same form has made',
    opens: 1,
    ...alike(
      async (service, account) => async () =>
        toGot(await submit(service, '/register', credentials(account))),
    ),
  },
  {
    route: 'POST /register',
    by: 'making an account',
    opens: 1,
    ...alike(
      async (service, account) => async () =>
        toGot(await submit(service, '/register', credentials(account))),
    ),
    active:
      async ({ lax }) =>
      async () =>
        toGot(await submit(lax, '/register', credentials(newAccount()))),
    unproved:
      async ({ strict }) =>
      async () =>
        toGot(await submit(strict, '/register', credentials(newAccount()))),
  },
  {
    route: `POST ${CONFIRM}`,
    by: 'mail',
    opens: 1,
    ...alike(async (service, { email }) => {
      const mail = await askToSignIn(service, email)
      return async () => toGot(await service.post(CONFIRM, byCode(mail)))
    }),
  },
  {
    route: 'POST /login/email/confirm',
    by: 'mail',
    opens: 1,
    ...alike(async (service, { email }) => {
      service.clock.advance(MINUTE)
      const cookies = jarOf(await submit(service, '/login/email', { email }))
      const { code } = await lastMail(service, email)
      return async () => toGot(await submit(service, '/login/email/confirm', { code }, { cookies }))
    }),
  },
  {
    route: 'POST /api/auth/email/verification/confirm',
    by: 'the proof of a registration',
    opens: 1,
    ...alike(async (service, account, lax) => {
      const proof = await askForProof(lax, account)
      return async () => toGot(await service.post('/api/auth/email/verification/confirm', proof))
    }),
    active: async ({ strict }) => {
      const { email, password } = newAccount()
      strict.clock.advance(MINUTE)
      const { body } = await strict.post('/api/auth/register', { email, password })
      const { code } = await lastMail(strict, email)
      const proof = { flow: body.flow as string, code }
      return async () => toGot(await strict.post('/api/auth/email/verification/confirm', proof))
    },
    disabled: async ({ lax }) => {
      const account = await lax.signUp()
      const proof = await askForProof(lax, account)
      return {
        userId: account.id,
        enter: async () => toGot(await lax.post('/api/auth/email/verification/confirm', proof)),
      }
    },
  },
  {
    route: `POST ${ACCEPT}`,
    by: 'an invitation',
    opens: 1,
    ...invited((service, ticket, password) => service.post(ACCEPT, { ticket, password })),
  },
  {
    route: 'POST /invitation',
    by: 'an invitation',
    opens: 1,
    ...invited((service, ticket, password) => submit(service, '/invitation', { ticket, password })),
  },
  {
    route: 'POST /verify',
    by: 'the proof of a registration',
    opens: 1,
    active: async ({ strict }) => {
      const { code, cookies } = await register(strict)
      return async () => toGot(await submit(strict, '/verify', { code }, { cookies }))
    },
    disabled: async ({ lax }) => {
      const account = await lax.signUp()
      await askForProof(lax, account)
      const { secret: ticket } = await lastMail(lax, account.email)
      const fields = { ticket, password: account.password }
      return { userId: account.id, enter: async () => toGot(await submit(lax, '/verify', fields)) }
    },
    unproved: async ({ lax, strict }) => {
      const account = await lax.signUp()
      await askForProof(lax, account)
      const { secret: ticket } = await lastMail(lax, account.email)
      const fields = { ticket, password: account.password }
      return async () => toGot(await submit(strict, '/verify', fields))
    },
  },
  {
    route: 'GET /api/auth/acme/callback',
    by: 'provider',
    opens: 1,
    active: async (world) => (await visitor(world)).enter,
    disabled: visitor,
    unproved: async ({ strict, providers }) => comeBy(strict, providers.south, newSubject()),
  },
  {
    route: 'POST /login/free',
    by: 'provider, after a question',
    opens: 1,
    active: async (world) => {
      const { email } = await world.lax.signUp()
      return free(world.lax, await asked(world, { ...newSubject(), email }))
    },
    disabled: async (world) => {
      const { userId, second } = await freedOnce(world)
      return { userId, enter: free(world.lax, second) }
    },
    unproved: async (world) => {
      const { userId, second } = await freedOnce(world)
      await unproveAddress(world.lax, userId)
      return free(world.strict, second)
    },
  },
  {
    route: 'POST /api/auth/refresh',
    by: 'refresh',
    opens: 0,
    ...alike(async (service, account, lax) => {
      const refreshToken = await openSession(lax, account)
      return async () => toGot(await service.post('/api/auth/refresh', { refreshToken }))
    }),
  },
  {
    route: DASHBOARD,
    by: 'refresh',
    opens: 0,
    ...alike(async (service, account, lax) => {
      const refreshToken = await openSession(lax, account)
      const cookies = { [REFRESH_COOKIE]: refreshToken }
      return async () => toGot(await service.get('/dashboard', { cookies }))
    }),
  },
]

async function startWorld(t: Parameters<typeof startService>[0]): Promise<World> {
  const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'], MAIL)
  const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}') as Record<string, object>
  const provesNothing = { ...settings, south: { ...settings.south, domains: [] } }
  const strict = await startService(t, {
    beside: service,
    env: {
      ...MAIL,
      EMAIL_VERIFICATION: 'required',
      OAUTH_PROVIDERS: JSON.stringify(provesNothing),
    },
  })
  const forced = await startService(t, {
    beside: service,
    env: { ...MAIL, EMAIL_VERIFICATION: 'required', SECOND_FACTOR: 'required' },
  })
  return { lax: service, strict, forced, providers }
}

async function unproveAddress({ client, config }: Service, userId: string): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${userId}` },
      UpdateExpression: 'REMOVE emailVerified',
    }),
  )
}

async function sessionsAfter(world: World, enter: LastStep) {
  const { lax } = world
  const logged = new Set(signInsOf(world))
  const before = await countSessions(lax)
  const got = await enter()
  const more = (await countSessions(lax)) - before
  return { got, more, signIns: signInsOf(world).filter((line) => !logged.has(line)) }
}

/** What the log has of sign-ins, of all instances. A last step is at one of them. */
const signInsOf = ({ lax, strict, forced }: World) =>
  [lax, strict, forced].flatMap((service) => service.events('authn_login_success'))

async function countSessions({ client, config }: Service): Promise<number> {
  const scan = { TableName: config.tables.refreshTokens, ConsistentRead: true }
  const { Count = 0 } = await client.send(new ScanCommand({ ...scan, Select: 'COUNT' }))
  return Count
}

const hasTokens = ({ text, cookies }: Got): boolean =>
  text.includes('"refreshToken"') || cookies.includes(ACCESS_COOKIE)

/** How often each file below `src/` has it, without comments. */
function callsOf(call: RegExp): Record<string, number> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
  const counted = files.map((file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8').replaceAll(/^ *(\/\/|\/?\*).*$/gm, '')
    return [file, [...text.matchAll(call)].length] as const
  })
  return Object.fromEntries(counted.filter(([, times]) => times > 0))
}

const nameOf = ({ method, url }: Pick<Route, 'method' | 'url'>): string => `${method} ${url}`

function hasRefreshToken({ schema }: Route): boolean {
  const { 200: ok, 201: made } = (schema?.response ?? {}) as Record<number, unknown>
  return JSON.stringify([ok, made]).includes('"refreshToken"')
}

/** Anyone's link opens a page; what one does is in its forms, and in what other sites send people back to. */
const mayOpen = ({ method, url }: Route): boolean =>
  method === 'GET' ? url.startsWith('/api/auth/') : !['HEAD', 'OPTIONS'].includes(method)

const ASKS_FOR_ANOTHER = ['ACCESS_TOKEN_REQUIRED', 'API_KEY_REQUIRED']

/** Whether a route looks at what a caller without a session sends. */
async function isForStrangers(service: Service, { method, url }: Route): Promise<boolean> {
  const isForm = !url.startsWith('/api/')
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
  const path = url.replaceAll(/:\w+/g, 'x')
  const { headers, body } = await service.call(method, path, {
    headers: {
      origin: service.config.issuer,
      ...(method !== 'GET' && { 'content-type': type }),
    },
    ...(method !== 'GET' && { body: isForm ? '' : {} }),
  })
  const { location = '' } = headers
  const isSentToSignIn = /^\/login($|\?returnTo=)/.test(String(location))
  return !isSentToSignIn && !ASKS_FOR_ANOTHER.includes(String(body?.code))
}
