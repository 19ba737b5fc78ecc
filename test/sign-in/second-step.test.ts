import t from 'tap'
import { decodeJwt } from 'jose'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { HOUR, MINUTE, SECOND } from '../support/clock.js'
import { addTotp, AuthenticatorApp, FACTOR_SIGN_IN, withTotp } from '../support/factors.js'
import { MAIL } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember, OWN_SCRIPT } from '../support/mail-sign-in.js'
import { jarOf } from '../support/pages.js'
import { type Account, type Answer, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const STEP_UP = '/api/auth/step-up'

const credentials = ({ email, password }: Account) => ({ email, password })

/** The first step of a sign-in that needs a second one. */
async function begin(service: Service, account: Account, more: object = {}): Promise<string> {
  const { status, body } = await service.post(LOGIN, { ...credentials(account), ...more })
  if (status !== 401 || body.code !== 'SECOND_FACTOR_REQUIRED')
    throw new Error(`the first step answered ${status} ${body.code}`)
  return body.ticket as string
}

const claimsOf = ({ body }: Answer) => {
  const { amr, acr, auth_time: authTime } = decodeJwt(body.accessToken as string)
  return { amr, acr, authTime }
}

const now = ({ clock }: Service) => Math.floor(clock() / 1000)

t.test('a password opens no account that has a second factor', async (t) => {
  const service = await startService(t)
  const { account, app, recoveryCodes } = await withTotp(service)
  const { status, body, cookies } = await service.post(
    LOGIN,
    {
      ...credentials(account),
      useCookies: true,
    },
    { headers: OWN_SCRIPT },
  )
  t.equal(status, 401)
  t.match(body, { code: 'SECOND_FACTOR_REQUIRED', factors: ['totp', 'recovery-code'] })
  t.same(cookies, [], 'and leaves no cookie')
  t.notOk(body.accessToken)

  const { ticket } = body
  const completed = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() })
  t.equal(completed.status, 200)
  t.same(completed.body.user, { id: account.id, email: account.email, role: 'user' })
  t.same(claimsOf(completed), {
    amr: ['pwd', 'otp', 'mfa'],
    acr: 'urn:latchkey:2',
    authTime: now(service),
  })
  const { refreshToken } = completed.body
  service.clock.advance(MINUTE)
  const refreshed = await service.post('/api/auth/refresh', { refreshToken })
  t.same(claimsOf(refreshed), claimsOf(completed), 'a refresh changes none of it')

  const again = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() })
  t.match([again.status, again.body.code], [401, 'FACTOR_INVALID'], 'a ticket is good once')

  const byRecovery = await service.post(FACTOR_SIGN_IN, {
    ticket: await begin(service, account),
    recoveryCode: recoveryCodes[0],
  })
  t.equal(byRecovery.status, 200)
  t.equal(byRecovery.body.recoveryCodesLeft, 9)
  t.same(claimsOf(byRecovery).amr, ['pwd', 'mfa'])
  t.equal(service.events('authn_recovery_code_used').length, 1)
})

t.test('a password by cookies opens no account that has a second factor', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const ticket = await begin(service, account)
  const body = { ticket, totp: app.code(), useCookies: true }
  const foreign = await service.post(FACTOR_SIGN_IN, body, {
    headers: { origin: 'https://evil.example' },
  })
  t.equal(foreign.status, 403)
  const jar = jarOf(await service.post(FACTOR_SIGN_IN, body, { headers: OWN_SCRIPT }))
  t.ok(jar[ACCESS_COOKIE])
  t.ok(jar[REFRESH_COOKIE])
})

t.test('after a wrong proof the ticket of the second step is still good', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const ticket = await begin(service, account)
  for (const proof of [
    { totp: app.wrongCode() },
    { recoveryCode: 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF' },
    { password: account.password },
  ]) {
    const { status, body } = await service.post(FACTOR_SIGN_IN, { ticket, ...proof })
    t.match([status, body.code], [401, 'FACTOR_INVALID'])
  }
  t.equal((await service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() })).status, 200)
})

t.test('the second step takes one proof of a factor at a time', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const ticket = await begin(service, account)
  for (const proof of [{}, { totp: app.code(), recoveryCode: 'x' }]) {
    const { status, body } = await service.post(FACTOR_SIGN_IN, { ticket, ...proof })
    t.match([status, body.code], [400, 'VALIDATION_FAILED'])
  }
  const opened = await Promise.all(
    Array.from({ length: 5 }, () => service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() })),
  )
  t.equal(opened.filter(({ status }) => status === 200).length, 1, 'one session comes of it')
})

t.test('the ticket of a second step ends with what it was made for', async (t) => {
  const service = await startService(t)
  const { users } = service.services
  const endings: Readonly<Record<string, (account: Account, token: string) => Promise<unknown>>> = {
    'five minutes': async () => service.clock.advance(5 * MINUTE),
    'the end of all sessions': ({ id }) => users.store.endSessions(id),
    'a disabled account': ({ id }) => users.store.change(id, { status: 'disabled' }),
    'a change of factors': (_account, token) =>
      service.post('/api/auth/factors/recovery-codes', undefined, { token }),
  }
  for (const [ending, end] of Object.entries(endings)) {
    const { account, app } = await withTotp(service)
    const full = await service.post(FACTOR_SIGN_IN, {
      ticket: await begin(service, account),
      totp: app.code(),
    })
    const ticket = await begin(service, account)
    await end(account, full.body.accessToken as string)
    const { status, body } = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() })
    t.match([status, body.code], [401, 'FACTOR_INVALID'], ending)
  }
})

t.test('the ticket of a second step of one kind opens no door of another', async (t) => {
  const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
  const lax = await startService(t, { beside: service, env: MAIL })
  const { account, app, token } = await withTotp(lax, await newMember(lax))
  const plain = await newMember(service)
  const enrolling = async () => {
    const mail = await askToSignIn(service, plain.email)
    const { body } = await service.post(CONFIRM, byCode(mail))
    return body.ticket as string
  }
  const half = await begin(service, account)
  const stepUp = (await lax.post(STEP_UP, undefined, { token })).body.ticket as string
  const enrolment = await enrolling()
  const tickets = { half, stepUp, enrolment }
  const doors: Readonly<Record<string, (ticket: string) => Promise<Answer>>> = {
    half: (ticket) => service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() }),
    stepUp: (ticket) => service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() }, { token }),
    enrolment: (ticket) => service.post('/api/auth/login/enrolment/totp', { ticket }),
    confirm: (ticket) =>
      service.post('/api/auth/login/enrolment/totp/confirm', { ticket, code: '123456' }),
    reset: (ticket) =>
      service.post('/api/auth/password/reset', { ticket, password: 'a quite new one 17' }),
    link: (ticket) => service.post(CONFIRM, { ticket, flow: 'x' }),
    undo: (ticket) => service.post('/api/auth/email/undo', { ticket, password: 'x' }),
  }
  // A sign-in may be completed by a person who is signed in as well.
  const opens = new Set(['half half', 'half stepUp', 'stepUp stepUp', 'enrolment enrolment'])
  for (const [kind, ticket] of Object.entries(tickets)) {
    for (const [door, enter] of Object.entries(doors)) {
      if (opens.has(`${kind} ${door}`)) continue
      if (kind === 'enrolment' && door === 'confirm') continue
      const { status, body } = await enter(ticket)
      t.ok([400, 401].includes(status), `${kind} at ${door}: ${status} ${body?.code}`)
      t.notOk(body?.accessToken)
    }
  }
  t.equal((await doors.half?.(await begin(service, account)))?.status, 200)
  t.equal((await doors.enrolment?.(enrolment))?.status, 200)
})

t.test(
  'the second step confirms an app’s secret by the ticket that it was asked for with',
  async (t) => {
    const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
    const member = await newMember(service)
    const enrolling = async () => {
      const { body } = await service.post(CONFIRM, byCode(await askToSignIn(service, member.email)))
      return body.ticket as string
    }
    const [ticket, other] = [await enrolling(), await enrolling()]
    const { body } = await service.post('/api/auth/login/enrolment/totp', { ticket: other })
    const app = new AuthenticatorApp(service, body.secret as string)
    const confirm = (by: string) =>
      service.post('/api/auth/login/enrolment/totp/confirm', { ticket: by, code: app.code() })
    t.match(await confirm(ticket), { status: 404, body: { code: 'FACTOR_NOT_FOUND' } })
    t.equal((await confirm(other)).status, 200)
  },
)

t.test('a session can prove a second factor by step-up', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const other = await service.signIn(account)
  const { app } = await withTotp(service, account)
  // Sessions that began before the account had a factor have proved one.
  const session = other
  service.clock.advance(HOUR / 4)
  const { refreshToken } = session
  const before = await service.post('/api/auth/refresh', { refreshToken })
  const token = before.body.accessToken as string
  t.equal(claimsOf(before).acr, 'urn:latchkey:1')
  const refused = await service.post('/api/auth/factors/totp', undefined, { token })
  t.match([refused.status, refused.body.code], [401, 'RECENT_SIGN_IN_REQUIRED'])

  const begun = await service.post(STEP_UP, undefined, { token })
  t.equal(begun.status, 200)
  t.same(begun.body.factors, ['totp', 'recovery-code'])
  const { ticket } = begun.body

  const third = await service.post(FACTOR_SIGN_IN, {
    ticket: await begin(service, account),
    totp: app.nextCode(),
  })
  for (const call of [{}, { token: third.body.accessToken as string }]) {
    const { status, body } = await service.post(
      FACTOR_SIGN_IN,
      { ticket, totp: app.nextCode() },
      call,
    )
    t.match([status, body.code], [401, 'FACTOR_INVALID'], 'in no other session')
  }

  const answer = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() }, { token })
  t.equal(answer.status, 200)
  t.notOk(answer.body.refreshToken, 'the refresh token stays what it is')
  const at = now(service)
  t.same(claimsOf(answer), { amr: ['pwd', 'otp', 'mfa'], acr: 'urn:latchkey:2', authTime: at })
  t.equal(decodeJwt(answer.body.accessToken).sid, decodeJwt(token).sid)
  t.match(service.events('authn_step_up'), [{ factor: 'totp', userId: account.id }])
  const allowed = await service.post('/api/auth/factors/recovery-codes', undefined, {
    token: answer.body.accessToken as string,
  })
  t.equal(allowed.status, 200)

  service.clock.advance(MINUTE)
  const refreshed = await service.post('/api/auth/refresh', {
    refreshToken: before.body.refreshToken,
  })
  t.same(claimsOf(refreshed), claimsOf(answer), 'a refresh changes none of it')
  const again = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.nextCode() }, { token })
  t.equal(again.status, 401, 'a ticket is good once')
})

t.test('a step-up with a second factor changes no other session', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const [one, two] = [await service.signIn(account), await service.signIn(account)]
  const { app } = await withTotp(service, account)
  const token = one.accessToken
  const { body } = await service.post(STEP_UP, undefined, { token })
  const { ticket } = body
  await service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() }, { token })
  const { refreshToken } = two
  const other = await service.post('/api/auth/refresh', { refreshToken })
  t.equal(claimsOf(other).acr, 'urn:latchkey:1')
})

t.test(
  'a step-up with cookies makes a new access cookie, and the refresh cookie stays',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const signedIn = await service.post(
      LOGIN,
      { ...credentials(account), useCookies: true },
      { headers: OWN_SCRIPT },
    )
    const cookies = jarOf(signedIn)
    const { app } = await withTotp(service, account)
    const own = { cookies, headers: { origin: service.config.issuer } }
    const { body } = await service.post(STEP_UP, undefined, own)
    const { ticket } = body
    const answer = await service.post(FACTOR_SIGN_IN, { ticket, totp: app.code() }, own)
    t.equal(answer.status, 200)
    t.notOk(answer.body.accessToken)
    t.same(Object.keys(jarOf(answer)), [ACCESS_COOKIE])
    t.equal(decodeJwt(jarOf(answer)[ACCESS_COOKIE] ?? '').acr, 'urn:latchkey:2')
  },
)

t.test('a step-up of an account without a factor proves its password again', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  service.clock.advance(HOUR / 5)
  const { body } = await service.post(STEP_UP, undefined, { token })
  t.same(body.factors, ['password'])
  const { ticket } = body
  const wrong = await service.post(FACTOR_SIGN_IN, { ticket, password: 'not this one' }, { token })
  t.match([wrong.status, wrong.body.code], [401, 'INVALID_CREDENTIALS'])
  const { password } = account
  const right = await service.post(FACTOR_SIGN_IN, { ticket, password }, { token })
  t.equal(right.status, 200)
  t.same(claimsOf(right), { amr: ['pwd'], acr: 'urn:latchkey:1', authTime: now(service) })
  await addTotp(service, right.body.accessToken as string)
  const next = await service.post(STEP_UP, undefined, { token })
  const without = { ticket: next.body.ticket, password }
  const refused = await service.post(FACTOR_SIGN_IN, without, { token })
  t.match([refused.status, refused.body.code], [401, 'FACTOR_INVALID'], 'but no one who has one')
})

t.test('a step-up by password proves no second factor that is gone', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const full = await service.post(FACTOR_SIGN_IN, {
    ticket: await begin(service, account),
    totp: app.code(),
  })
  const token = full.body.accessToken as string
  t.equal((await service.delete('/api/auth/factors/totp', { token })).status, 204)
  service.clock.advance(10 * SECOND)
  const { body } = await service.post(STEP_UP, undefined, { token })
  const { ticket } = body
  const { password } = account
  const answer = await service.post(FACTOR_SIGN_IN, { ticket, password }, { token })
  t.same(claimsOf(answer), { amr: ['pwd'], acr: 'urn:latchkey:1', authTime: now(service) })
})
