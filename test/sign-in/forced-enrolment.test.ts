import { decodeJwt } from 'jose'
import t from 'tap'
import { MINUTE } from '../support/clock.js'
import { AuthenticatorApp, recoveryCodesOf } from '../support/factors.js'
import { lastMail, MAIL } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { type Account, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const BEGIN = '/api/auth/login/enrolment/totp'
const FINISH = `${BEGIN}/confirm`
const FORCED = { ...MAIL, SECOND_FACTOR: 'required' }

const withPassword = (service: Service, { email, password }: Account) =>
  service.post(LOGIN, { email, password })

/** The ticket that comes after the code of a mail. */
async function proveMailbox(service: Service, { email }: Account): Promise<string> {
  const { status, body } = await service.post(CONFIRM, byCode(await askToSignIn(service, email)))
  t.match([status, body.code], [401, 'SECOND_FACTOR_ENROLMENT_REQUIRED'])
  return body.ticket as string
}

/** A person sets up an app. */
async function setUp(service: Service, ticket: string) {
  const { body } = await service.post(BEGIN, { ticket })
  return new AuthenticatorApp(service, body.secret as string)
}

t.test('a forced enrolment by password without the mailbox sets up no second factor', async (t) => {
  const service = await startService(t, { env: FORCED })
  const account = await newMember(service)
  const { status, body } = await withPassword(service, account)
  t.equal(status, 401)
  t.match(body, { code: 'SECOND_FACTOR_ENROLMENT_REQUIRED', factors: [] })
  t.notOk(body.ticket, 'a password gives no ticket')
  t.notOk(body.accessToken)
  t.equal((await service.post(BEGIN, { ticket: body.flow })).status, 401)
  const guessed = await service.post(CONFIRM, { flow: body.flow, code: '00000000' })
  t.equal(guessed.status, 400)
  t.notOk(guessed.body.ticket)
  t.notOk((await service.services.users.store.findById(account.id))?.pendingTotp)

  const { code } = await lastMail(service, account.email)
  const { body: onward } = await service.post(CONFIRM, { flow: body.flow, code })
  t.equal(onward.code, 'SECOND_FACTOR_ENROLMENT_REQUIRED')
  t.equal((await service.post(BEGIN, { ticket: onward.ticket })).status, 200)
})

t.test('a forced enrolment makes second factor and session together', async (t) => {
  const service = await startService(t, { env: FORCED })
  const account = await newMember(service)
  const ticket = await proveMailbox(service, account)
  const app = await setUp(service, ticket)
  const wrong = await service.post(FINISH, { ticket, code: app.wrongCode() })
  t.match([wrong.status, wrong.body.code], [401, 'FACTOR_INVALID'])
  t.notOk((await service.services.users.store.findById(account.id))?.totp)

  const done = await service.post(FINISH, { ticket, code: app.code() })
  t.equal(done.status, 200)
  t.equal(recoveryCodesOf(done).length, 10)
  const { amr, acr } = decodeJwt(done.body.accessToken as string)
  t.same([amr, acr], [['email', 'otp', 'mfa'], 'urn:latchkey:2'])
  t.match(service.events('authn_factor_added'), [{ userId: account.id, factor: 'totp' }])
  const again = await service.post(FINISH, { ticket, code: app.nextCode() })
  t.match([again.status, again.body.code], [401, 'FACTOR_INVALID'], 'a ticket is good once')
  t.equal((await withPassword(service, account)).body.code, 'SECOND_FACTOR_REQUIRED')
})

t.test('the ticket of a forced enrolment ends with the sign-in that it is of', async (t) => {
  const service = await startService(t, { env: FORCED })
  const { users } = service.services
  const endings: Readonly<Record<string, (account: Account) => Promise<unknown>>> = {
    'a quarter of an hour': async () => service.clock.advance(15 * MINUTE),
    'the end of all sessions': ({ id }) => users.store.endSessions(id),
    'a disabled account': ({ id }) => users.store.change(id, { status: 'disabled' }),
  }
  for (const [ending, end] of Object.entries(endings)) {
    const account = await newMember(service)
    const ticket = await proveMailbox(service, account)
    const app = await setUp(service, ticket)
    await end(account)
    for (const answer of [
      await service.post(FINISH, { ticket, code: app.code() }),
      await service.post(BEGIN, { ticket }),
    ])
      t.match([answer.status, answer.body.code], [401, 'FACTOR_INVALID'], ending)
  }
  const account = await newMember(service)
  const [one, two] = [await proveMailbox(service, account), await proveMailbox(service, account)]
  const app = await setUp(service, one)
  t.equal((await service.post(FINISH, { ticket: one, code: app.code() })).status, 200)
  t.equal((await service.post(BEGIN, { ticket: two })).status, 401, 'with the first factor too')
})

t.test(
  'a forced enrolment of second factors is for administrators alone, where the policy says so',
  async (t) => {
    const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'administrators' } })
    const account = await newMember(service)
    t.equal((await withPassword(service, account)).status, 200)
    await service.services.users.store.change(account.id, { role: 'admin' })
    t.match((await withPassword(service, account)).body, {
      code: 'SECOND_FACTOR_ENROLMENT_REQUIRED',
    })
  },
)

t.test(
  'a session older than the enrolment policy sets up no second factor and gives no power',
  async (t) => {
    const lax = await startService(t, { env: MAIL })
    const service = await startService(t, { beside: lax, env: FORCED })
    const account = await newMember(lax)
    const { accessToken: token } = await lax.signIn(account)
    const late = { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } }
    t.match(await service.post('/api/auth/factors/totp', undefined, { token }), late)
    const stepUp = await service.post('/api/auth/step-up', undefined, { token })
    t.match(stepUp, { status: 200, body: { factors: [] } }, 'a new sign-in has to set one up')
    const { ticket } = stepUp.body
    const { password } = account
    const proved = await service.post('/api/auth/login/factor', { ticket, password }, { token })
    t.match(proved, { status: 401, body: { code: 'FACTOR_INVALID' } })
    t.equal((await service.get('/api/profile', { token })).status, 200, 'it goes on')
  },
)
