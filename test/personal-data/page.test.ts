import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { assertGone } from '../support/full-account.js'
import { newAdmin } from '../support/keys.js'
import { complaints, jarOf, submit } from '../support/pages.js'
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

t.test('administrators delete a person’s data on the page of the user', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const cookies = await enter(service, admin.account)
  const pathOf = ({ id }: { readonly id: string }) => `/dashboard/users/${id}`
  const erase = (account: { readonly id: string }, by = cookies) =>
    submit(service, `${pathOf(account)}/delete`, {}, { cookies: by })

  t.test('the page of a user deletes the account after a question', async (t) => {
    const account = await service.signUp()
    const { text } = await service.get(pathOf(account), { cookies })
    t.ok(text.includes(en['users.delete.about']))
    const done = await erase(account)
    t.match(done, { status: 303, headers: { location: '/dashboard/users?done=USER_DELETED' } })
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
    const list = await service.get('/dashboard/users?done=USER_DELETED', { cookies })
    t.ok(list.text.includes(en['done.USER_DELETED']))
    const again = await erase(account)
    t.equal(again.status, 404)
    t.same(complaints(again), [en['problem.USER_NOT_FOUND']])
  })

  t.test('the page of a user deletes an account without an address', async (t) => {
    const account = await service.signUp()
    await admin.admin('POST', `/${account.id}/release-address`)
    t.match((await service.get(pathOf(account), { cookies })).text, `${pathOf(account)}/delete`)
    t.equal((await erase(account)).status, 303)
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
  })

  t.test('the page of a user asks for a proof first where the sign-in is older', async (t) => {
    const account = await service.signUp()
    const other = await enter(service, admin.account)
    service.clock.advance(15 * MINUTE)
    const renewed = { ...other, ...jarOf(await service.get('/dashboard', { cookies: other })) }
    const late = await erase(account, renewed)
    const asked = `/step-up?returnTo=${encodeURIComponent(pathOf(account))}`
    t.match(late, { status: 303, headers: { location: asked } })
    t.ok(await service.signIn(account))
    Object.assign(cookies, await enter(service, admin.account))
  })

  t.test('the page of an administrator leads to the command line', async (t) => {
    const other = await newAdmin(service)
    for (const account of [admin.account, other.account]) {
      const { text } = await service.get(pathOf(account), { cookies })
      t.ok(text.includes(en['users.delete.admin']))
      t.notMatch(text, `${pathOf(account)}/delete`)
      const refused = await erase(account)
      t.equal(refused.status, 403)
      t.same(complaints(refused), [en['problem.ADMIN_ACCOUNT']])
    }
  })

  t.test('the page of a user deletes nothing for an ordinary user', async (t) => {
    const [one, two] = [await service.signUp(), await service.signUp()]
    t.equal((await erase(two, await enter(service, one))).status, 403)
    t.ok(await service.signIn(two))
  })
})
