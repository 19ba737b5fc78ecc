import type { Clock } from '../../src/lib/clock.js'

/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void
}

export function testClock(start = Date.parse('2030-01-01T00:00:00Z')): TestClock {
  let now = start
  return Object.assign(() => now, {
    advance(milliseconds: number) {
      now += milliseconds
    },
  })
}

/** The clock of the machine, by which other processes live. No test moves it. */
export const machineClock: TestClock = Object.assign(() => Date.now(), {
  advance() {
    throw new Error('the clock of the machine stays as it is')
  },
})

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
