import fc from 'fast-check'
import type { Test } from 'tap'
import { bounds as bounded } from './bounds.js'
import { DAY, SECOND, testClock } from './clock.js'
import { type Answer, type Service, startService } from './service.js'
import { parallel } from './tally.js'

const STEPS = [
  ...['ask', 'ask', 'ask', 'ask for all but', 'ask for all but', 'wait as told', 'wait as told'],
  ...['forward', 'back', 'to the last moment', 'to the next window'],
] as const
type Step = (typeof STEPS)[number]

export interface Move {
  readonly step: Step
  readonly on: 0 | 1
  /** Requests at once; or how many that may pass are left for later. */
  readonly count: number
  /** Which of the bounds is meant; the first, where there is none. */
  readonly by: number
}

/** Milliseconds since the epoch. */
interface Window {
  readonly from: number
  readonly to: number
}

/** How many may pass in each window. */
export interface Bound {
  /** No two bounds of one subject have the same. */
  readonly limit: number
  readonly windowAt: (now: number) => Window
  /** What an instance lets through before it asks the other: the limit counts it for the first of them alone. */
  readonly free?: number
  /** What the other instance may hold in hand when one refuses. */
  readonly stranded?: number
  /** Of a refusal. */
  readonly code?: string
}

/** What came of some requests at once. */
export interface Outcome {
  readonly passed: number
  /** Undefined where a refusal is not to be told from what passes. */
  readonly refusals: readonly (Answer | undefined)[]
}

/** One subject that nothing has asked for before. */
export interface Limited {
  /** The shorter windows first: what a longer one refuses may have its place in a shorter one. */
  readonly bounds: readonly Bound[]
  readonly ask: (on: Service, count: number) => Promise<Outcome>
  /** What each walk begins with, so that it comes to the longer bound. */
  readonly opening?: readonly Move[]
}

/** Makes a subject. */
export type Subject = () => Promise<Limited> | Limited

/** Fixed windows of one length. */
export const windowsOf =
  (lengthMs: number): Bound['windowAt'] =>
  (now) => {
    const from = now - (now % lengthMs)
    return { from, to: from + lengthMs }
  }

/** Months of the calendar (UTC). */
export const monthAt: Bound['windowAt'] = (now) => {
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) }
}

let addresses = 0
/** One that has asked for nothing. */
export const newAddress = (): string => `2001:db8:7:${(++addresses).toString(16)}::1`

/** Requests whose status says whether they have passed. */
export const byStatus =
  (passes: number, ask: (on: Service) => Promise<Answer>): Limited['ask'] =>
  async (on, count) => {
    const answers = await parallel(count, () => ask(on))
    const other = answers.find(({ status }) => status !== passes && status !== 429)
    if (other) throw new Error(`answered ${other.status} ${other.text}`)
    const refusals = answers.filter(({ status }) => status === 429)
    return { passed: count - refusals.length, refusals }
  }

/** Requests whose answers are the same, passed or not. */
export const bySum =
  (
    status: number,
    ask: (on: Service) => Promise<Answer>,
    sum: () => Promise<number> | number,
  ): Limited['ask'] =>
  async (on, count) => {
    const before = await sum()
    const answers = await parallel(count, () => ask(on))
    const other = answers.find((answer) => answer.status !== status)
    if (other) throw new Error(`answered ${other.status} ${other.text}`)
    const passed = (await sum()) - before
    return { passed, refusals: Array.from({ length: count - passed }, () => undefined) }
  }

/** A bound as one would explain it: how many have passed in each window, and on which instances. */
class Count {
  readonly #passed = new Map<number, number[]>()

  constructor(readonly bound: Bound) {}

  add(now: number, on: 0 | 1, passed: number): void {
    const { windowAt, limit, free = 0 } = this.bound
    const { from } = windowAt(now)
    const each = this.#passed.get(from) ?? [0, 0]
    each[on] = (each[on] as number) + passed
    this.#passed.set(from, each)
    const others = Math.max(0, each.filter((count) => count > 0).length - 1)
    if (this.sumAt(now) > limit + free * others)
      throw new Error(`${each.join(' + ')} of ${limit} have passed in a window`)
  }

  sumAt(now: number): number {
    const { from } = this.bound.windowAt(now)
    return (this.#passed.get(from) ?? []).reduce((sum, each) => sum + each, 0)
  }

  isFullAt(now: number): boolean {
    const { limit, stranded = 0 } = this.bound
    return this.sumAt(now) >= limit - stranded
  }
}

/** When to come again, as a refusal says. */
interface Told {
  readonly waitMs: number
  readonly windowAt: Bound['windowAt']
}

/** One walk of two instances over a subject. */
class Walk {
  readonly #instances: readonly [Service, Service]
  readonly #limited: Limited
  readonly #counts: readonly Count[]
  readonly #met: Record<string, number>
  /** By each instance, last. */
  readonly #told: (Told | undefined)[] = []

  constructor(
    instances: readonly [Service, Service],
    limited: Limited,
    met: Record<string, number>,
  ) {
    this.#instances = instances
    this.#limited = limited
    this.#counts = limited.bounds.map((bound) => new Count(bound))
    this.#met = met
  }

  async take(move: Move): Promise<void> {
    const { on } = move
    this.#moveClock(move)
    this.#told[on] = undefined
    const instance = this.#instances[on]
    const now = instance.clock()
    const requests = this.#requestsOf(move, now)
    if (requests <= 0) return
    const { passed, refusals } = await this.#limited.ask(instance, requests)
    for (const each of this.#counts) each.add(now, on, passed)
    for (const each of refusals) this.#told[on] = this.#look(each, now)
    this.#note('passed', passed)
  }

  #requestsOf({ step, count, by }: Move, now: number): number {
    if (step === 'ask') return count
    if (step === 'wait as told') return 1
    if (step !== 'ask for all but') return 0
    const asked = (this.#counts[by] ?? this.#counts[0]) as Count
    return asked.bound.limit - asked.sumAt(now) - count
  }

  #moveClock({ step, on, by }: Move): void {
    const { clock } = this.#instances[on]
    const before = clock()
    const { bounds } = this.#limited
    const { windowAt } = (bounds[by] ?? bounds[0]) as Bound
    const { from, to } = windowAt(before)
    const told = this.#told[on]
    const ways: Partial<Record<Step, number>> = {
      forward: (to - from) / 4,
      back: (from - to) / 3,
      'to the last moment': to - before - 1,
      'to the next window': to - before,
      'wait as told': told?.waitMs ?? 0,
    }
    clock.advance(Math.floor(ways[step] ?? 0))
    if (step === 'wait as told' && told && told.windowAt(clock()).from !== told.windowAt(before).to)
      throw new Error(`a wait of ${told.waitMs} ms does not lead to the next window`)
  }

  /** What one refusal says, once it is found to be right. */
  #look(answer: Answer | undefined, now: number): Told | undefined {
    const limit = answer?.headers['ratelimit-limit']
    const at = answer ? this.#counts.findIndex(({ bound }) => String(bound.limit) === limit) : 0
    const { bound } = this.#counts[at] ?? {}
    if (!bound) throw new Error(`refused by a limit of ${String(limit)}`)
    const sums = this.#counts.map((count) => `${count.sumAt(now)} of ${count.bound.limit}`).join()
    if (!this.#counts.slice(at).some((count) => count.isFullAt(now)))
      throw new Error(`one was refused by the limit of ${bound.limit} when ${sums} had passed`)
    this.#note(`refused by ${bound.limit}`, 1)
    if (!answer) return undefined
    const { code = 'RATE_LIMITED', windowAt } = bound
    const waitMs = Math.ceil((windowAt(now).to - now) / SECOND) * SECOND
    const said = `${String(answer.body.code)}, Retry-After: ${String(answer.headers['retry-after'])}`
    if (said !== `${code}, Retry-After: ${waitMs / SECOND}`)
      throw new Error(`${said}, and ${waitMs} ms are left`)
    return { waitMs, windowAt }
  }

  #note(what: string, times: number): void {
    this.#met[what] = (this.#met[what] ?? 0) + times
  }
}

const MOVE: fc.Arbitrary<Move> = fc.record({
  step: fc.constantFrom(...STEPS),
  on: fc.constantFrom<0 | 1>(0, 1),
  count: fc.integer({ min: 1, max: 9 }),
  by: fc.nat({ max: 3 }),
})

/** Two instances of one service, each with a clock that the other one does not see. */
export async function startPair(
  t: Test,
  env: Readonly<Record<string, string>>,
): Promise<readonly [Service, Service]> {
  const first = await startService(t, { env })
  const { ticketKeys, dataKeys } = first.services
  // They are made when they are first needed, and are then older than a walk that only goes back.
  await Promise.all([ticketKeys.current(), dataKeys.current()])
  first.clock.advance(7 * DAY)
  const clock = testClock(first.clock())
  return [first, await startService(t, { env, beside: first, clock })]
}

/** Walks over subjects, a new one each time: in no window more pass than may, and none is refused that need not be. */
export async function walkOver(
  t: Test,
  instances: readonly [Service, Service],
  subjects: Readonly<Record<string, Subject>>,
): Promise<void> {
  const beganAt = instances[0].clock()
  for (const [name, subject] of Object.entries(subjects)) {
    await t.test(name, async (t) => {
      const met: Record<string, number> = {}
      const limits = new Set<number>()
      const follow = async (moves: readonly Move[]): Promise<void> => {
        for (const { clock } of instances) clock.advance(beganAt - clock())
        const limited = await subject()
        for (const { limit } of limited.bounds) limits.add(limit)
        const walk = new Walk(instances, limited, met)
        const said: string[] = []
        for (const each of [...(limited.opening ?? []), ...moves]) {
          said.push(`${each.step} ${each.count} on ${each.on} by ${each.by}`)
          await walk.take(each).catch((error: unknown) => {
            throw new Error(`${said.join('; ')}: ${String(error)}`)
          })
        }
      }
      await fc.assert(fc.asyncProperty(fc.array(MOVE, { minLength: 5, maxLength: 16 }), follow), {
        seed: 20300106,
        numRuns: bounded.isFull ? 1000 : 12,
      })
      t.ok((met.passed ?? 0) > 20, JSON.stringify(met))
      for (const limit of limits)
        t.ok((met[`refused by ${limit}`] ?? 0) > 2, `the limit of ${limit} is reached`)
    })
  }
}
