import t from 'tap'
import { MINUTE } from '../support/clock.js'
import {
  proveAddressBound,
  proveGuessBound,
  proveSessionBound,
  startInstances,
} from '../support/instances.js'
import type { Service } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { openSession } from '../support/opened-session.js'

const REFRESH = '/api/auth/refresh'

t.test('16 instances let an address pass at most limit + 5·16 times', (t) =>
  proveAddressBound(t, 16),
)

t.test('16 instances leave a person at most 100 + 5·16 sessions', (t) => proveSessionBound(t, 16))

for (const n of [1, 4, 16]) {
  t.test(`${n} instances compare at most limit + ${n} passwords of a known address`, (t) =>
    proveGuessBound(t, n),
  )
}

/** How many instances there are, as Lambda would run them: each with a memory of its own. */
for (const n of [1, 4, 16]) {
  t.test(`${n} instances on one store`, async (t) => {
    const instances = await startInstances(t, n)
    const [first] = instances
    const account = await first.signUp()
    const user = await first.services.users.store.findById(account.id)
    if (!user) throw new Error('no user')
    const { sessions } = first.services
    const open = () => openSession(first, user)
    const on = (index: number) => instances[index % n] as Service

    t.test('a session rotates 30 times, and not once more', async (t) => {
      const opened = await open()
      let head = opened.refreshToken
      let rotations = 0
      const present = async (index: number): Promise<number> => {
        const { status, body } = await on(index).post(REFRESH, { refreshToken: head })
        // Of those who present one head, one moves it, and the others get its successor too.
        if (status === 200 && body.refreshToken !== head) {
          head = body.refreshToken
          rotations++
        }
        return status
      }
      for (let round = 0; round < 30; round++) {
        const statuses = await parallel(10, (index) => present(round * 10 + index))
        t.same(tally(statuses), { 200: 10 })
      }
      t.same(tally(await parallel(10 * n, present)), { 429: 10 * n })
      first.clock.advance(MINUTE)
      t.equal(await present(0), 200)
      t.ok(rotations >= 31)
    })

    t.test('an address tries 20 tokens of dead sessions at each instance', async (t) => {
      const deadToken = async () => {
        const { sessionId, refreshToken } = await open()
        await sessions.end({}, 'authn_logout', { userId: user.id, sessionId })
        return refreshToken
      }
      let tried = 0
      for (const instance of instances) {
        const tokens = [...(await parallel(20, deadToken)), ...(await parallel(20, deadToken))]
        const answers = await Promise.all(
          tokens.map((refreshToken) => instance.post(REFRESH, { refreshToken })),
        )
        const { 401: looked = 0, 429: refused } = tally(answers.map(({ status }) => status))
        t.equal(refused, 20)
        tried += looked
      }
      t.equal(tried, 20 * n)
    })
  })
}
