import t, { type Test } from 'tap'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { MINUTE } from '../support/clock.js'
import { allItems } from '../support/full-account.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { ACCEPT, newInviter } from '../support/invitations.js'
import { lastMail, MAIL, mailsTo, messages } from '../support/mail.js'
import { jarOf, submit } from '../support/pages.js'
import { type Fate, startProxy } from '../support/proxy.js'
import { newAccount, type Service, startService } from '../support/service.js'

const ENV = { ...MAIL, EMAIL_VERIFICATION: 'required', SIGN_UP: 'invited' }
const CLOSED = '/login?error=SIGN_UP_CLOSED'

const userOf = (service: Service, email: string) => service.services.users.find(email)

async function start(t: Test) {
  const { service: open, providers, env } = await startWithOpenProviders(t, ['north'], MAIL)
  const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}')
  const OAUTH_PROVIDERS = JSON.stringify({
    north: { ...settings.north, domains: ['example.com', 'provider.example'] },
  })
  const service = await startService(t, { beside: open, env: { ...ENV, OAUTH_PROVIDERS } })
  const own = { ...ENV, OAUTH_PROVIDERS }
  return { service, provider: providers.north, inviter: await newInviter(service), env: own }
}

const signInByMail = async (service: Service, email: string) => {
  service.clock.advance(MINUTE)
  const { body } = await service.post('/api/auth/login/email', { email })
  const { code } = await lastMail(service, email)
  return service.post('/api/auth/login/email/confirm', { flow: body.flow, code })
}

t.test('SIGN_UP=invited holds for every way in', async (t) => {
  const { service, provider, inviter } = await start(t)
  const arrive = async (email: string) => {
    const visit = await provider.signIn(new Browser(service), { ...newSubject(), email })
    return visit.headers.get('location')
  }
  const byMail = (email: string) => signInByMail(service, email)

  await t.test('SIGN_UP=invited admits an invited person by a provider', async (t) => {
    t.equal(await arrive(newAccount().email), CLOSED)
    const { email } = await inviter.invite({ role: 'admin' })
    t.equal(await arrive(email), '/dashboard')
    t.match(await userOf(service, email), { role: 'admin', emailVerified: true })
    t.match(await inviter.call('GET', '/invitations'), { body: { invitations: [] } })
    const withdrawn = await inviter.invite()
    await inviter.call('POST', '/invitations/withdraw', { email: withdrawn.email })
    t.equal(await arrive(withdrawn.email), CLOSED)
  })

  await t.test('SIGN_UP=invited admits an invited person by mail', async (t) => {
    const { email } = await inviter.invite({ role: 'admin' })
    t.match(await byMail(email), { status: 200, body: { user: { email, role: 'admin' } } })
    t.match(await byMail(email), { status: 200 }, 'and signs them in the next time')
    const stranger = newAccount().email
    t.match(await service.post('/api/auth/login/email', { email: stranger }), { status: 202 })
    t.same(await mailsTo(service, stranger), [], 'a stranger gets none')
  })

  await t.test('SIGN_UP=invited admits an invited person by registration', async (t) => {
    const { email } = await inviter.invite({ role: 'admin' })
    const { password } = newAccount()
    service.clock.advance(MINUTE)
    const { status, body } = await service.post('/api/auth/register', { email, password })
    t.equal(status, 202)
    const { code } = await lastMail(service, email)
    const proof = { flow: body.flow, code }
    const made = await service.post('/api/auth/email/verification/confirm', proof)
    t.match(made, { status: 200, body: { user: { email, role: 'admin', emailVerified: true } } })
  })

  await t.test('SIGN_UP=invited makes nothing of a registration that was withdrawn', async (t) => {
    const { email } = await inviter.invite()
    const { password } = newAccount()
    service.clock.advance(MINUTE)
    const { body } = await service.post('/api/auth/register', { email, password })
    const { code } = await lastMail(service, email)
    await inviter.call('POST', '/invitations/withdraw', { email })
    const proof = { flow: body.flow, code }
    t.match(await service.post('/api/auth/email/verification/confirm', proof), { status: 403 })
    t.equal(await userOf(service, email), undefined)
  })

  await t.test('SIGN_UP=invited admits an invited person on the pages', async (t) => {
    const { email, ticket } = await inviter.invite()
    const page = await service.get('/invitation')
    t.match(page.text, 'Accept your invitation')
    t.match(page.text, 'Sign up with')
    t.equal(await userOf(service, email), undefined, 'GET has no effect')
    const weak = await submit(service, '/invitation', { ticket, password: 'password1234' })
    t.equal(weak.status, 400)
    const { password } = newAccount()
    const made = await submit(service, '/invitation', { ticket, password, name: 'Ada' })
    t.equal(made.headers.location, '/dashboard?done=INVITATION_ACCEPTED')
    t.match(await userOf(service, email), { name: 'Ada', emailVerified: true })
    const used = await submit(service, '/invitation', { ticket, password })
    const unknown = await submit(service, '/invitation', { ticket: 'x'.repeat(65), password })
    t.equal(used.status, 400)
    t.equal(used.text, unknown.text, 'a used one and an unknown one get the same page')
  })

  await t.test('SIGN_UP=invited tells no stranger who is invited', async (t) => {
    const { email: invited } = await inviter.invite()
    const ask = async (path: string, body: object) => {
      const before = service.calls.length
      const { status } = await service.post(path, body)
      return { status, calls: service.calls.slice(before) }
    }
    const { email: stranger, password } = newAccount()
    for (const path of ['/api/auth/register', '/api/auth/login/email']) {
      const of = path.endsWith('register') ? { password } : {}
      const one = await ask(path, { email: invited, ...of })
      t.same(await ask(path, { email: stranger, ...of }), one, path)
      t.equal(one.status, 202)
    }
    const mails = (await messages(service)).filter(({ to }) => to === stranger)
    t.ok(mails.every(({ isDecoy }) => isDecoy))
  })
})

t.test('administrators invite on the pages', async (t) => {
  const service = await startService(t, { env: ENV })
  const { account } = await newInviter(service)
  const cookies = jarOf(
    await submit(service, '/login', { email: account.email, password: account.password }),
  )
  const { email } = newAccount()
  t.match((await service.get('/dashboard/users', { cookies })).text, 'Invite a person')
  const sent = await submit(
    service,
    '/dashboard/invitations',
    { email, role: 'admin' },
    { cookies },
  )
  t.equal(sent.headers.location, '/dashboard/invitations?done=INVITED')
  const listed = await service.get('/dashboard/invitations', { cookies })
  t.match(listed.text, email)
  service.clock.advance(MINUTE)
  const again = await submit(service, '/dashboard/invitations/resend', { email }, { cookies })
  t.equal(again.status, 303)
  const wrong = await submit(service, '/dashboard/invitations', { email: 'no' }, { cookies })
  t.equal(wrong.status, 400)
  const taken = await submit(
    service,
    '/dashboard/invitations',
    { email: account.email },
    { cookies },
  )
  t.equal(taken.status, 409)
  const withdrawn = await submit(service, '/dashboard/invitations/withdraw', { email }, { cookies })
  t.equal(withdrawn.headers.location, '/dashboard/invitations?done=INVITATION_WITHDRAWN')
  t.notMatch((await service.get('/dashboard/invitations', { cookies })).text, email)
})

t.test('SIGN_UP=domains admits invited people of every domain', async (t) => {
  const service = await startService(t, { env: { ...ENV, SIGN_UP: 'domains:example.org' } })
  const inviter = await newInviter(service)
  const accept = (ticket: string) =>
    service.post(ACCEPT, { ticket, password: newAccount().password })
  const ofDomain = () => newAccount().email.replace('example.com', 'example.org')

  const outside = await inviter.invite({ role: 'admin' })
  t.match(await accept(outside.ticket), { status: 200, body: { user: { role: 'admin' } } })
  const inside = await inviter.invite({ email: ofDomain(), role: 'admin' })
  t.match(await signInByMail(service, inside.email), { body: { user: { role: 'admin' } } })
  const register = async (email: string) => {
    const { password } = newAccount()
    service.clock.advance(MINUTE)
    const { body } = await service.post('/api/auth/register', { email, password })
    const { code } = await lastMail(service, email)
    return service.post('/api/auth/email/verification/confirm', { flow: body.flow, code })
  }
  t.match(await register(ofDomain()), { status: 200, body: { user: { role: 'user' } } })

  const withdrawn = [await inviter.invite({ email: ofDomain(), role: 'admin' })]
  withdrawn.push(await inviter.invite())
  for (const { email, ticket } of withdrawn) {
    await inviter.call('POST', '/invitations/withdraw', { email })
    t.match(await accept(ticket), { status: 400, body: { code: 'TICKET_INVALID' } })
  }
  const [still, none] = withdrawn.map(({ email }) => email) as [string, string]
  t.match(await register(still), { body: { user: { role: 'user' } } }, 'by its domain')
  const sent = (await mailsTo(service, none)).length
  service.clock.advance(MINUTE)
  const { email, password } = { ...newAccount(), email: none }
  t.equal((await service.post('/api/auth/register', { email, password })).status, 403)
  await service.post('/api/auth/login/email', { email })
  t.equal((await mailsTo(service, none)).length, sent, 'and the other gets no mail')
})

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'])

t.test('an invitation makes one account of a link and a provider that come at once', async (t) => {
  const proxy = await startProxy(t)
  const { service, provider, inviter, env } = await start(t)
  const slow = await startService(t, { beside: service, env, endpoint: proxy.endpoint })
  const { password } = newAccount()
  for (const held of ['link', 'provider'] as const) {
    let writes = 0
    for (let at = 1; at === 1 || writes >= at - 1; at++) {
      writes = 0
      const { email, ticket } = await inviter.invite({ role: 'admin' })
      const accept = (by: Service) => by.post(ACCEPT, { ticket, password })
      const browser = new Browser(held === 'link' ? service : slow)
      const callback = await provider.walk(browser, { ...newSubject(), email })
      const arrive = () => browser.visit(callback, { headers: OWN_PAGE })
      proxy.decide(async ({ operation }): Promise<Fate> => {
        if (WRITES.has(operation) && ++writes === at)
          await (held === 'link' ? arrive() : accept(service))
        return 'pass'
      })
      await (held === 'link' ? accept(slow) : arrive())
      proxy.decide(() => 'pass')
      const { users = [], events = [] } = await allItems(service)
      const made = users.filter((user) => user.email === email)
      t.match(made, [{ role: 'admin', emailVerified: true }], `${held}, write ${at}`)
      t.equal(made.length, 1)
      const { id } = made[0] ?? {}
      const used = events.filter(
        ({ event, userId }) => event === 'invitation_accepted' && userId === id,
      )
      t.equal(used.length, 1, 'and the invitation is used once')
      t.match(await inviter.call('GET', '/invitations'), { body: { invitations: [] } })
    }
  }
})
