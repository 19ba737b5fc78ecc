import t, { type Test } from 'tap'
import { ACTING, administrationOf } from '../support/administration.js'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { allItems, assertGone, isAbout } from '../support/full-account.js'
import { ACCEPT, inviteByCommandLine, newInviter } from '../support/invitations.js'
import { newAdmin } from '../support/keys.js'
import { lastMail, MAIL, mailsTo } from '../support/mail.js'
import { newAccount, type Service, startService } from '../support/service.js'

const ENV = { ...MAIL, SIGN_UP: 'invited' }
const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }

const accept = (service: Service, ticket: string, of: object = {}) =>
  service.post(ACCEPT, { ticket, password: newAccount().password, ...of })

const acts = (service: Service) =>
  service
    .events('authz_admin')
    .map(({ action, to }) => [action, to])
    .filter(([action]) => String(action).includes('invit'))

async function start(t: Test, env: Readonly<Record<string, string>> = ENV) {
  const service = await startService(t, { env })
  return { service, inviter: await newInviter(service) }
}

t.test('an invitation makes an account with its role and a proved address', async (t) => {
  const { service, inviter } = await start(t)
  for (const role of ['user', 'admin'] as const) {
    const { email, ticket } = await inviter.invite({ role })
    const [mail] = await mailsTo(service, email)
    t.match(mail, { kind: 'invitation', facts: { role }, ticket: { kind: 'invitation' } })
    service.clock.advance(MINUTE)
    const answer = await accept(service, ticket, { name: 'Ada' })
    t.match(answer, {
      status: 200,
      body: {
        accessToken: String,
        refreshToken: String,
        user: { email, role, name: 'Ada', emailVerified: true },
      },
    })
    const user = await service.services.users.find(email)
    t.match(user, { role, emailVerified: true, provedByMail: true, passwordHash: String })
    t.equal(user?.adminSince !== undefined, role === 'admin')
    t.match(await accept(service, ticket), INVALID, 'once')
    const trail = await service.get('/api/account/events', { token: answer.body.accessToken })
    const events = trail.body.events.map(({ event }: { event: string }) => event)
    t.ok(events.includes('invitation_accepted') && events.includes('user_created'))
  }
  t.match(await inviter.call('GET', '/invitations'), {
    status: 200,
    body: { invitations: [], cursor: null },
  })
})

t.test('an invitation is listed, sent again and withdrawn by administrators', async (t) => {
  const { service, inviter } = await start(t)
  const { email, ticket } = await inviter.invite()
  const listed = await inviter.call('GET', '/invitations')
  t.match(listed.body.invitations, [{ email, role: 'user', invitedBy: inviter.id }])
  service.clock.advance(HOUR)
  const resent = await inviter.call('POST', '/invitations/resend', { email: email.toUpperCase() })
  t.match(resent, { status: 200, body: { invitation: { email } } })
  t.ok(resent.body.invitation.expiresAt > listed.body.invitations[0].expiresAt)
  t.match(await accept(service, ticket), INVALID, 'the former link is dead')
  const { secret: newer } = await lastMail(service, email)
  service.clock.advance(MINUTE)
  t.match(await inviter.call('POST', '/invitations/withdraw', { email }), { status: 204 })
  t.match(await accept(service, newer), INVALID, 'withdrawn')
  const gone = { status: 404, body: { code: 'INVITATION_NOT_FOUND' } }
  for (const act of ['resend', 'withdraw'])
    t.match(await inviter.call('POST', `/invitations/${act}`, { email }), gone)
  t.same(acts(service).slice(-2).length, 2)
})

t.test('an invitation that takes the place of another has its own role', async (t) => {
  const { service, inviter } = await start(t)
  const { email, ticket } = await inviter.invite({ role: 'admin' })
  const { ticket: newer } = await inviter.invite({ email })
  t.match(await accept(service, ticket), INVALID)
  t.match(await accept(service, newer), { status: 200, body: { user: { role: 'user' } } })
})

t.test('the link of an invitation ends after a day, and the invitation after seven', async (t) => {
  const { service, inviter } = await start(t)
  const { email, ticket } = await inviter.invite()
  service.clock.advance(DAY)
  t.match(await accept(service, ticket), INVALID)
  t.equal((await inviter.call('GET', '/invitations')).body.invitations.length, 1)
  const asked = await service.post('/api/auth/login/email', { email })
  t.notOk((await lastMail(service, email)).isDecoy)
  service.clock.advance(6 * DAY)
  t.match(await inviter.call('GET', '/invitations'), { body: { invitations: [] } })
  t.equal(asked.status, 202)
  await service.post('/api/auth/login/email', { email })
  t.equal((await mailsTo(service, email)).length, 2, 'one more is a decoy')
})

t.test('an invitation of an address that has an account is refused', async (t) => {
  const { service, inviter } = await start(t, { ...MAIL, EMAIL_VERIFICATION: 'optional' })
  const { email } = await service.signUp()
  const taken = { status: 409, body: { code: 'EMAIL_TAKEN' } }
  t.match(await inviter.call('POST', '/users/invite', { email }), taken)
  const { email: other, ticket } = await inviter.invite()
  await service.signUp({ email: other })
  t.match(await inviter.call('POST', '/invitations/resend', { email: other }), taken)
  t.match(await accept(service, ticket), taken, 'the account was made meanwhile')
})

t.test('an invitation is accepted once, by however many at once', async (t) => {
  const { service, inviter } = await start(t)
  const { email, ticket } = await inviter.invite()
  service.clock.advance(MINUTE)
  const { body } = await service.post('/api/auth/login/email', { email })
  const { code } = await lastMail(service, email)
  const [mail, ...links] = await Promise.all([
    service.post('/api/auth/login/email/confirm', { flow: body.flow, code }),
    ...Array.from({ length: 4 }, () => accept(service, ticket)),
  ])
  const made = links.filter(({ status }) => status === 200)
  // By mail one signs in, too, to the account that a link has just made.
  t.ok(made.length === 1 || (made.length === 0 && mail.status === 200), `${mail.status}`)
  for (const { status } of links) t.ok([200, 400].includes(status))
  const { users = [], events = [] } = await allItems(service)
  t.equal(users.filter((item) => item.email === email).length, 1)
  t.equal(events.filter(({ event }) => event === 'invitation_accepted').length, 1)
})

t.test('an invitation with the role of an administrator needs one who stays one', async (t) => {
  const { service, inviter } = await start(t)
  const { email, ticket } = await inviter.invite({ role: 'admin' })
  const { ticket: ordinary } = await inviter.invite()
  const other = await newInviter(service)
  service.clock.advance(MINUTE)
  const demoted = await other.call('PATCH', `/users/${inviter.id}`, { role: 'user' })
  t.equal(demoted.status, 200)
  t.match(await accept(service, ticket), INVALID)
  t.match(await accept(service, ordinary), { status: 200 })
  const asked = await service.post('/api/auth/login/email', { email })
  const { code } = await lastMail(service, email)
  const proof = { flow: asked.body.flow, code }
  t.match(await service.post('/api/auth/login/email/confirm', proof), INVALID)
  t.match(await inviter.call('POST', '/users/invite', { email }), { status: 403 })
})

t.test(
  'an invitation outlives the erasure of its administrator, unless it makes one',
  async (t) => {
    const { service, inviter } = await start(t)
    const other = await newInviter(service)
    const { ticket } = await inviter.invite()
    const { email, ticket: powerful } = await inviter.invite({ role: 'admin' })
    const name = await administrationOf(service).remove(ACTING, inviter.id)
    const { account } = inviter
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
    const { body } = await other.call('GET', '/invitations')
    const by = body.invitations.map(({ invitedBy }: { invitedBy: string }) => invitedBy)
    t.same(by, [name, name])
    const { events = [] } = await allItems(service)
    const sent = events.filter(({ facts }) => isAbout(facts ?? {}, ['"invite"']))
    t.same(
      sent.map(({ actorId }) => actorId),
      [name, name],
      'nor does the trail name them',
    )

    t.match(await accept(service, ticket), { status: 200, body: { user: { role: 'user' } } })
    t.match(await accept(service, powerful), INVALID)
    service.clock.advance(MINUTE)
    t.match(await other.call('POST', '/invitations/resend', { email }), { status: 200 })
    const { secret } = await lastMail(service, email)
    const made = await accept(service, secret)
    t.match(made, { status: 200, body: { user: { role: 'admin' } } }, 'in the name of another')
  },
)

t.test('an invitation of the command line is good without an administrator', async (t) => {
  const { service } = await start(t)
  const { email, ticket } = await inviteByCommandLine(service, { role: 'admin' })
  t.match((await mailsTo(service, email))[0], { kind: 'invitation', ticket: { keyId: undefined } })
  t.match(await accept(service, ticket), { status: 200, body: { user: { role: 'admin' } } })
})

t.test('an invitation needs an administrator with a recent sign-in', async (t) => {
  const { service, inviter } = await start(t)
  const { email } = await inviter.invite()
  const person = await service.signUp()
  const { accessToken: token } = await service.signIn(person)
  const paths = ['users/invite', 'invitations/resend', 'invitations/withdraw']
  for (const path of paths)
    t.match(await service.post(`/api/admin/${path}`, { email }, { token }), { status: 403 })
  t.match(await service.get('/api/admin/invitations', { token }), { status: 403 })
  const { account } = await newAdmin(service)
  const { refreshToken } = await service.signIn(account)
  service.clock.advance(20 * MINUTE)
  const { body } = await service.post('/api/auth/refresh', { refreshToken })
  const late = { token: body.accessToken }
  for (const path of ['users/invite', 'invitations/resend']) {
    const answer = await service.post(`/api/admin/${path}`, { email }, late)
    t.match(answer, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } }, path)
  }
  t.match(await service.post('/api/admin/invitations/withdraw', { email }, late), { status: 204 })
})

t.test('an administrator sends at most 100 invitations an hour', async (t) => {
  const { service, inviter } = await start(t)
  let status = 0
  let sent = 0
  while (status !== 429 && sent < 200) {
    const answer = await inviter.call('POST', '/users/invite', { email: `${sent}@many.example` })
    ;({ status } = answer)
    if (status === 201) sent++
    if (status === 429) t.ok(Number(answer.headers['retry-after']) > 0)
  }
  t.equal(sent, 100)
  const first = await inviter.call('GET', '/invitations')
  t.equal(first.body.invitations.length, 100)
  service.clock.advance(HOUR)
  t.match(await inviter.call('POST', '/users/invite', { email: 'more@many.example' }), {
    status: 201,
  })
  const pages = await inviter.call('GET', '/invitations')
  const next = await inviter.call('GET', `/invitations?cursor=${pages.body.cursor}`)
  t.equal(next.body.invitations.length, 1)
  t.equal(next.body.cursor, null)
})

t.test('an invitation is no use where no one may sign up, or no mail is sent', async (t) => {
  const { inviter } = await start(t, { ...MAIL, SIGN_UP: 'closed' })
  const { email } = newAccount()
  t.match(await inviter.call('POST', '/users/invite', { email }), {
    status: 403,
    body: { code: 'SIGN_UP_CLOSED' },
  })
  await t.rejects(startService(t, { env: { SIGN_UP: 'invited' } }), /SIGN_UP: invited needs MAIL/)
})

t.test('an invitation goes with the erasure of a person', async (t) => {
  const { service, inviter } = await start(t, { ...MAIL, EMAIL_VERIFICATION: 'optional' })
  const { email, ticket } = await inviter.invite()
  const account = await service.signUp({ email })
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get('/api/account/export', { token })
  t.match(body.invitations, [{ email, role: 'user' }])
  t.ok(body.mails.some(({ kind }: { kind: string }) => kind === 'invitation'))
  t.equal((await service.delete('/api/account', { token })).status, 204)
  t.notOk(isAbout(Object.values(await allItems(service)).flat(), [email]))
  t.match(await accept(service, ticket), INVALID)
  const { ticket: newer } = await inviter.invite({ email })
  const made = await accept(service, newer)
  t.match(made, { status: 200, body: { user: { email } } }, 'invited after')
  t.not(made.body.user.id, account.id)
})
