import type { Test } from 'tap'
import { bounds } from './bounds.js'
import { MINUTE } from './clock.js'
import type { Fate, Proxy } from './proxy.js'
import type { Answer, Service } from './service.js'

interface Fault {
  readonly fate: Fate
  readonly isLasting: boolean
}

/** How a store misbehaves from some call of a request on, or at that call alone. */
const FAULTS: readonly Fault[] = [
  { fate: 'fail', isLasting: false },
  { fate: 'lose-answer', isLasting: false },
  { fate: 'throttle', isLasting: true },
]
/** What lasts is seen by a throttled store already. */
const MORE_FAULTS: readonly Fault[] = [
  { fate: 'fail', isLasting: true },
  { fate: 'lose-answer', isLasting: true },
]

/** Something that a person does, and what must hold after any fault of the store. */
export interface Deed<World> {
  readonly prepare: () => Promise<World & { readonly act: () => Promise<Answer> }>
  readonly check: (t: Test, world: World, answer: Answer) => Promise<void>
}

/** Does a deed once for each fault at each of its calls to the store. */
export async function assertWhole<World>(
  t: Test,
  { proxy, service }: { readonly proxy: Proxy; readonly service: Service },
  { prepare, check }: Deed<World>,
): Promise<void> {
  for (const { fate, isLasting } of bounds.isFull ? [...FAULTS, ...MORE_FAULTS] : FAULTS) {
    let isOver = false
    for (let at = 1; !isOver; at++) {
      const { act, ...world } = await prepare()
      let calls = 0
      proxy.decide(() => {
        calls++
        return calls === at || (isLasting && calls > at) ? fate : 'pass'
      })
      const answer = await act()
      proxy.decide(() => 'pass')
      isOver = calls < at
      const what = `${JSON.stringify(fate)} ${isLasting ? 'from' : 'at'} call ${at}`
      await t.test(what, (t) => check(t, world as World, answer))
      if (isOver) t.ok(answer.status !== 503, 'without a fault')
      service.clock.advance(MINUTE)
    }
  }
}
