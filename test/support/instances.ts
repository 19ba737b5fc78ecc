import type { Test } from 'tap'
import { type Answer, type Service, type ServiceOptions, startService } from './service.js'
import { parallel, tally } from './tally.js'

/** Instances of one service, each with a memory of its own. */
export async function startInstances(
  t: Test,
  count: number,
  options: ServiceOptions = {},
): Promise<readonly [Service, ...Service[]]> {
  const first = await startService(t, options)
  const others: Service[] = []
  while (others.length < count - 1)
    others.push(await startService(t, { ...options, beside: first }))
  return [first, ...others]
}

/** Requests at once, spread over instances. @returns how often each status was answered. */
export async function burst(
  instances: readonly Service[],
  count: number,
  ask: (instance: Service, index: number) => Promise<Answer>,
): Promise<Record<string, number>> {
  const answers = await parallel(count, (index) =>
    ask(instances[index % instances.length] as Service, index),
  )
  return tally(answers.map(({ status }) => status))
}

/**
 * The bound of SECURITY.md on requests of one address: `limit + 5·N` for N instances, and `limit` for one. It holds
 * in each window anew.
 */
export async function proveAddressBound(t: Test, count: number): Promise<void> {
  const LIMIT = 100
  const env = { RATE_LIMIT_PER_ADDRESS: String(LIMIT) }
  const instances = await startInstances(t, count, { env })
  const knock = (instance: Service) =>
    instance.post('/api/auth/logout', {}, { remoteAddress: '192.0.2.1' })
  for (let window = 0; window < 2; window++) {
    const { 401: passed = 0, 429: refused = 0 } = await burst(instances, LIMIT + 10 * count, knock)
    const { 401: late = 0 } = await burst(instances, 10 * count, knock)
    t.equal(passed + refused, LIMIT + 10 * count)
    t.ok(passed + late >= LIMIT, `${passed} + ${late} passed`)
    const bound = count === 1 ? LIMIT : LIMIT + 5 * count
    t.ok(passed + late <= bound, `at most ${bound}`)
    instances[0].clock.advance(60_000)
  }
}

/** The bound of SECURITY.md on sessions of one person: `100 + 5·N` for N instances, and for one 100 after each look. */
export async function proveSessionBound(t: Test, count: number): Promise<void> {
  const LIMIT = 100
  const instances = await startInstances(t, count)
  const [first] = instances
  const { users, sessions } = first.services
  const user = await users.store.findById((await first.signUp()).id)
  if (!user) throw new Error('no user')
  const openOn = ({ app, services, clock }: Service) => {
    clock.advance(1)
    return services.sessions.open(user, { ip: '192.0.2.1', log: app.log })
  }
  const live = async () => (await sessions.list(user)).length
  for (let opened = 0; opened < LIMIT; opened += 20) await parallel(20, () => openOn(first))
  for (const each of [7, 5]) {
    await Promise.all(
      instances.flatMap((instance) => Array.from({ length: each }, () => instance)).map(openOn),
    )
    const left = await live()
    t.ok(left >= LIMIT, `${left} sessions live`)
    t.ok(left <= LIMIT + 5 * count, `at most ${LIMIT + 5 * count}`)
  }
  for (let opened = 0; opened < 6; opened++) await openOn(first)
  t.ok((await live()) <= LIMIT + 5, 'one look brings it down, whoever opened them')
}
