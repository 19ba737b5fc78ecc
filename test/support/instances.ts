import type { Test } from 'tap'
import { DEVICE_COOKIE } from '../../src/http/cookies.js'
import { jarOf, submit } from './pages.js'
import {
  type Answer,
  type Call,
  newAccount,
  type Service,
  type ServiceOptions,
  startService,
} from './service.js'
import { parallel, tally } from './tally.js'
import { openSession } from './opened-session.js'

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
async function burst(
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
    return openSession({ services, app }, user)
  }
  const live = async () => (await sessions.list(user)).length
  for (let opened = 0; opened < LIMIT; opened += 20) await parallel(20, () => openOn(first))
  for (const each of [7, 5]) {
    // Not all of them at once: one engine on a busy machine does not answer a hundred transactions in time.
    for (let at = 0; at < count; at += 4) {
      const some = instances.slice(at, at + 4)
      await Promise.all(
        some.flatMap((instance) => Array.from({ length: each }, () => instance)).map(openOn),
      )
    }
    const left = await live()
    t.ok(left >= LIMIT, `${left} sessions live`)
    t.ok(left <= LIMIT + 5 * count, `at most ${LIMIT + 5 * count}`)
  }
  for (let opened = 0; opened < 6; opened++) await openOn(first)
  t.ok((await live()) <= LIMIT + 5, 'one look brings it down, whoever opened them')
}

/**
 * The bounds of SECURITY.md on guesses at an account, in passwords that are compared with its digest: `limit` for all
 * strangers together; `limit + N` for one known address, and as many for one known browser.
 */
export async function proveGuessBound(t: Test, count: number): Promise<void> {
  const LIMIT = 5
  const HOME = { remoteAddress: '203.0.113.5' }
  const env = { RATE_LIMIT_PER_ACCOUNT: String(LIMIT), ARGON2_QUEUE: '4000' }
  const instances = await startInstances(t, count, { env })
  const [first] = instances
  const verified = await countVerified(t)

  const compared = async (call: (index: number) => Call) => {
    const account = await first.signUp()
    const { email, password } = account
    const entered = jarOf(await submit(first, '/login', { email, password }, HOME))
    const digest = (await first.services.users.store.findById(account.id))?.passwordHash ?? ''
    const guess = (instance: Service, index: number) => {
      const { cookies, ...from } = call(index)
      return submit(
        instance,
        '/login',
        { email, password: newAccount().password },
        { ...from, ...(cookies && { cookies: { [DEVICE_COOKIE]: entered[DEVICE_COOKIE] ?? '' } }) },
      )
    }
    const before = verified(digest)
    const statuses = await burst(instances, 10 * count + LIMIT, guess)
    t.equal(
      Object.values(statuses).reduce((sum, each) => sum + each),
      10 * count + LIMIT,
    )
    t.notOk(statuses[503], 'no guess is refused for another reason')
    await burst(instances, 2 * count, guess)
    return verified(digest) - before
  }

  const bound = { strangers: LIMIT, known: LIMIT + count, device: 2 * LIMIT + count }
  const byStrangers = await compared((index) => ({ remoteAddress: `198.51.100.${index}` }))
  t.equal(byStrangers, bound.strangers, 'of all strangers')
  const byKnown = await compared(() => HOME)
  t.ok(byKnown >= LIMIT && byKnown <= bound.known, `${byKnown} of a known address`)
  const byDevice = await compared((index) => ({
    remoteAddress: `198.51.100.${index}`,
    cookies: {},
  }))
  t.ok(byDevice >= LIMIT && byDevice <= bound.device, `${byDevice} of a known browser`)
}

/** @returns what tells how many passwords were compared with a digest. */
async function countVerified(t: Test): Promise<(digest: string) => number> {
  type Verify = (digest: string, password: string) => Promise<boolean>
  const argon2 = (await import('argon2')).default as unknown as { verify: Verify }
  const { verify } = argon2
  const counts = new Map<string, number>()
  argon2.verify = (digest, password) => {
    counts.set(digest, (counts.get(digest) ?? 0) + 1)
    return verify(digest, password)
  }
  t.teardown(() => Object.assign(argon2, { verify }))
  return (digest) => counts.get(digest) ?? 0
}
