import t, { type Test } from 'tap'
import { DAY, HOUR, machineClock, MINUTE } from '../support/clock.js'
import { sharedEngine, temporaryFolder } from '../support/engine.js'
import {
  addTotp,
  AuthenticatorApp,
  CONFIRM_TOTP,
  FACTOR_SIGN_IN,
  proveFactors,
  signInWithFactor,
  ticketOf,
  ticketsFor,
  TOTP,
  withTotp,
} from '../support/factors.js'
import type { Reply } from '../support/http.js'
import { MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { type ServerProcess, startServer } from '../support/process.js'
import { startProxy } from '../support/proxy.js'
import {
  type Account,
  type Answer,
  ISSUER,
  type Service,
  startService,
} from '../support/service.js'
import { assertWhole, type Deed } from '../support/store-faults.js'
import { newTableNames, tableVariables } from '../support/tables.js'
import { parallel, tally } from '../support/tally.js'

const AT_ONCE = 50

const statuses = (answers: readonly Answer[]) => tally(answers.map(({ status }) => status))

t.test(`of ${AT_ONCE} sign-ins at once with one factor one gets in`, async (t) => {
  const services = await startInstances(t, 4)
  const service = services[0] as Service
  const { account, app, recoveryCodes } = await withTotp(service)
  const proofs = { totp: app.code(), 'recovery code': recoveryCodes[0] ?? '' }
  for (const [kind, code] of Object.entries(proofs)) {
    const tickets = await ticketsFor(service, account, AT_ONCE)
    const proof = kind === 'totp' ? { totp: code } : { recoveryCode: code }
    const answers = await parallel(AT_ONCE, (index) =>
      (services[index % 4] as Service).post(FACTOR_SIGN_IN, { ticket: tickets[index], ...proof }),
    )
    t.equal(statuses(answers)[200], 1, kind)
    service.clock.advance(HOUR)
  }
})

t.test('of 1,000 wrong codes over 200 tickets and 4 processes ten are compared', async (t) => {
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: (await sharedEngine()).endpoint,
    ISSUER,
    RATE_LIMIT_PER_ADDRESS: '100000',
    ...tableVariables(newTableNames()),
  }
  const dataDir = temporaryFolder()
  const servers = await parallel(4, () => startServer(t, { dataDir, env }))
  const server = servers[0] as ServerProcess
  const { account } = await server.signUp()
  const { body } = await server.signIn(account)
  const { app } = await addTotp({ ...server, clock: machineClock }, body.accessToken)
  const tickets = await ticketsFor(server, account, 200)
  const replies: Reply[] = []
  for (let start = 0; start < 1000; start += AT_ONCE) {
    const round = await parallel(AT_ONCE, (offset) => {
      const index = start + offset
      const process = servers[index % 4] as ServerProcess
      return process.post(FACTOR_SIGN_IN, {
        ticket: tickets[index % 200],
        totp: app.wrongCode(index),
      })
    })
    replies.push(...round)
  }
  t.same(tally(replies.map(({ status }) => status)), { 401: 10, 429: 990 })
  const exits = await Promise.all(servers.map((each) => each.kill('SIGTERM')))
  const compared = exits.flatMap(({ stderr }) => stderr.match(/"event":"authn_factor_fail"/g) ?? [])
  t.equal(compared.length, 10)
})

t.test('after 100 wrong codes in a row no code is right, until a recovery code is', async (t) => {
  const service = await startService(t)
  const { account, app, recoveryCodes } = await withTotp(service)
  let compared = 0
  while (compared < 100) {
    const ticket = await ticketOf(service, account)
    const before = compared
    for (let index = 0; index < 10; index++) {
      const totp = app.wrongCode(index)
      const { status } = await service.post(FACTOR_SIGN_IN, { ticket, totp })
      if (status === 401) compared++
    }
    service.clock.advance(compared === before ? DAY : 15 * MINUTE)
  }
  t.equal(compared, 100)
  service.clock.advance(DAY)
  const { body } = await service.post('/api/auth/login', credentials(account))
  t.same(body.factors, ['recovery-code'], 'the app is offered no more')
  const refused = await signInWithFactor(service, account, { totp: app.code() })
  t.match(refused, { status: 401, body: { code: 'FACTOR_INVALID' } })
  t.match(refused.body.detail, /^Too many codes in a row were wrong\./)
  const [recoveryCode = ''] = recoveryCodes
  t.equal((await signInWithFactor(service, account, { recoveryCode })).status, 200)
  t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
})

interface World {
  readonly service: Service
  readonly account: Account
  /** What the person has on the phone. */
  readonly app: AuthenticatorApp
  readonly recoveryCodes: readonly string[]
}

const deedsOf = (service: Service): Readonly<Record<string, Deed<World>>> => ({
  'an enrolment is whole, or was not made': {
    async prepare() {
      const account = await service.signUp()
      await proveAddress(service, account.id)
      const { accessToken: token } = await service.signIn(account)
      const { body } = await service.post(TOTP, undefined, { token })
      const app = new AuthenticatorApp(service, body.secret as string)
      const act = () => service.post(CONFIRM_TOTP, { code: app.code() }, { token })
      return { service, account, app, recoveryCodes: [], act }
    },
    async check(t, { service, account, app }, { status }) {
      t.ok([200, 503].includes(status), String(status))
      const user = await userOf(service, account)
      const isAdded = user.totp !== undefined
      if (status === 200) t.ok(isAdded)
      t.equal(user.recoveryCodes?.size ?? 0, isAdded ? 10 : 0, 'codes come with the app')
      t.equal(user.factorsVersion ?? 0, isAdded ? 1 : 0)
      t.equal((await mailsTo(service, account.email)).length, isAdded ? 1 : 0, 'and so the notice')
      const signedIn = isAdded
        ? await signInWithFactor(service, account, { totp: app.nextCode() })
        : await service.post('/api/auth/login', credentials(account))
      t.equal(signedIn.status, 200, 'the person gets in')
    },
  },
  'a sign-in opens one session for a code, or none': {
    async prepare() {
      const world = await prepareSignIn(service)
      const ticket = await ticketOf(service, world.account)
      const totp = world.app.code()
      return { ...world, act: () => service.post(FACTOR_SIGN_IN, { ticket, totp }) }
    },
    check: checkSignIn('totp'),
  },
  'the same with a recovery code': {
    async prepare() {
      const world = await prepareSignIn(service)
      const ticket = await ticketOf(service, world.account)
      const [recoveryCode] = world.recoveryCodes
      return { ...world, act: () => service.post(FACTOR_SIGN_IN, { ticket, recoveryCode }) }
    },
    check: checkSignIn('recoveryCode'),
  },
  'a wrong code opens nothing': {
    async prepare() {
      const world = await prepareSignIn(service)
      const ticket = await ticketOf(service, world.account)
      const totp = world.app.wrongCode()
      return { ...world, act: () => service.post(FACTOR_SIGN_IN, { ticket, totp }) }
    },
    async check(t, { service, account, app }, { status, body }) {
      t.ok([401, 503].includes(status), String(status))
      t.notOk(body.accessToken)
      t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
    },
  },
  'a removal is whole, or was not made': {
    async prepare() {
      const { account, token, app, recoveryCodes } = await withTotp(service)
      await proveFactors(service, token)
      const act = () => service.delete(TOTP, { token })
      return { service, account, app, recoveryCodes, act }
    },
    async check(t, { service, account, app }, { status }) {
      t.ok([204, 503].includes(status), String(status))
      const user = await userOf(service, account)
      const isRemoved = user.totp === undefined
      if (status === 204) t.ok(isRemoved)
      t.equal(user.recoveryCodes?.size ?? 0, isRemoved ? 0 : 10, 'codes go with the app')
      const signedIn = isRemoved
        ? await service.post('/api/auth/login', credentials(account))
        : await signInWithFactor(service, account, { totp: app.code() })
      t.equal(signedIn.status, 200, 'the person gets in')
    },
  },
})

t.test('with a fault of the store at any call', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint, env: MAIL })
  for (const [deed, parts] of Object.entries(deedsOf(service))) {
    t.test(deed, (t) => assertWhole(t, { proxy, service }, parts))
  }
})

async function prepareSignIn(service: Service): Promise<World> {
  return { service, ...(await withTotp(service)) }
}

function checkSignIn(kind: 'totp' | 'recoveryCode'): Deed<World>['check'] {
  return async (t, { service, account, app, recoveryCodes }, { status, body }) => {
    t.ok([200, 503].includes(status), String(status))
    t.equal(body.accessToken !== undefined, status === 200)
    const user = await userOf(service, account)
    const left = user.recoveryCodes?.size ?? 0
    t.ok(left === 10 || (kind === 'recoveryCode' && left === 9))
    if (status === 200) {
      const proof =
        kind === 'totp' ? { totp: app.code() } : { recoveryCode: recoveryCodes[0] ?? '' }
      const again = await signInWithFactor(service, account, proof)
      t.equal(again.status, 401, 'it is used up')
    }
    const next = await signInWithFactor(service, account, { totp: app.nextCode() })
    t.equal(next.status, 200, 'the person gets in')
  }
}

async function userOf({ services }: Service, { id }: Account) {
  const user = await services.users.store.findById(id)
  if (!user) throw new Error('the account is gone')
  return user
}

const credentials = ({ email, password }: Account) => ({ email, password })

async function startInstances(t: Test, count: number): Promise<Service[]> {
  const first = await startService(t, { env: MAIL })
  const others = Array.from({ length: count - 1 }, () =>
    startService(t, { env: MAIL, beside: first }),
  )
  return [first, ...(await Promise.all(others))]
}
