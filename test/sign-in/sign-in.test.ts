import { randomUUID } from 'node:crypto'
import argon2 from 'argon2'
import t from 'tap'
import type { Part } from '../../src/dynamodb/part.js'
import { Problem } from '../../src/http/problem.js'
import { INVALID_CREDENTIALS } from '../../src/users/errors.js'
import type { User } from '../../src/users/user.js'
import { writesSince } from '../support/identity-provider.js'
import { startProxy } from '../support/proxy.js'
import { ISSUER, newAccount, type Service, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

/** Who signs in without a request. */
const CALLER = {
  ip: '192.0.2.1',
  address: '192.0.2.1',
  language: 'en' as const,
  requestId: 'none',
  route: undefined,
  cookie: () => undefined,
}

const LOGIN = '/api/auth/login'

t.test('POST /api/auth/login', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { email, password } = account

  t.test('a sign-in answers 200 with both tokens and the user', async (t) => {
    const { status, body, headers } = await service.post(LOGIN, { email, password })
    t.equal(status, 200)
    t.match(body, {
      accessToken: String,
      refreshToken: /^lkr_/,
      tokenType: 'Bearer',
      expiresIn: 900,
      user: { id: account.id, email, role: 'user' },
    })
    t.equal(headers['cache-control'], 'no-store')
    t.equal(headers['set-cookie'], undefined)
    t.match(service.events('authn_login_success').at(-1), { userId: account.id })
  })

  t.test('a sign-in takes the e-mail in any case', async (t) => {
    t.equal((await service.post(LOGIN, { email: email.toUpperCase(), password })).status, 200)
  })

  t.test('a sign-in answers unknown user, wrong password and disabled user alike', async (t) => {
    const disabled = await service.signUp()
    await service.services.users.store.change(disabled.id, { status: 'disabled' })
    const attempts = {
      unknown_user: newAccount(),
      wrong_password: { ...account, password: newAccount().password },
      user_disabled: disabled,
    }
    for (const [reason, { email, password }] of Object.entries(attempts)) {
      const { status, body, headers } = await service.post(LOGIN, { email, password })
      const { requestId, ...told } = body
      t.equal(status, 401)
      t.same(told, {
        type: `${ISSUER}/errors#INVALID_CREDENTIALS`,
        title: 'Invalid credentials',
        status: 401,
        code: 'INVALID_CREDENTIALS',
        error: 'Invalid credentials',
      })
      t.match(headers['www-authenticate'], /^Bearer/)
      const line = service.events('authn_login_fail').at(-1)
      t.match(line, { reason, requestId })
      const owner = reason === 'unknown_user' ? undefined : attempts[reason as 'user_disabled'].id
      t.equal(line?.userId, owner, 'the log says whose account it is')
    }
  })

  t.test(
    'a sign-in reads as much for an unknown user as for a known and a disabled one',
    async (t) => {
      const disabled = await service.signUp()
      await service.services.users.store.change(disabled.id, { status: 'disabled' })
      let addresses = 0
      const callsOf = async (email: string, password = newAccount().password) => {
        const before = service.calls.length
        await service.post(LOGIN, { email, password }, { remoteAddress: `192.0.2.${addresses++}` })
        return service.calls.slice(before)
      }
      const unknown = await callsOf(newAccount().email)
      t.same(await callsOf(email), unknown)
      t.same(await callsOf(disabled.email, disabled.password), unknown)
    },
  )

  t.test('a sign-in refuses a body that is not the schema with 400', async (t) => {
    for (const body of [{}, { email }, { password }, { email, password, admin: true }, [email]]) {
      t.equal((await service.post(LOGIN, body)).status, 400)
    }
  })
})

t.test(
  'at sign-in, passwords are hashed with argon2id, and again when the parameters rise',
  async (t) => {
    const weak = await startService(t, { hashes: 'production' })
    const account = await weak.signUp()
    const stored = async () =>
      String((await weak.services.users.store.findById(account.id))?.passwordHash)
    t.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)

    const strong = await startService(t, { beside: weak, env: { ARGON2_TIME_COST: '3' } })
    const wrong = await strong.post(LOGIN, {
      email: account.email,
      password: newAccount().password,
    })
    t.equal(wrong.status, 401)
    t.match(await stored(), /t=2/, 'a wrong password changes nothing')
    await strong.signIn(account)
    t.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=3,p=1\$/)
    t.ok(await argon2.verify(await stored(), account.password))
    await weak.signIn(account)
    t.match(await stored(), /t=3/, 'and never down again')
  },
)

t.test('a sign-in succeeds although its password cannot be hashed again', async (t) => {
  const proxy = await startProxy(t)
  const weak = await startService(t)
  const account = await weak.signUp()
  const env = { ARGON2_TIME_COST: '3' }
  const strong = await startService(t, { beside: weak, env, endpoint: proxy.endpoint })
  const stored = async () =>
    String((await weak.services.users.store.findById(account.id))?.passwordHash)

  proxy.decide(({ operation, body }) =>
    operation === 'UpdateItem' && body.includes('-users') ? 'fail' : 'pass',
  )
  await strong.signIn(account)
  t.match(await stored(), /t=2/)
  proxy.decide(() => 'pass')
  await strong.signIn(account)
  t.match(await stored(), /t=3/, 'the next sign-in makes up for it')
})

t.test('sign-ins queue for the password hasher, and past the queue hear 503', async (t) => {
  const env = { ARGON2_CONCURRENCY: '1', ARGON2_QUEUE: '4' }
  const service = await startService(t, { env })
  const account = await service.signUp()
  const { email, password } = account

  const leave = keepHashing(service, 4)
  t.ok(await service.signIn(account), 'one at work and three waiting leave a place')
  const leaveLast = keepHashing(service, 1)
  const busy = await service.post(LOGIN, { email, password })
  t.match(busy, { status: 503, headers: { 'retry-after': '2' }, body: { code: 'BUSY' } })
  await Promise.all([leave(), leaveLast()])
  t.ok(await service.signIn(account), 'the queue empties')
})

t.test(
  'sign-ins of one address fill a quarter of the hasher’s queue, and others go past it',
  async (t) => {
    const env = { ARGON2_CONCURRENCY: '1', ARGON2_QUEUE: '12' }
    const service = await startService(t, { env })
    const account = await service.signUp()
    const { email, password } = account
    const flood = '198.51.100.7'
    const leave = keepHashing(service, 3, flood)
    const busy = await service.post(LOGIN, { email, password }, { remoteAddress: flood })
    t.match(busy, { status: 503, headers: { 'retry-after': '2' }, body: { code: 'BUSY' } })
    const mapped = { remoteAddress: `::ffff:${flood}` }
    const { email: fresh } = newAccount()
    const signUp = await service.post('/api/auth/register', { email: fresh, password }, mapped)
    t.match(signUp, { status: 503, body: { code: 'BUSY' } }, 'however it is spelled')
    t.ok(await service.signIn(account, { remoteAddress: '192.0.2.1' }), 'another address')
    await leave()
    t.ok(await service.signIn(account, { remoteAddress: flood }), 'its share is free again')
  },
)

t.test(
  'tokens are verified while sign-ins wait for the password hasher (ASVS V15.2.2)',
  async (t) => {
    const env = { ARGON2_CONCURRENCY: '1', ARGON2_QUEUE: '100' }
    const service = await startService(t, { env })
    const { accessToken: token } = await service.signIn(await service.signUp())
    let answered = 0
    const flood = Array.from({ length: 30 }, async (_, index) => {
      const { email, password } = newAccount()
      await service.post(LOGIN, { email, password }, { remoteAddress: `192.0.2.${index}` })
      answered++
    })
    for (let call = 0; call < 10; call++) {
      t.equal((await service.get('/api/protected', { token })).status, 200)
    }
    t.ok(answered < flood.length, `${answered} of ${flood.length} sign-ins were done before`)
    await Promise.all(flood)
  },
)

t.test('after stronger argon2 parameters, refused sign-ins hash as much as before', async (t) => {
  const weak = await startService(t, { env: { ARGON2_MEMORY_KIB: '19456', ARGON2_TIME_COST: '2' } })
  const strongEnv = { ARGON2_MEMORY_KIB: '32768', ARGON2_TIME_COST: '3' }
  const strong = await startService(t, { env: strongEnv, beside: weak })
  const [known, disabled] = [await weak.signUp(), await weak.signUp()]
  await weak.services.users.store.change(disabled.id, { status: 'disabled' })
  const argon2 = (await import('argon2')).default as unknown as Argon2
  const { hash, verify } = argon2
  let spent = 0
  argon2.hash = (password, options) => {
    spent += options.memoryCost * options.timeCost
    return hash(password, options)
  }
  argon2.verify = (digest, password) => {
    const [, memoryCost = 0, timeCost = 0] = /m=(\d+),t=(\d+)/.exec(digest) ?? []
    spent += Number(memoryCost) * Number(timeCost)
    return verify(digest, password)
  }
  t.teardown(() => Object.assign(argon2, { hash, verify }))
  const costOf = async (body: { email: string; password: string }): Promise<number> => {
    spent = 0
    t.equal((await strong.post(LOGIN, body)).status, 401)
    return spent
  }
  const { email } = newAccount()
  const unknown = await costOf({ email, password: 'seven wrong herons' })
  t.equal(unknown, 32768 * 3)
  for (const body of [
    { email: known.email, password: 'seven wrong herons' },
    { email: disabled.email, password: disabled.password },
  ]) {
    const cost = await costOf(body)
    t.ok(
      Math.abs(cost - unknown) <= 3,
      `${cost} KiB passes for a known account, ${unknown} for none`,
    )
  }
})

/** What of argon2 a test counts. */
interface Argon2 {
  hash: (password: string, options: { memoryCost: number; timeCost: number }) => Promise<string>
  verify: (digest: string, password: string) => Promise<boolean>
}

/**
 * Holds so many places at the hasher: who is done queues again in the same turn of the event loop, so that no
 * request comes in between. @returns what ends that.
 */
function keepHashing({ services }: Service, places: number, client?: string): () => Promise<void> {
  let going = true
  const hash = async (): Promise<void> => {
    while (going) await services.users.authenticate({}, 'nobody', client).catch(() => undefined)
  }
  const holders = Array.from({ length: places }, hash)
  return async () => {
    going = false
    await Promise.all(holders)
  }
}

t.test('POST /api/auth/password', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '3' } })
  const CHANGE = '/api/auth/password'

  t.test('POST /api/auth/password changes the password and ends every other session', async (t) => {
    const account = await service.signUp()
    const here = await service.signIn(account)
    const elsewhere = await service.signIn(account)
    const newPassword = newAccount().password
    const answer = await service.post(
      CHANGE,
      { currentPassword: account.password, newPassword },
      { token: here.accessToken },
    )
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    t.match(service.events('authn_password_change').at(-1), { userId: account.id })

    const { email, password } = account
    t.equal((await service.post(LOGIN, { email, password })).status, 401)
    t.ok(await service.signIn({ ...account, password: newPassword }))
    const kept = await service.post('/api/auth/refresh', { refreshToken: here.refreshToken })
    t.equal(kept.status, 200)
    const ended = await service.post('/api/auth/refresh', { refreshToken: elsewhere.refreshToken })
    t.match(ended, { status: 401, body: { code: 'REFRESH_TOKEN_INVALID' } })
    t.equal((await service.get('/api/auth/sessions', { token: elsewhere.accessToken })).status, 401)
  })

  t.test(
    'a second change of password from another session ends the one that was kept',
    async (t) => {
      const account = await service.signUp()
      const first = await service.signIn(account)
      const second = newAccount().password
      const third = newAccount().password
      const change = (currentPassword: string, newPassword: string, token: string) =>
        service.post(CHANGE, { currentPassword, newPassword }, { token })
      t.equal((await change(account.password, second, first.accessToken)).status, 204)
      const later = await service.signIn({ ...account, password: second })
      t.equal((await change(second, third, later.accessToken)).status, 204)
      t.equal(
        (await service.post('/api/auth/refresh', { refreshToken: first.refreshToken })).status,
        401,
      )
      t.equal(
        (await service.post('/api/auth/refresh', { refreshToken: later.refreshToken })).status,
        200,
      )
    },
  )

  t.test(
    'a change of password refuses a wrong current one, and counts it (ASVS V6.2.3)',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn({ ...account })
      const guess = () =>
        service.post(
          CHANGE,
          { currentPassword: newAccount().password, newPassword: newAccount().password },
          { token },
        )
      const statuses = []
      for (let attempt = 0; attempt < 7; attempt++) statuses.push((await guess()).status)
      t.same(
        statuses,
        [401, 401, 401, 401, 401, 401, 429],
        'three from anywhere, three from this address',
      )
    },
  )

  t.test('a change of password is not locked by strangers who guess at the sign-in', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    for (let attempt = 0; attempt < 4; attempt++) {
      const guess = { email: account.email, password: newAccount().password }
      await service.post(LOGIN, guess, { remoteAddress: '198.51.100.1' })
    }
    const body = { currentPassword: account.password, newPassword: newAccount().password }
    const abroad = await service.post(CHANGE, body, { token, remoteAddress: '192.0.2.77' })
    t.equal(abroad.status, 204, 'from wherever the session is used')
  })

  t.test(
    'a change of password takes a current one that is left out for a wrong one, and counts it',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const before = service.calls.length
      const leaveOut = () => service.post(CHANGE, { newPassword: newAccount().password }, { token })
      const answers = []
      for (let attempt = 0; attempt < 7; attempt++) answers.push(await leaveOut())
      t.same(
        answers.map(({ status, body }) => `${status} ${body.code}`),
        [...Array<string>(6).fill('401 INVALID_CREDENTIALS'), '429 RATE_LIMITED'],
      )
      const counts = Array<string>(6).fill('TransactWriteItems')
      t.same(writesSince(service, before), counts, 'and changes nothing but the count')
    },
  )

  t.test('a change of password refuses a new one that breaks the rules', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    for (const newPassword of ['short', 'q1w2e3r4t5y6', `x ${account.email} x`]) {
      const body = { currentPassword: account.password, newPassword }
      const answer = await service.post(CHANGE, body, { token })
      t.match(answer, { status: 400, body: { code: 'PASSWORD_REFUSED' } })
    }
    t.ok(await service.signIn(account), 'the old one still works')
  })

  t.test('a change of password asks for an access token', async (t) => {
    const body = { currentPassword: 'not my own password', newPassword: newAccount().password }
    t.match(await service.post(CHANGE, body), {
      status: 401,
      body: { code: 'ACCESS_TOKEN_REQUIRED' },
    })
  })
})

t.test('a sign-in opens its session in one transaction with what it uses up', async (t) => {
  const service = await startService(t)
  const { tickets } = service.config.tables
  const user = (await service.services.users.find((await service.signUp()).email)) as User
  const spent = new Problem(INVALID_CREDENTIALS)
  const ticket = (pk: string, by: string): Part => ({
    item: {
      Put: {
        TableName: tickets,
        Item: { pk, usedBy: by },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    onConflict: (found) => (found?.usedBy === by ? undefined : spent),
  })
  const caller = { ...CALLER, log: service.app.log }
  const enter = (...alongside: Part[]) =>
    service.services.signIn.completeSignIn(caller, user, {
      transport: 'body',
      method: 'email',
      alongside,
    })
  const sessions = async () => (await service.services.sessions.list(user)).length

  await enter(ticket('second-factor#1', 'a'))
  t.equal(await sessions(), 1)
  await t.rejects(enter(ticket('second-factor#1', 'b')), spent, 'one that is spent')
  await t.rejects(
    enter(ticket('second-factor#2', 'b'), ticket('second-factor#1', 'b')),
    spent,
    'nothing is written alone',
  )
  t.equal(await sessions(), 1)
  await enter(ticket('second-factor#2', 'b'))
  t.equal(await sessions(), 2)
  await enter({ ...ticket('second-factor#2', 'c'), onConflict: 'omit' })
  t.equal(await sessions(), 3, 'what may be left out stops no sign-in')
  const opened = parallel(20, () =>
    enter(ticket('second-factor#3', randomUUID())).catch(() => spent),
  )
  t.equal((await opened).filter((each) => each !== spent).length, 1, 'of any number one gets in')
})
