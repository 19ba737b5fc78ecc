import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { HOUR } from '../support/clock.js'
import { assertGone } from '../support/full-account.js'
import { newAdmin } from '../support/keys.js'
import { jarOf, submit } from '../support/pages.js'
import { type Account, type Service, startService } from '../support/service.js'

const enter = async (service: Service, { email, password }: Account) =>
  jarOf(await submit(service, '/login', { email, password }))

t.test('people see to their data on the account page', async (t) => {
  const service = await startService(t)

  t.test('the account page gives a person what is kept of them as a file', async (t) => {
    const account = await service.signUp()
    const cookies = await enter(service, account)
    const page = await service.get('/dashboard', { cookies })
    t.match(page.text, /href="\/dashboard\/data"/)
    const file = await service.get('/dashboard/data', { cookies })
    t.equal(file.status, 200)
    t.match(file.headers['content-disposition'], /attachment; filename="my-data.json"/)
    t.match(file.body, { version: 1, account: { id: account.id, email: account.email } })
    t.equal((await service.get('/dashboard/data')).status, 303, 'signed in')
  })

  t.test('the account page deletes the account after a question', async (t) => {
    const account = await service.signUp()
    const cookies = await enter(service, account)
    const page = await service.get('/dashboard', { cookies })
    t.ok(page.text.includes(en['account.delete.about']))
    const done = await submit(service, '/dashboard/delete', {}, { cookies })
    t.match(done, { status: 303, headers: { location: '/login?done=ACCOUNT_DELETED' } })
    t.same(
      done.cookies.map(({ value }) => value).filter((value) => value !== ''),
      [],
      'the cookies go',
    )
    const { text } = await service.get('/login?done=ACCOUNT_DELETED')
    t.ok(text.includes(en['done.ACCOUNT_DELETED']))
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
  })

  t.test('the account page asks for a proof first where the sign-in is older', async (t) => {
    const account = await service.signUp()
    const { email, password } = account
    const entered = await submit(service, '/login', { email, password })
    service.clock.advance(HOUR)
    const resumed = await service.get('/dashboard', { cookies: jarOf(entered) })
    const cookies = { ...jarOf(entered), ...jarOf(resumed) }
    const asked = /^\/step-up\?returnTo=%2Fdashboard$/
    const file = await service.get('/dashboard/data', { cookies })
    t.match(file, { status: 303, headers: { location: asked } })
    const refused = await submit(service, '/dashboard/delete', {}, { cookies })
    t.match(refused, { status: 303, headers: { location: asked } })
    t.ok(await service.signIn(account))
  })

  t.test(
    'the account page tells an administrator that the command line deletes the account',
    async (t) => {
      const { account } = await newAdmin(service)
      const cookies = await enter(service, account)
      const { text } = await service.get('/dashboard', { cookies })
      t.ok(text.includes(en['account.delete.admin']))
      t.notMatch(text, 'action="/dashboard/delete"')
      const refused = await submit(service, '/dashboard/delete', {}, { cookies })
      t.equal(refused.status, 403)
    },
  )
})
