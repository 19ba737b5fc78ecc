import t from 'tap'
import { LiveSessions } from '../../src/sessions/live-sessions.js'
import type { SessionsStore } from '../../src/sessions/store.js'
import type { User } from '../../src/users/user.js'
import { MINUTE, SECOND, testClock } from '../support/clock.js'
import { proveSessionBound } from '../support/instances.js'
import { startProxy } from '../support/proxy.js'
import { type Service, startService } from '../support/service.js'
import { tally } from '../support/tally.js'
import { openSession } from '../support/opened-session.js'

const REFRESH = '/api/auth/refresh'
const LOOK = 'Query refreshTokens'

/** Opens a session as a sign-in does that has proved the password. */
async function opening(service: Service) {
  const user = await service.services.users.store.findById((await service.signUp()).id)
  if (!user) throw new Error('no user')
  const open = () => {
    service.clock.advance(SECOND)
    return openSession(service, user)
  }
  return { user, open }
}

t.test('of more than 100 sessions of a person, the one unused for longest ends', async (t) => {
  const service = await startService(t)
  const { user, open } = await opening(service)
  const opened = [await open()]
  while (opened.length < 100) opened.push(await open())
  const [first, second, third, ...others] = opened
  const used = await service.post(REFRESH, { refreshToken: first?.refreshToken })
  t.equal(used.status, 200)
  t.equal((await service.services.sessions.list(user)).length, 100)
  t.same(service.events('authn_session_ended'), [])

  const newest = [await open(), await open()]
  t.equal((await service.services.sessions.list(user)).length, 100)
  t.match(
    service.events('authn_session_ended'),
    [second, third].map((session) => ({
      userId: user.id,
      sessionId: session?.sessionId,
      reason: 'too_many',
      level: 'INFO',
    })),
  )
  for (const refreshToken of [used.body.refreshToken, others[0], others.at(-1), ...newest].map(
    (session) => session?.refreshToken ?? session,
  )) {
    t.equal((await service.post(REFRESH, { refreshToken })).status, 200)
  }
  t.equal((await service.post(REFRESH, { refreshToken: second?.refreshToken })).status, 401)
})

t.test(
  'ten thousand other persons make no instance forget to count a person’s live sessions',
  async (t) => {
    const looked: string[] = []
    const store = {
      list: async (userId: string) => {
        looked.push(userId)
        return []
      },
    } as unknown as SessionsStore
    const live = new LiveSessions(store, testClock())
    const signIn = (id: string) =>
      live.makeRoom({ id, status: 'active', epoch: 0 } as User, async () => true)
    await signIn('before them')
    for (let other = 0; other < 10_000; other++) await signIn(`other ${other}`)
    looked.length = 0
    for (let times = 0; times < 6; times++) {
      await signIn('before them')
      await signIn('after them')
    }
    // The sixth of the one leaves its place in memory to the other.
    t.same(tally(looked), { 'before them': 2, 'after them': 4 })
  },
)

t.test('sessions that have ended are none of a person’s 100', async (t) => {
  const service = await startService(t)
  const { user, open } = await opening(service)
  while ((await service.services.sessions.list(user)).length < 96) await open()
  await service.services.users.store.endSessions(user.id)
  const again = await service.services.users.store.findById(user.id)
  if (!again) throw new Error('no user')
  for (let sessions = 0; sessions < 12; sessions++) {
    await openSession(service, again)
  }
  t.equal((await service.services.sessions.list(again)).length, 12)
  t.same(service.events('authn_session_ended'), [])
})

t.test(
  'only every sixth sign-in at an instance counts the live sessions of a person',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const looks: boolean[] = []
    for (let times = 0; times < 12; times++) {
      const before = service.calls.length
      await service.signIn(account)
      looks.push(service.calls.slice(before).includes(LOOK))
    }
    const five = Array<boolean>(5).fill(false)
    t.same(looks, [...five, true, ...five, true])
  },
)

t.test(
  'an outage while live sessions are counted refuses no sign-in, and the next one counts',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const account = await service.signUp()
    for (let times = 0; times < 5; times++) await service.signIn(account)
    proxy.decide(({ operation }) => (operation === 'Query' ? 'fail' : 'pass'))
    t.ok(await service.signIn(account))
    proxy.decide(() => 'pass')
    for (const isLook of [true, false]) {
      const before = service.calls.length
      service.clock.advance(MINUTE)
      await service.signIn(account)
      t.equal(service.calls.slice(before).includes(LOOK), isLook)
    }
  },
)

for (const count of [1, 4]) {
  t.test(`a person keeps at most 100 sessions, and 5 for each of ${count} instances`, (t) =>
    proveSessionBound(t, count),
  )
}
