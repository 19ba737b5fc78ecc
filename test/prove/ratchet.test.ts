import fc from 'fast-check'
import { decodeJwt } from 'jose'
import t from 'tap'
import { bounds } from '../support/bounds.js'
import { HOUR, SECOND } from '../support/clock.js'
import { startInstances } from '../support/instances.js'
import type { Service, SignedIn } from '../support/service.js'

/** What a client, or who stole from it, may do next. */
const STEPS = [
  ...['head', 'previous', 'older'],
  ...['wait a little', 'wait past the grace', 'wait an hour'],
] as const
type Step = (typeof STEPS)[number]

const WAITS: Partial<Record<Step, number>> = {
  'wait a little': 4 * SECOND,
  'wait past the grace': 11 * SECOND,
  'wait an hour': HOUR,
}

/** The ratchet as one would explain it: a row of tokens, of which the last is the head. */
class Model {
  readonly tokens: string[]
  alive = true
  #rotatedAt = -Infinity

  constructor(first: string) {
    this.tokens = [first]
  }

  token(step: Step): string | undefined {
    return this.tokens.at({ head: -1, previous: -2, older: -3 }[step as 'head'])
  }

  /** What presenting that token must answer. */
  expect(
    step: Step,
    now: number,
  ): 'rotated' | 'replayed' | 'REFRESH_TOKEN_REUSED' | 'REFRESH_TOKEN_INVALID' {
    if (!this.alive) return 'REFRESH_TOKEN_INVALID'
    if (step === 'head') {
      this.#rotatedAt = now
      return 'rotated'
    }
    if (step === 'previous' && now - this.#rotatedAt <= 10 * SECOND) return 'replayed'
    this.alive = false
    return 'REFRESH_TOKEN_REUSED'
  }
}

t.test(
  'a token family has one live head in any order of what is presented (RFC 9700 §4.14.2)',
  async (t) => {
    const instances = await startInstances(t, 2, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
    const [service] = instances
    const account = await service.signUp()

    const move = fc.record({ step: fc.constantFrom(...STEPS), on: fc.nat(1) })
    const steps = fc.array(move, { minLength: 3, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        // Two for each walk: all walks together wait for longer than a session lives.
        const [own, other] = [await service.signIn(account), await service.signIn(account)]
        await follow(instances, new Model(own.refreshToken), walk)
        const { refreshToken } = other
        const { status } = await service.post('/api/auth/refresh', { refreshToken })
        if (status !== 200) throw new Error(`the other session: ${status} instead of 200`)
        // Or they would be among more than 100.
        for (const { accessToken } of [own, other]) {
          const { sub: userId = '', sid: sessionId } = decodeJwt<{ sid: string }>(accessToken)
          await service.services.sessions.end({}, 'authn_logout', { userId, sessionId })
        }
      }),
      { seed: 20300101, numRuns: bounds.isFull ? 5000 : 200 },
    )
  },
)

interface Move {
  readonly step: Step
  /** The instance that is asked. */
  readonly on: number
}

async function follow(
  instances: readonly Service[],
  model: Model,
  walk: readonly Move[],
): Promise<void> {
  for (const { step, on } of walk) {
    const service = instances[on] as Service
    service.clock.advance(WAITS[step] ?? 0)
    const token = step in WAITS ? undefined : model.token(step)
    if (token === undefined) continue
    const expected = model.expect(step, service.clock())
    const { body } = await service.post('/api/auth/refresh', { refreshToken: token })
    const { refreshToken, code } = body as Partial<SignedIn> & { code?: string }
    if (expected === 'rotated') model.tokens.push(refreshToken ?? `refused: ${code}`)
    const seen = code ?? (refreshToken === model.tokens.at(-1) ? expected : 'another head')
    if (seen !== expected) throw new Error(`${step}: ${seen} instead of ${expected}`)
  }
}
