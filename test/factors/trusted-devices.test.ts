import { decodeJwt } from 'jose'
import t from 'tap'
import { ACCESS_COOKIE, TRUSTED_COOKIE } from '../../src/http/cookies.js'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { type AuthenticatorApp, FACTOR_SIGN_IN, withTotp } from '../support/factors.js'
import { lastMail, MAIL } from '../support/mail.js'
import { newMember, OWN_SCRIPT } from '../support/mail-sign-in.js'
import { jarOf } from '../support/pages.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const DEVICES = '/api/auth/devices'

type Cookies = Readonly<Record<string, string>>

/** The first step, in a browser. */
const begin = (service: Service, { email, password }: Account, cookies: Cookies = {}, more = {}) =>
  service.post(
    LOGIN,
    { email, password, useCookies: true, ...more },
    { cookies, headers: OWN_SCRIPT },
  )

/** Signs in fully, and says that the browser is the person's own. */
async function trust(
  service: Service,
  account: Account,
  app: AuthenticatorApp,
  cookies: Cookies = {},
) {
  const { body } = await begin(service, account, cookies)
  const second = { ticket: body.ticket, totp: app.nextCode(), useCookies: true, trustDevice: true }
  const answer = await service.post(FACTOR_SIGN_IN, second, { cookies, headers: OWN_SCRIPT })
  t.equal(answer.status, 200)
  const kept = Object.entries(jarOf(answer)).filter(([name]) => name.startsWith(TRUSTED_COOKIE))
  const token = jarOf(answer)[ACCESS_COOKIE] ?? ''
  const line = answer.cookies.find(({ name }) => name.startsWith(TRUSTED_COOKIE))
  return { cookies: { ...cookies, ...Object.fromEntries(kept) }, token, line }
}

const isAsked = async (service: Service, account: Account, cookies: Cookies) =>
  (await begin(service, account, cookies)).body.code === 'SECOND_FACTOR_REQUIRED'

t.test('a trusted device of one’s own needs no second factor for 30 days', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  t.ok(await isAsked(service, account, {}))
  const { cookies, line } = await trust(service, account, app)
  t.match(line, { httpOnly: true, secure: true, sameSite: 'Lax', maxAge: (30 * DAY) / 1000 })
  const answer = await begin(service, account, cookies)
  t.equal(answer.status, 200)
  const { acr, amr } = decodeJwt(jarOf(answer)[ACCESS_COOKIE] ?? '')
  t.same([acr, amr], ['urn:latchkey:1', ['pwd']], 'and proves no more than one')
  const own = { cookies: jarOf(answer), headers: { origin: service.config.issuer } }
  const refused = await service.post('/api/auth/factors/recovery-codes', undefined, own)
  t.match(refused.body, { code: 'RECENT_SIGN_IN_REQUIRED' })
  t.match(refused.headers['www-authenticate'], /acr_values="urn:latchkey:2", max_age="900"/)
  t.ok(await isAsked(service, account, {}), 'in no other browser')
  service.clock.advance(30 * DAY)
  t.ok(await isAsked(service, account, cookies))
})

t.test('a trusted device is the account’s alone', async (t) => {
  const service = await startService(t)
  const [one, two] = [await withTotp(service), await withTotp(service)]
  const { cookies } = await trust(service, one.account, one.app)
  t.ok(await isAsked(service, two.account, cookies))
  const [name = '', value = ''] = Object.entries(cookies)[0] ?? []
  const both = await trust(service, two.account, two.app, cookies)
  t.notOk(await isAsked(service, one.account, both.cookies), 'a browser may be that of two')
  t.notOk(await isAsked(service, two.account, both.cookies))
  const [other = ''] = Object.keys(both.cookies).filter((each) => each !== name)
  t.ok(await isAsked(service, two.account, { [other]: value }), 'but by a secret for each')
})

t.test('the trust in a device ends with what it rests on', async (t) => {
  const service = await startService(t, { env: MAIL })
  const password = newAccount().password
  const endings: Readonly<Record<string, (account: Account, token: string) => Promise<unknown>>> = {
    'a reset': async ({ email }) => {
      service.clock.advance(MINUTE)
      await service.post('/api/auth/password/forgot', { email })
      const { secret: ticket } = await lastMail(service, email)
      return service.post('/api/auth/password/reset', { ticket, newPassword: password })
    },
    'a new password': (account, token) =>
      service.post(
        '/api/auth/password',
        { currentPassword: account.password, newPassword: password },
        { token },
      ),
    'changed factors': (_account, token) =>
      service.post('/api/auth/factors/recovery-codes', undefined, { token }),
    'the end of all sessions': (_account, token) => service.delete('/api/auth/sessions', { token }),
  }
  for (const [ending, end] of Object.entries(endings)) {
    const { account, app } = await withTotp(service, await newMember(service))
    const { cookies, token } = await trust(service, account, app)
    t.notOk(await isAsked(service, account, cookies))
    await end(account, token)
    const isNew = ending === 'a reset' || ending === 'a new password'
    const holder = isNew ? { ...account, password } : account
    t.ok(await isAsked(service, holder, cookies), ending)
  }
})

t.test('a trusted device is listed, and can be ended', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const { cookies, token } = await trust(service, account, app)
  const own = { cookies, token }
  const { body } = await service.get(DEVICES, own)
  t.match(body.devices, [{ current: true, ip: '127.0.0.1' }])
  const [{ id }] = body.devices
  t.equal((await service.delete(`${DEVICES}/${id}x`, own)).body.code, 'DEVICE_NOT_FOUND')
  const ended = await service.delete(`${DEVICES}/${id}`, own)
  t.equal(ended.status, 204)
  t.match(ended.cookies, [{ value: '', maxAge: 0 }])
  t.ok(await isAsked(service, account, cookies))
  t.same((await service.get(DEVICES, own)).body.devices, [])
  t.equal((await service.get('/api/auth/sessions', { token })).status, 200, 'sessions go on')
  const stranger = await withTotp(service)
  const theirs = await trust(service, stranger.account, stranger.app)
  const [other] = (await service.get(DEVICES, { token: theirs.token })).body.devices
  t.equal((await service.delete(`${DEVICES}/${other.id}`, own)).status, 404)
})

t.test('an account trusts ten devices: for one more the oldest goes', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const browsers: Cookies[] = []
  for (let index = 0; index < 11; index++) {
    browsers.push((await trust(service, account, app)).cookies)
    service.clock.advance(MINUTE)
  }
  const [first = {}, second = {}] = browsers
  t.ok(await isAsked(service, account, first))
  t.notOk(await isAsked(service, account, second))
})

t.test('where the policy wants a second factor, a device is trusted for hours', async (t) => {
  const lax = await startService(t, { env: MAIL })
  for (const SECOND_FACTOR of ['administrators', 'required']) {
    const service = await startService(t, { beside: lax, env: { ...MAIL, SECOND_FACTOR } })
    const { account, app } = await withTotp(lax, await newMember(lax))
    const { cookies } = await trust(service, account, app)
    t.notOk(await isAsked(service, account, cookies))
    await lax.services.users.store.change(account.id, { role: 'admin' })
    t.ok(await isAsked(service, account, cookies), 'never for administrators')
    await lax.services.users.store.change(account.id, { role: 'user' })
    service.clock.advance(12 * HOUR)
    t.ok(await isAsked(service, account, cookies))
    const longer = await trust(lax, account, app)
    service.clock.advance(12 * HOUR)
    t.ok(await isAsked(service, account, longer.cookies), 'under any policy of that time')
  }
})

t.test('a computer that others use is never a trusted device', async (t) => {
  const service = await startService(t)
  const { account, app } = await withTotp(service)
  const { body } = await begin(service, account, {}, { keepSignedIn: false })
  const second = { ticket: body.ticket, totp: app.nextCode(), useCookies: true, trustDevice: true }
  const answer = await service.post(FACTOR_SIGN_IN, second, { headers: OWN_SCRIPT })
  t.equal(answer.status, 200)
  t.same(
    answer.cookies.filter(({ name }) => name.startsWith(TRUSTED_COOKIE)),
    [],
  )
  t.ok(answer.cookies.every(({ maxAge, value }) => value === '' || maxAge === undefined))
})
