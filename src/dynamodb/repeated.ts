import { setTimeout as delay } from 'node:timers/promises'
import { type Random, systemRandom } from '../lib/random.js'

/** What the pauses between attempts are made of; tests bring their own. */
export interface Backoff {
  readonly random: Random
  readonly wait: (milliseconds: number) => Promise<void>
}

export const systemBackoff: Backoff = { random: systemRandom, wait: (ms) => delay(ms) }

const ATTEMPTS = 4
/** The longest that the first pause takes, milliseconds; each further one may take twice as long. */
const FIRST_PAUSE = 50

/**
 * Runs until it succeeds, at most 4 times. The pauses are of any length up to 50, 100 and 200 ms, so that
 * those who have met once do not meet again.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export async function repeated<T>(
  run: () => Promise<T>,
  mayRepeat: (error: unknown) => boolean,
  { random, wait }: Backoff,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === ATTEMPTS || !mayRepeat(error)) throw error
      await wait(fraction(random) * FIRST_PAUSE * 2 ** (attempt - 1))
    }
  }
}

/** From 0 up to but not including 1. */
const fraction = (random: Random): number => random(4).readUInt32BE() / 2 ** 32
