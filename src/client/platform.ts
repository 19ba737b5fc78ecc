import { type Clock, systemClock } from '../lib/clock.js'

/** What the client takes from where it runs; tests bring their own. */
export interface Platform {
  readonly clock: Clock
  /** @throws the signal's reason when it is aborted meanwhile. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

export const platform: Platform = {
  clock: systemClock,
  wait(milliseconds, signal) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds)
    })
    return unlessAborted(passed, signal).finally(() => {
      clearTimeout(timer)
    })
  },
}

/** The promise, or the signal's reason as soon as it is aborted. What goes on, goes on for others. */
export function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort)
    })
  })
}
