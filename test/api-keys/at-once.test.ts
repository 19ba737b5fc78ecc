import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { HOUR } from '../support/clock.js'
import { type Generated, newAdmin, newOwner, type Owner, statusOf } from '../support/keys.js'
import { newSigner, report } from '../support/leak-reports.js'
import { basic, postForm } from '../support/social.js'
import { jarOf, submit } from '../support/pages.js'
import { startProxy } from '../support/proxy.js'
import { startService } from '../support/service.js'

const scanner = newSigner()

t.test('an API key stops at once on the instance that stopped it', async (t) => {
  const service = await startService(t, { env: { API_KEY_LEAK_PUBLIC_KEY: scanner.pem } })
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]
  const cookies = jarOf(
    await submit(service, '/login', {
      email: owner.account.email,
      password: owner.account.password,
    }),
  )
  const users = (method: string, path: string, body?: object) => admin.admin(method, path, body)

  const stops: Record<string, (key: Generated) => Promise<unknown>> = {
    'disabled by its owner': ({ id }) => owner.patch(id, { status: 'disabled' }),
    'narrowed to other scopes': ({ id }) => owner.patch(id, { scopes: ['data:write'] }),
    'narrowed to other addresses': ({ id }) =>
      owner.patch(id, { allowedCidrs: ['198.51.100.0/24'] }),
    'limited to what it has used': ({ id }) =>
      owner.patch(id, { rateLimit: { limit: 1, windowSeconds: 86_400 } }),
    deleted: ({ id }) => owner.call('DELETE', `/${id}`),
    'rotated without an overlap': ({ id }) => owner.rotate(id, 0),
    'disabled by an administrator': ({ id }) => admin.patch(id, { status: 'disabled' }),
    'deleted by an administrator': ({ id }) => admin.call('DELETE', `/${id}`),
    'disabled on a page': ({ id }) =>
      submit(service, `/dashboard/keys/${id}/disable`, {}, { cookies }),
    'deleted on a page': ({ id }) =>
      submit(service, `/dashboard/keys/${id}/delete`, {}, { cookies }),
    'rotated on a page': ({ id }) =>
      submit(service, `/dashboard/keys/${id}/rotate`, { overlap: '0' }, { cookies }),
    'reported as leaked': ({ secret }) => report(service, [{ token: secret }], scanner),
    'given up at /oauth/revoke': (key) =>
      postForm(service, 'revoke', { token: key.secret }, { client: key }),
  }
  for (const [how, stop] of Object.entries(stops)) {
    t.test(how, async (t) => {
      const key = await owner.generate()
      t.equal(await statusOf(service, key.secret), 200)
      await stop(key)
      const status = await statusOf(service, key.secret)
      if (how.startsWith('limited')) t.equal(await statusOf(service, key.secret), 429)
      else t.ok([401, 403].includes(status), String(status))
    })
  }

  t.test('an API key works at once where it was enabled, widened or given more', async (t) => {
    const { id, secret } = await owner.generate({ scopes: ['data:write'] })
    t.equal(await statusOf(service, secret), 403)
    await owner.patch(id, { scopes: ['data:read'] })
    t.equal(await statusOf(service, secret), 200)
    await owner.patch(id, { status: 'disabled' })
    t.equal(await statusOf(service, secret), 401)
    await owner.patch(id, { status: 'active' })
    t.equal(await statusOf(service, secret), 200)
  })

  t.test('an API key stops with its owner, by whichever way they are disabled', async (t) => {
    for (const disable of [
      (id: string) => users('PATCH', `/${id}`, { status: 'disabled' }),
      (id: string) => service.services.users.store.change(id, { status: 'disabled' }),
    ]) {
      const someone = await newOwner(service)
      const keys = [await someone.generate(), await someone.generate()]
      for (const { secret } of keys) t.equal(await statusOf(service, secret), 200)
      await disable(someone.id)
      for (const { secret } of keys) t.equal(await statusOf(service, secret), 401)
      await users('PATCH', `/${someone.id}`, { status: 'active' })
      for (const { secret } of keys) t.equal(await statusOf(service, secret), 200)
    }
  })

  t.test('GET /api/profile shows a new role and a disabled owner at once', async (t) => {
    const someone = await newOwner(service)
    const { accessToken: token } = await service.signIn(someone.account)
    const profile = () => service.get('/api/profile', { token })
    t.match(await profile(), { status: 200, body: { user: { role: 'user' } } })
    await users('PATCH', `/${someone.id}`, { role: 'admin' })
    t.match(await profile(), { status: 200, body: { user: { role: 'admin' } } })
    await users('PATCH', `/${someone.id}`, { status: 'disabled' })
    t.equal((await profile()).status, 401)
  })
})

t.test(
  'an API key loses a reserved scope at once with the role of its giver or its owner',
  async (t) => {
    const service = await startService(t)
    const other = await startService(t, { beside: service })
    const [boss, owner] = [await newAdmin(service), await newOwner(service)]
    const scopes = ['data:read', 'token:introspect']
    const mayAsk = async (client: Generated, at = service) =>
      (await postForm(at, 'introspect', { token: 'x' }, { client })).status === 200
    const demote = ({ id }: Owner) => boss.admin('PATCH', `/${id}`, { role: 'user' })

    t.test('an administrator’s own API key loses a reserved scope with their role', async (t) => {
      const admin = await newAdmin(service)
      const key = await admin.generate({ scopes })
      for (const at of [service, other]) t.ok(await mayAsk(key, at))
      await demote(admin)
      t.notOk(await mayAsk(key))
      t.equal(await statusOf(service, key.secret), 200, 'its other scopes go on')
      t.ok(await mayAsk(key, other), 'another instance may remember')
      service.clock.advance(30_000)
      t.notOk(await mayAsk(key, other), 'for 30 seconds')
      const { body } = await postForm(
        service,
        'introspect',
        { token: key.secret },
        {
          client: await boss.generate({ scopes }),
        },
      )
      t.equal(body.scope, 'data:read', 'nor is it told of the key')

      const secret = await admin.rotate(key.id, 3600)
      t.notOk(await mayAsk({ id: key.id, secret }), 'a rotation does not keep it')
      await service.services.users.store.change(admin.id, { role: 'admin' })
      t.notOk(await mayAsk({ id: key.id, secret }), 'and gives it up')
    })

    t.test(
      'an API key that an administrator gave a reserved scope loses it with their role',
      async (t) => {
        const giver = await newAdmin(service)
        const key = await owner.generate()
        await giver.patch(key.id, { scopes })
        t.ok(await mayAsk(key))
        await demote(giver)
        t.notOk(await mayAsk(key))
        const next = await newAdmin(service)
        await next.patch(key.id, { scopes })
        t.ok(await mayAsk(key), 'until another gives it')
        await boss.admin('PATCH', `/${next.id}`, { status: 'disabled' })
        t.notOk(await mayAsk(key), 'a disabled administrator is none')
      },
    )

    t.test(
      'an administrator’s API key loses a reserved scope with the role of its giver',
      async (t) => {
        const admin = await newAdmin(service)
        const key = await admin.generate()
        await boss.patch(key.id, { scopes })
        t.ok(await mayAsk(key))
        await demote(admin)
        t.notOk(await mayAsk(key))
      },
    )

    t.test('no token is made with an API key that has no scope left', async (t) => {
      const admin = await newAdmin(service)
      const key = await admin.generate({ scopes: ['token:introspect'] })
      await demote(admin)
      const headers = { authorization: basic(key) }
      const form = { grant_type: 'client_credentials' }
      t.match(await postForm(service, 'token', form, { headers }), {
        status: 400,
        body: { error: 'invalid_scope' },
      })
    })
  },
)

t.test('what is read while an API key is stopped is not remembered', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)

  t.test(
    'a read of an API key that began before the write and ends after it is not remembered',
    async (t) => {
      const { id, secret } = await owner.generate()
      const gate = new EventEmitter()
      const held = once(gate, 'open')
      const reading = once(gate, 'read')
      let isHeld = false
      proxy.decide(async ({ operation }) => {
        if (operation === 'BatchGetItem' && !isHeld) {
          isHeld = true
          gate.emit('read')
          await held
        }
        return 'pass' as const
      })
      const early = statusOf(service, secret)
      await reading
      await owner.patch(id, { status: 'disabled' })
      t.equal(await statusOf(service, secret), 401, 'the next call reads for itself')
      gate.emit('open')
      await early
      t.equal(await statusOf(service, secret), 401)
    },
  )

  t.test('the stop of an API key counts where the write’s answer was lost', async (t) => {
    const { id, secret } = await owner.generate()
    t.equal(await statusOf(service, secret), 200)
    proxy.decide(({ operation, body }) =>
      operation === 'TransactWriteItems' && body.includes('disabled') ? 'lose-answer' : 'pass',
    )
    t.equal((await owner.call('PATCH', `/${id}`, { status: 'disabled' })).status, 503)
    proxy.decide(() => 'pass')
    t.equal(await statusOf(service, secret), 401)
  })
})

t.test('the statistics of a call with an API key cost no further read', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const { secret } = await owner.generate()
  await statusOf(service, secret)
  service.clock.advance(HOUR)
  await statusOf(service, secret)
  const before = service.calls.length
  t.equal(await statusOf(service, secret), 200)
  t.same(service.calls.slice(before), [])
})
