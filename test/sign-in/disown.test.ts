import t from 'tap'
import { Browser } from '../support/browser.js'
import { DAY, MINUTE } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { getData, KEYS, newAdmin } from '../support/keys.js'
import { lastMail, MAIL, messages } from '../support/mail.js'
import { jarOf } from '../support/pages.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const REGISTER = '/api/auth/register'
const DISOWN = '/api/auth/email/verification/disown'
const CONFIRM = '/api/auth/email/verification/confirm'
const FORGOT = '/api/auth/password/forgot'
const RESET = '/api/auth/password/reset'
const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }
const LINK = '?link=true'

/** An account with another person's address, and the ticket that this person's mailbox has got. */
async function squat(service: Service) {
  const { email, password } = newAccount()
  service.clock.advance(MINUTE)
  const { body } = await service.post(REGISTER, { email, password, name: 'Mallory' })
  const { secret: ticket } = await lastMail(service, email)
  return { id: body.user.id as string, flow: body.flow as string, email, password, ticket }
}

t.test(
  'all that a squatter has of an account ends when its address’s owner disowns it',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)
    const squatter = await squat(service)
    const { id, email, password, ticket, flow } = squatter
    const { accessToken: token, refreshToken } = await service.signIn(squatter)
    const made = await service.post(`${KEYS}/generate`, { name: 'k' }, { token })
    const { apiKey, key } = made.body
    t.equal((await getData(service, apiKey)).status, 200)
    const browser = new Browser(service)
    const login = { email, password, useCookies: true }
    const headers = { 'sec-fetch-site': 'same-origin' }
    browser.setCookies(jarOf(await service.post('/api/auth/login', login, { headers })))
    const identity = newSubject()
    await providers.one.signIn(browser, identity, LINK)
    service.clock.advance(MINUTE)
    const { flow: resetFlow } = (await service.post(FORGOT, { email })).body
    const reset = await lastMail(service, email)
    service.clock.advance(MINUTE)
    await service.post('/api/auth/email/verification', undefined, { token })
    const second = await lastMail(service, email)

    const answer = await service.post(DISOWN, { ticket })
    t.equal(answer.status, 204)
    t.same(answer.cookies, [], 'it signs no one in')

    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
    t.equal((await service.get('/api/auth/sessions', { token })).status, 401)
    t.equal((await getData(service, apiKey)).status, 401)
    t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
    const visit = await providers.one.signIn(new Browser(service), identity)
    t.equal(visit.headers.get('location'), '/dashboard')
    t.not((await service.services.users.find(identity.email))?.id, id, 'it makes another account')
    const { password: next } = newAccount()
    const resets = [{ ticket: reset.secret }, { flow: resetFlow, code: reset.code }]
    for (const proof of resets) {
      t.match(
        await service.post(RESET, { ...proof, newPassword: next }),
        INVALID,
        'a pending reset',
      )
    }
    t.match(await service.post(DISOWN, { ticket: second.secret }), INVALID, 'it is proved by now')
    t.match(service.events('account_taken_over'), [{ userId: id }])
    t.match(service.events('sensitive_delete').at(-1), { keyId: key.id })

    await t.test(
      'after disowning an account, the owner of the address may set a password by mail',
      async (t) => {
        service.clock.advance(DAY)
        await service.post(FORGOT, { email })
        const mail = await lastMail(service, email)
        t.equal((await service.post(RESET, { ticket: mail.secret, newPassword: next })).status, 204)
        const { accessToken: own } = await service.signIn({ id, email, password: next })
        const { body } = await service.get('/api/profile', { token: own })
        t.match(body.user, { id, email, emailVerified: true })
        t.notOk('name' in body.user)
        t.same((await service.get(KEYS, { token: own })).body.keys, [])
        t.same((await service.get('/api/auth/identities', { token: own })).body.identities, [])
        t.match(await service.post(DISOWN, { ticket }), INVALID)
        t.match(await service.post(CONFIRM, { ticket, flow }), INVALID)
        t.ok(
          await service.signIn({ id, email, password: next }),
          'old mails take nothing from them',
        )
      },
    )
  },
)

t.test('the owner of an address disowns an account', async (t) => {
  const service = await startService(t, { env: MAIL })

  await t.test('of 50 disowns and proofs of an address at once one holds', async (t) => {
    const { ticket } = await squat(service)
    const answers = await parallel(50, () => service.post(DISOWN, { ticket }))
    t.same(tally(answers.map(({ status }) => status)), { 204: 1, 400: 49 })

    const { ticket: other, flow } = await squat(service)
    const both = await parallel(20, (index) =>
      index % 2 === 0
        ? service.post(DISOWN, { ticket: other })
        : service.post(CONFIRM, { ticket: other, flow }),
    )
    t.equal(both.filter(({ status }) => status < 300).length, 1)
  })

  await t.test('an account is disowned by a good link of the proof mail alone', async (t) => {
    const squatter = await squat(service)
    const { ticket, flow, email } = squatter
    service.clock.advance(MINUTE)
    await service.post(FORGOT, { email })
    const { secret: resetTicket } = await lastMail(service, email)
    for (const text of [
      resetTicket,
      flow,
      ticket.slice(0, -1),
      `${ticket.slice(0, 22)}${'A'.repeat(43)}`,
    ]) {
      t.match(await service.post(DISOWN, { ticket: text }), INVALID)
    }
    service.clock.advance(DAY)
    t.match(await service.post(DISOWN, { ticket }), INVALID, 'it has expired')
    t.ok(await service.signIn(squatter))
  })

  await t.test('the owner of the mailbox can’t disown an administrator’s account', async (t) => {
    const { account } = await newAdmin(service)
    const { accessToken: token } = await service.signIn(account)
    service.clock.advance(MINUTE)
    await service.post('/api/auth/email/verification', undefined, { token })
    const { secret: ticket } = await lastMail(service, account.email)
    t.match(await service.post(DISOWN, { ticket }), INVALID)
    t.ok(await service.signIn(account))
  })

  await t.test(
    'a registration is disowned before its account is made, where addresses are proved first',
    async (t) => {
      const env = { ...MAIL, EMAIL_VERIFICATION: 'required' }
      const required = await startService(t, { env })
      const { email, password } = newAccount()
      const { flow } = (await required.post(REGISTER, { email, password })).body
      const { secret: ticket, code } = await lastMail(required, email)
      t.equal((await required.post(DISOWN, { ticket })).status, 204)
      t.match(await required.post(CONFIRM, { flow, code }), INVALID)
      t.match(await required.post(CONFIRM, { ticket, password }), INVALID)
      t.equal((await messages(required)).length, 1)
      t.equal((await required.post('/api/auth/login', { email, password })).status, 401)
    },
  )
})
