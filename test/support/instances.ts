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
