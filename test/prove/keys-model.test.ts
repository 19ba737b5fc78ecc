import fc from 'fast-check'
import t from 'tap'
import { bounds } from '../support/bounds.js'
import { SECOND } from '../support/clock.js'
import { startInstances } from '../support/instances.js'
import { getData, KEYS } from '../support/keys.js'
import type { Service } from '../support/service.js'

const STEPS = [
  ...['use', 'use', 'use', 'use the one before', 'use the one before'],
  ...['rotate', 'rotate at once', 'disable', 'enable', 'delete', 'disable its owner'],
  ...['wait a little', 'wait past the bound', 'wait past the overlap'],
] as const
type Step = (typeof STEPS)[number]

const WAITS: Partial<Record<Step, number>> = {
  'wait a little': 7 * SECOND,
  'wait past the bound': 31 * SECOND,
  'wait past the overlap': 61 * SECOND,
}

/** The bound of SECURITY.md on what another instance has changed. */
const BOUND = 30 * SECOND
const OVERLAP = 60
const LIFETIME = 150 * SECOND

interface Secret {
  readonly value: string
  /** When its overlap ends; Infinity for the current one. */
  until: number
}

/** A key as one would explain it: which of its secrets are good, and since when on which instance. */
class Model {
  readonly secrets: Secret[]
  readonly expiresAt: number
  isActive = true
  isDeleted = false
  isOwned = true
  /** What each secret was answered with before a change, as long as another instance may say so still. */
  #before: { readonly at: number; readonly by: number; readonly good: ReadonlySet<string> }[] = []

  constructor(secret: string, expiresAt: number) {
    this.secrets = [{ value: secret, until: Infinity }]
    this.expiresAt = expiresAt
  }

  #isGood({ until }: Secret, now: number): boolean {
    const isLive = this.isActive && !this.isDeleted && this.isOwned
    return isLive && now < until && now < this.expiresAt
  }

  /** Notes that an instance is about to change it. */
  changing(by: number, now: number): void {
    const good = this.secrets
      .filter((secret) => this.#isGood(secret, now))
      .map(({ value }) => value)
    this.#before.push({ at: now, by, good: new Set(good) })
  }

  /** The answers that an instance may give. */
  allowed(secret: Secret, on: number, now: number): Set<number> {
    const answers = new Set([this.#isGood(secret, now) ? 200 : 401])
    for (const { at, by, good } of this.#before) {
      // An instance forgets at once what it has changed itself. Expiry needs no bound.
      if (by === on || now - at > BOUND || now >= this.expiresAt) continue
      answers.add(good.has(secret.value) ? 200 : 401)
    }
    return answers
  }
}

interface Move {
  readonly step: Step
  readonly on: number
}

t.test('a key is as good as its owner last said, on two instances within the bound', async (t) => {
  const instances = await startInstances(t, 2)
  const [first] = instances
  const move: fc.Arbitrary<Move> = fc.record({ step: fc.constantFrom(...STEPS), on: fc.nat(1) })
  const met: Record<string, number> = {}

  const follow = async (walk: readonly Move[]): Promise<void> => {
    const account = await first.signUp()
    const { accessToken: token } = await first.signIn(account)
    const expiresAt = first.clock() + LIFETIME
    const settings = { name: 'k', expiresAt: new Date(expiresAt).toISOString() }
    const { body } = await first.post(`${KEYS}/generate`, settings, { token })
    const path = `${KEYS}/${body.key.id}`
    const model = new Model(body.apiKey as string, expiresAt)
    const change = async (on: number, method: string, to: string, sent?: object) => {
      model.changing(on, first.clock())
      const instance = instances[on] as Service
      return instance.call(method, path + to, { token, ...(sent && { body: sent }) })
    }
    const take = async ({ step, on }: Move): Promise<void> => {
      const now = first.clock()
      const isUse = step.startsWith('use')
      if (step in WAITS) first.clock.advance(WAITS[step] ?? 0)
      else if (isUse) {
        const secret = model.secrets.at(step === 'use' ? -1 : -2)
        if (!secret) return
        const { status } = await getData(instances[on] as Service, secret.value)
        const allowed = model.allowed(secret, on, now)
        met[status] = (met[status] ?? 0) + 1
        if (!allowed.has(status))
          throw new Error(`${step}: ${status} instead of ${[...allowed].join()}`)
      } else if (model.isDeleted || !model.isOwned) return
      else if (step.startsWith('rotate')) {
        const overlapSeconds = step === 'rotate' ? OVERLAP : 0
        const answer = await change(on, 'POST', '/rotate', { overlapSeconds })
        if (answer.status !== 201) return
        for (const secret of model.secrets)
          secret.until = Math.min(secret.until, now + overlapSeconds * SECOND)
        model.secrets.push({ value: answer.body.apiKey as string, until: Infinity })
      } else if (step === 'delete') {
        await change(on, 'DELETE', '')
        model.isDeleted = true
      } else if (step === 'disable its owner') {
        model.changing(on, now)
        await (instances[on] as Service).services.users.store.change(account.id, {
          status: 'disabled',
        })
        model.isOwned = false
      } else {
        const status = step === 'disable' ? 'disabled' : 'active'
        const answer = await change(on, 'PATCH', '', { status })
        if (answer.status === 200) model.isActive = status === 'active'
      }
    }
    const told: string[] = []
    for (const each of walk) {
      told.push(`${each.step} on ${each.on}`)
      await take(each).catch((error: unknown) => {
        throw new Error(`${told.join('; ')}: ${String(error)}`)
      })
    }
  }

  await fc.assert(fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 14 }), follow), {
    seed: 20300103,
    numRuns: bounds.isFull ? 2000 : 60,
  })
  t.ok((met[200] ?? 0) > 20 && (met[401] ?? 0) > 20, JSON.stringify(met))
})
