import type { Clock } from '../../lib/clock.js'

/** One sign-in that has been sent to the issuer and has not come back yet. */
export interface Attempt {
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
  /** Where the person was: a URL of the app. */
  readonly returnTo: string
  readonly appState?: unknown
  /** When it was begun, milliseconds. */
  readonly at: number
}

/** The service forgets a request after an hour. */
const LIFETIME_MS = 3_600_000
/** A person who goes back and begins once more leaves one behind each time. */
const LIMIT = 10

/**
 * The attempts of one tab, in `sessionStorage`: an answer that comes to another tab or browser was not asked for
 * there, so it signs no one in (RFC 9700 §4.7).
 */
export class Attempts {
  readonly #storage: Storage
  readonly #key: string
  readonly #clock: Clock

  constructor(storage: Storage, key: string, clock: Clock) {
    this.#storage = storage
    this.#key = `${key}:attempts`
    this.#clock = clock
  }

  add(attempt: Attempt): void {
    this.#write([...this.#read(), attempt].slice(-LIMIT))
  }

  /** The attempt with a state, once. */
  take(state: string): Attempt | undefined {
    const attempts = this.#read()
    this.#write(attempts.filter((attempt) => attempt.state !== state))
    return attempts.find((attempt) => attempt.state === state)
  }

  #read(): Attempt[] {
    const attempts = JSON.parse(this.#storage.getItem(this.#key) ?? '[]') as Attempt[]
    return attempts.filter(({ at }) => at > this.#clock() - LIFETIME_MS)
  }

  #write(attempts: readonly Attempt[]): void {
    this.#storage.setItem(this.#key, JSON.stringify(attempts))
  }
}
