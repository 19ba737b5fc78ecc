import fc from 'fast-check'
import t from 'tap'
import { bounds } from '../support/bounds.js'
import { SECOND, testClock } from '../support/clock.js'
import { type Answer, newAccount, type Service, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

const STEPS = [
  ...['ask', 'ask', 'ask', 'ask', 'wait as told', 'wait as told'],
  ...['forward', 'back', 'to the last moment', 'to the next window'],
] as const
type Step = (typeof STEPS)[number]

interface Move {
  readonly step: Step
  readonly on: 0 | 1
  /** Requests at once. */
  readonly count: number
}

/** What is limited, of one subject that nothing has asked for before. */
interface Limited {
  readonly limit: number
  readonly windowMs: number
  /** What the two instances may let through beyond the limit, as SECURITY.md says. */
  readonly over: number
  /** What the other instance may hold in hand when one refuses. */
  readonly stranded: number
  /** The status of a request that was let through. */
  readonly passes: number
  readonly ask: (on: Service) => Promise<Answer>
}

const PER_ADDRESS = 20
const PER_ACCOUNT = 4

let addresses = 0
const newAddress = (): string => `2001:db8:7:${(++addresses).toString(16)}::1`

const SUBJECTS: Readonly<Record<string, (on: Service) => Limited>> = {
  'requests of an address': ({ config }) => {
    const remoteAddress = newAddress()
    return {
      limit: PER_ADDRESS,
      windowMs: config.rateLimits.address.windowMs,
      over: 2,
      stranded: PER_ADDRESS / 10,
      passes: 401,
      ask: (on) => on.post('/api/auth/logout', {}, { remoteAddress }),
    }
  },
  'wrong passwords of an account': ({ config }) => {
    const { email } = newAccount()
    return {
      limit: PER_ACCOUNT,
      windowMs: config.rateLimits.account.windowMs,
      over: 0,
      stranded: 0,
      passes: 401,
      ask: (on) => {
        const { password } = newAccount()
        const call = { remoteAddress: newAddress() }
        return on.post('/api/auth/login', { email, password }, call)
      },
    }
  },
}

t.test('limits hold in each window on two instances whose clocks differ', async (t) => {
  const env = {
    RATE_LIMIT_PER_ADDRESS: String(PER_ADDRESS),
    RATE_LIMIT_PER_ACCOUNT: String(PER_ACCOUNT),
  }
  const first = await startService(t, { env })
  const second = await startService(t, { env, beside: first, clock: testClock(first.clock()) })
  const instances = [first, second] as const
  const beganAt = first.clock()

  const follow = async (
    { limit, windowMs, over, stranded, passes, ask }: Limited,
    walk: readonly Move[],
    met: Record<string, number>,
  ): Promise<void> => {
    for (const { clock } of instances) clock.advance(beganAt - clock())
    /** How many have passed in each window, by its number. */
    const passed = new Map<number, number>()
    /** The longest wait that each instance has told, milliseconds. */
    const told: [number, number] = [0, 0]

    const take = async ({ step, on, count }: Move): Promise<void> => {
      const { clock } = instances[on]
      const left = windowMs - (clock() % windowMs)
      const by: Partial<Record<Step, number>> = {
        forward: windowMs / 4,
        back: -windowMs / 3,
        'to the last moment': left - 1,
        'to the next window': left,
        'wait as told': told[on],
      }
      const before = Math.floor(clock() / windowMs)
      clock.advance(by[step] ?? 0)
      const window = Math.floor(clock() / windowMs)
      if (step === 'wait as told' && told[on] > 0 && window !== before + 1)
        throw new Error(`a wait of ${told[on]} ms leads from window ${before} to ${window}`)
      told[on] = 0
      if (step !== 'ask' && step !== 'wait as told') return
      const answers = await parallel(step === 'ask' ? count : 1, () => ask(instances[on]))
      const ends = (window + 1) * windowMs - clock()
      for (const { status, headers } of answers) {
        met[status] = (met[status] ?? 0) + 1
        if (status === passes) passed.set(window, (passed.get(window) ?? 0) + 1)
        else if (status !== 429) throw new Error(`answered ${status}`)
        else if (Number(headers['retry-after']) !== Math.ceil(ends / SECOND))
          throw new Error(`Retry-After: ${String(headers['retry-after'])}, and ${ends} ms are left`)
        else told[on] = Math.ceil(ends / SECOND) * SECOND
      }
      const sum = passed.get(window) ?? 0
      if (sum > limit + over) throw new Error(`${sum} have passed in window ${window}`)
      if (told[on] > 0 && sum < limit - stranded)
        throw new Error(`one was refused when ${sum} had passed in window ${window}`)
    }

    const said: string[] = []
    for (const each of walk) {
      said.push(`${each.step} ${each.count} on ${each.on}`)
      await take(each).catch((error: unknown) => {
        throw new Error(`${said.join('; ')}: ${String(error)}`)
      })
    }
  }

  const move: fc.Arbitrary<Move> = fc.record({
    step: fc.constantFrom(...STEPS),
    on: fc.constantFrom<0 | 1>(0, 1),
    count: fc.integer({ min: 1, max: 9 }),
  })
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    await t.test(name, async (t) => {
      const met: Record<string, number> = {}
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 16 }), (walk) =>
          follow(subject(first), walk, met),
        ),
        { seed: 20300106, numRuns: bounds.isFull ? 1000 : 20 },
      )
      t.ok((met[401] ?? 0) > 20 && (met[429] ?? 0) > 5, JSON.stringify(met))
    })
  }
})
