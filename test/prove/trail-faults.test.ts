import t from 'tap'
import { newAdmin, newOwner } from '../support/keys.js'
import { startProxy } from '../support/proxy.js'
import { startService } from '../support/service.js'
import { assertWhole } from '../support/store-faults.js'
import { trailItems } from '../support/trail.js'

t.test('a fault leaves a change and its event in the trail, or neither', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)
  const admin = await newAdmin(service)
  const events = async (userId: string, event: string) =>
    (await trailItems(service)).filter((item) => item.event === event && item.userId === userId)

  t.test('a fault leaves a changed key and its event in the trail, or neither', (t) =>
    assertWhole<{ before: number; events: number }>(
      t,
      { proxy, service },
      {
        async prepare() {
          await owner.call('GET')
          const count = async () => (await service.services.apiKeys.list(owner.id)).length
          return {
            before: await count(),
            events: (await events(owner.id, 'sensitive_create')).length,
            act: () => owner.call('POST', '/generate', { name: 'k' }),
          }
        },
        async check(t, world) {
          const made = (await service.services.apiKeys.list(owner.id)).length - world.before
          const kept = (await events(owner.id, 'sensitive_create')).length - world.events
          t.equal(kept, made)
        },
      },
    ),
  )

  t.test('a fault leaves the end of a session and its event in the trail, or neither', (t) =>
    assertWhole<{ sessionId: string }>(
      t,
      { proxy, service },
      {
        async prepare() {
          const { accessToken: token } = await service.signIn(owner.account)
          const { body } = await service.get('/api/auth/sessions', { token })
          const { id: sessionId } = body.sessions.find(
            ({ current }: { current: boolean }) => current,
          )
          return { sessionId, act: () => service.post('/api/auth/logout', undefined, { token }) }
        },
        async check(t, { sessionId }) {
          const live = await service.services.sessions.findLive(owner.id, sessionId)
          const kept = (await events(owner.id, 'authn_logout')).filter(
            ({ facts }) => facts?.sessionId === sessionId,
          )
          t.equal(kept.length, live ? 0 : 1)
        },
      },
    ),
  )

  t.test('a fault leaves a sign-in and its event in the trail, or neither', (t) =>
    assertWhole<{ sessions: number; events: number }>(
      t,
      { proxy, service },
      {
        async prepare() {
          const user = { ...(await service.services.users.find(admin.account.email)) } as never
          return {
            sessions: (await service.services.sessions.list(user)).length,
            events: (await events(admin.id, 'authn_login_success')).length,
            act: () => {
              const { email, password } = admin.account
              return service.post('/api/auth/login', { email, password })
            },
          }
        },
        async check(t, world) {
          const user = { ...(await service.services.users.find(admin.account.email)) } as never
          const opened = (await service.services.sessions.list(user)).length - world.sessions
          const kept = (await events(admin.id, 'authn_login_success')).length - world.events
          t.equal(kept, opened)
        },
      },
    ),
  )
})
