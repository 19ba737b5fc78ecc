import t from 'tap'
import type { TrailItem } from '../../src/events/trail.js'
import { changeAddress } from '../support/address-change.js'
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.js'
import { FACTORS, RECOVERY_CODES, signInWithFactor, TOTP, withTotp } from '../support/factors.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { jarOf, submit } from '../support/pages.js'
import { addPasskey, newPasskey, PASSKEYS } from '../support/passkeys.js'
import { newAccount, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'
import { trailItems, trailOf } from '../support/trail.js'

const EVENTS = '/api/account/events'
const HOME = { remoteAddress: '203.0.113.5', headers: { 'user-agent': 'Test/1.0' } }

/** Of each item: the event, and who did it, where that was another than the person. */
const told = (items: readonly TrailItem[]) =>
  items.map(({ event, actorId }) => (actorId === undefined ? event : `${event} by ${actorId}`))

t.test(
  'an event of a person is kept once in the trail, in the transaction of the change',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const owner = await newOwner(service)
    const { account } = owner
    const { id: userId, email, password } = account
    await proveAddress(service, userId)
    const { accessToken: token } = await service.signIn(account)
    const key = await owner.generate()
    const { accessToken: other } = await service.signIn(account)
    const sessionsOf = async () =>
      (await service.get('/api/auth/sessions', { token })).body.sessions
    const passkey = newPasskey(service)
    let passkeyId = ''
    const newPassword = newAccount().password

    const deeds: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['authn_login_success', () => service.signIn(account, HOME)],
      ['sensitive_create', () => owner.generate()],
      ['sensitive_update', () => owner.patch(key.id, { name: 'another' })],
      ['sensitive_rotate', () => owner.rotate(key.id, 0)],
      ['sensitive_delete', () => owner.call('DELETE', `/${key.id}`)],
      ['authn_logout', () => service.post('/api/auth/logout', undefined, { token: other })],
      [
        'authn_session_ended',
        async () => {
          const { id } = (await sessionsOf()).find(({ current }: { current: boolean }) => !current)
          await service.delete(`/api/auth/sessions/${id}`, { token })
        },
      ],
      [
        'authn_factor_added',
        async () => {
          const { body } = await addPasskey(service, token, passkey)
          passkeyId = body.passkey.id
        },
      ],
      [
        'authn_passkey_renamed',
        () =>
          service.call('PATCH', `${PASSKEYS}/${passkeyId}`, {
            token,
            body: { name: 'of the desk' },
          }),
      ],
      ['authn_recovery_codes_replaced', () => service.post(RECOVERY_CODES, undefined, { token })],
      ['authn_factor_removed', () => service.delete(`${PASSKEYS}/${passkeyId}`, { token })],
      [
        'authn_password_change',
        () =>
          service.post('/api/auth/password', { currentPassword: password, newPassword }, { token }),
      ],
      ['authn_sessions_ended', () => service.delete('/api/auth/sessions', { token })],
    ]
    for (const [event, act] of deeds) {
      const { length } = service.calls
      const items = await trailOf(service, act)
      t.match(
        items.filter((item) => item.event === event || !SIDE.has(item.event)),
        [{ event, userId }],
        event,
      )
      t.ok(service.calls.slice(length).includes('TransactWriteItems'))
    }
    const items = await trailItems(service)
    t.notMatch(JSON.stringify(items), email, 'no address')
    t.notMatch(JSON.stringify(items), key.secret, 'no secret')
    for (const secret of [password, newPassword, token, other]) {
      t.notMatch(JSON.stringify(items), secret, 'no password and no token')
    }
    const [first] = items.filter(({ ip }) => ip === HOME.remoteAddress)
    t.match(first, {
      event: 'authn_login_success',
      userAgent: 'Test/1.0',
      facts: { method: 'password' },
    })
    t.ok(first?.facts?.sessionId)
  },
)

/** What a helper of the test does on the way: it signs in again. */
const SIDE: ReadonlySet<string> = new Set([
  ...['authn_login_success', 'api_key_suspended', 'authn_factor_removed'],
])

t.test(
  'an event by mail is kept in the trail, in the transaction that uses the mail up',
  async (t) => {
    const service = await startService(t, { env: { ...MAIL, EMAIL_VERIFICATION: 'required' } })
    const { email, password } = newAccount()
    const asked = await service.post('/api/auth/register', { email, password })
    t.same(await trailItems(service), [], 'there is no account yet')
    const { code } = await lastMail(service, email)
    const made = await trailOf(service, () =>
      service.post('/api/auth/email/verification/confirm', { flow: asked.body.flow, code }),
    )
    t.same(told(made), ['user_created'], 'one item for the account and its first sign-in')
    t.match(made, [{ facts: { method: 'email' } }])
    t.ok(made[0]?.facts?.sessionId)
    service.clock.advance(MINUTE)

    const account = { id: String(made[0]?.userId), email, password }
    const changed = await trailOf(service, () => changeAddress(service, account))
    t.same(told(changed), ['authn_login_success', 'address_changed'])
    service.clock.advance(MINUTE)

    const address = String((await service.services.users.store.findById(account.id))?.email)
    const forgot = await service.post('/api/auth/password/forgot', { email: address })
    const mail = await lastMail(service, address)
    const body = { flow: forgot.body.flow, code: mail.code, newPassword: newAccount().password }
    const reset = await trailOf(service, () => service.post('/api/auth/password/reset', body))
    t.same(told(reset), ['authn_password_reset'])
  },
)

t.test('an event in the trail by an administrator or the key says who it was', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const owner = await newOwner(service)
  const key = await owner.generate()
  await admin.call('GET')
  const disabled = await trailOf(service, () =>
    admin.admin('PATCH', `/${owner.id}`, { status: 'disabled' }),
  )
  t.match(disabled, [
    {
      ...{ userId: owner.id, actorId: admin.id, event: 'authz_admin' },
      facts: { action: 'status', from: 'active', to: 'disabled' },
    },
  ])
  await admin.admin('PATCH', `/${owner.id}`, { status: 'active' })
  const narrowed = await trailOf(service, () => admin.patch(key.id, { status: 'disabled' }))
  t.match(narrowed, [
    {
      ...{ userId: owner.id, actorId: admin.id, event: 'sensitive_update' },
      facts: { keyId: key.id, changes: { status: 'disabled' } },
    },
  ])
  await admin.patch(key.id, { status: 'active' })
  const rotated = await trailOf(service, () =>
    service.post(`/api/apikeys/${key.id}/rotate`, {}, { headers: { 'x-api-key': key.secret } }),
  )
  t.same(told(rotated), ['sensitive_rotate by key-holder'])
  t.equal(rotated[0]?.userId, owner.id)
})

t.test('wrong passwords are one event of the trail for each account and hour', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const wrong = () =>
    service.post('/api/auth/login', { email: account.email, password: newAccount().password })
  const spent = async (email: string) => {
    const { length } = service.calls
    await service.post('/api/auth/login', { email, password: newAccount().password })
    return service.calls.slice(length)
  }
  const items = await trailOf(service, () => parallel(40, wrong))
  t.match(items, [{ userId: account.id, event: 'authn_login_fail', actorId: 'stranger' }])
  t.equal(items.length, 1)
  t.ok(Number(items[0]?.times) <= 20, `${items[0]?.times} were looked at`)
  service.clock.advance(HOUR)
  t.same(await spent(account.email), await spent(newAccount().email), 'the calls say nothing')
  const own = (await trailItems(service)).filter(({ userId }) => userId === account.id)
  t.equal(own.filter(({ event }) => event === 'authn_login_fail').length, 2, 'the next hour')
})

t.test('wrong second factors are events of the trail too', async (t) => {
  const service = await startService(t)
  const { app, account } = await withTotp(service)
  const items = await trailOf(service, async () => {
    for (let index = 0; index < 3; index++)
      await signInWithFactor(service, account, { totp: app.wrongCode(index) })
  })
  t.match(items, [{ userId: account.id, event: 'authn_factor_fail', times: 3 }])
})

t.test('a person reads the audit trail of their account', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const sessions: string[] = []
  for (let times = 0; times < 45; times++) {
    service.clock.advance(MINUTE)
    sessions.push((await service.signIn(account, HOME)).accessToken)
  }
  const token = sessions.at(-1) as string
  const pageAt = async (query: string) => (await service.get(`${EVENTS}${query}`, { token })).body

  t.test('the audit trail is read newest first, 20 a page', async (t) => {
    const found = []
    let query = ''
    const sizes = []
    for (;;) {
      const { events, cursor } = await pageAt(query)
      found.push(...events)
      sizes.push(events.length)
      if (cursor === null) break
      query = `?cursor=${cursor}`
    }
    t.same(sizes, [20, 20, 6])
    t.equal(found.at(-1).event, 'user_created')
    const times = found.map(({ at }) => at as string)
    t.same(times, [...times].sort().reverse())
    t.equal(new Set(found.map(({ id }) => id)).size, 46)
    t.match(found[0], {
      ...{ event: 'authn_login_success', actor: 'self', times: 1 },
      ...{ ip: HOME.remoteAddress, userAgent: 'Test/1.0', details: { method: 'password' } },
    })
  })

  t.test('the audit trail is read by the name of its events', async (t) => {
    const { events, cursor } = await pageAt('?event=user_created')
    t.match(events, [{ event: 'user_created' }])
    t.equal(events.length, 1)
    t.equal(cursor, null)
  })

  t.test('the audit trail refuses what is no filter', async (t) => {
    // One letter of base64 is no byte, and DynamoDB takes no empty key.
    for (const query of [
      '?event=keys_replaced',
      '?cursor=%23',
      '?cursor=A',
      '?cursor=a&cursor=b',
      '?x=1',
    ]) {
      t.equal((await service.get(`${EVENTS}${query}`, { token })).status, 400, query)
    }
    const any = await pageAt(`?cursor=${Buffer.from('zzz').toString('base64url')}`)
    t.equal(any.events.length, 20, 'a cursor of no entry is a place like any other')
  })

  t.test(
    'no one else reads an audit trail, but administrators, whose look is logged',
    async (t) => {
      const other = await newOwner(service)
      const admin = await newAdmin(service)
      const theirs = `/${account.id}/events`
      t.equal((await other.admin('GET', theirs)).status, 403)
      const { status, body } = await admin.admin('GET', theirs)
      t.equal(status, 200)
      t.match(body.events[0], { event: 'authn_login_success', actor: 'self', actorId: null })
      t.match(service.events('authz_admin').at(-1), { action: 'find_events', targetId: account.id })
      const mails = await admin.admin('GET', '/MAIL%23x/events')
      t.same(mails.body, { events: [], cursor: null })
    },
  )

  t.test(
    'an administrator’s address and id in the audit trail are not the person’s to see',
    async (t) => {
      const admin = await newAdmin(service)
      service.clock.advance(1000)
      await admin.admin('DELETE', `/${account.id}/sessions`)
      service.clock.advance(1000)
      const again = await service.signIn(account)
      const { body } = await service.get(EVENTS, { token: again.accessToken })
      t.match(body.events[1], {
        ...{ event: 'authz_admin', actor: 'administrator', ip: null, userAgent: null },
        details: { action: 'end_sessions' },
      })
      t.notMatch(JSON.stringify(body), admin.id)
    },
  )

  t.test('an event is kept in the trail for 400 days', async (t) => {
    service.clock.advance(400 * DAY + HOUR)
    const again = await service.signIn(account)
    const { body } = await service.get(EVENTS, { token: again.accessToken })
    t.equal(body.events.length, 1)
  })
})

t.test('reads and refreshes write no event to the trail', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token, refreshToken } = await service.signIn(account)
  const items = await trailOf(service, async () => {
    await service.post('/api/auth/refresh', { refreshToken })
    for (const path of [EVENTS, '/api/profile', '/api/auth/sessions', FACTORS])
      t.equal((await service.get(path, { token })).status, 200, path)
    await service.post(TOTP, undefined, { token })
  })
  t.same(items, [])
})

t.test('the activity page lists the audit trail, in each language', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const account = await service.signUp()
  const { email, password } = account
  for (let times = 0; times < 21; times++) {
    service.clock.advance(SECOND)
    await service.signIn(account, HOME)
  }
  const cookies = jarOf(await submit(service, '/login', { email, password }, HOME))
  const show = (path: string, language: string) =>
    service.get(path, { cookies, headers: { 'accept-language': language } })
  const page = await show('/account/activity', 'en')
  t.equal(page.status, 200)
  t.match(page.text, 'Signed in')
  t.match(page.text, HOME.remoteAddress)
  t.match((await show('/account/activity', 'de')).text, 'Angemeldet')
  const [, older = ''] = /href="(\/account\/activity\?cursor=[^"]+)"/.exec(page.text) ?? []
  t.match((await show(older, 'en')).text, 'The account was created')
  t.equal((await show('/account/activity?cursor=%23', 'en')).status, 200)
  t.equal((await show(`/dashboard/users/${admin.id}/activity`, 'en')).status, 403)

  const adminCookies = jarOf(
    await submit(service, '/login', {
      email: admin.account.email,
      password: admin.account.password,
    }),
  )
  const look = (path: string) => service.get(path, { cookies: adminCookies })
  t.match((await look(`/dashboard/users/${account.id}`)).text, `${account.id}/activity`)
  const theirs = await look(`/dashboard/users/${account.id}/activity`)
  t.match(theirs.text, 'Signed in')
})
