import fc from 'fast-check'
import t from 'tap'
import { encode } from '../support/authorization.js'
import {
  type App,
  askAs,
  authorization,
  codeFor,
  newApp,
  newPkce,
  redeem,
  type Redeemable,
  refreshAs,
} from '../support/code-flow.js'
import { bounds } from '../support/bounds.js'
import { SECOND } from '../support/clock.js'
import { Person } from '../support/person.js'
import { type Answer, ISSUER, type Service, startService } from '../support/service.js'

const STEPS = [
  ...['sign in', 'sign in offline', 'sign in by PAR'],
  ...['redeem', 'redeem again', 'redeem with a wrong verifier', 'redeem as another'],
  ...['refresh', 'refresh with the previous', 'refresh with an older', 'refresh as another'],
  ...['revoke', 'log out', 'wait a little', 'wait past the grace', 'wait past the code'],
] as const
type Step = (typeof STEPS)[number]

const WAITS: Partial<Record<Step, number>> = {
  'wait a little': 3 * SECOND,
  'wait past the grace': 11 * SECOND,
  'wait past the code': 60 * SECOND,
}

const POSITIONS: Partial<Record<Step, number>> = {
  'refresh with the previous': -2,
  'refresh with an older': -3,
}

/** A sign-in of the app, as one would explain it: a code first, then a row of tokens, of which the last is the head. */
interface Grant {
  readonly redeemable: Redeemable
  readonly isOffline: boolean
  /** The session of the browser that it came from. */
  readonly browser: { alive: boolean }
  readonly issuedAt: number
  isSpent: boolean
  redeemedAt: number
  rotatedAt: number
  tokens: string[]
  alive: boolean
}

/** One browser, one app, and another that has no business here. */
class World {
  readonly #service: Service
  readonly #app: App
  readonly #other: App
  readonly #person: Person
  #browser = { alive: false }
  readonly #grants: Grant[] = []

  constructor(service: Service, app: App, other: App, person: Person) {
    this.#service = service
    this.#app = app
    this.#other = other
    this.#person = person
  }

  /** @returns what was expected, and what came. */
  async take(step: Step): Promise<[expected: string, seen: string]> {
    this.#service.clock.advance(WAITS[step] ?? 0)
    if (step.startsWith('sign in')) return this.#signIn(step)
    if (step === 'log out') return this.#logOut()
    const grant = this.#grants.at(-1)
    if (!grant || step in WAITS) return ['', '']
    if (step.startsWith('redeem')) return this.#redeem(step, grant)
    if (grant.tokens.length === 0) return ['', '']
    if (step === 'revoke') return this.#revoke(grant)
    return this.#refresh(step, grant)
  }

  async #signIn(step: Step): Promise<[string, string]> {
    const isOffline = step === 'sign in offline'
    const scope = isOffline ? 'openid offline_access' : 'openid'
    this.#person.met.length = 0
    const redeemable =
      step === 'sign in by PAR'
        ? await this.#push(scope)
        : await codeFor(this.#person, this.#app, { scope })
    const expected = this.#browser.alive ? [] : ['/login']
    if (!this.#browser.alive) this.#browser = { alive: true }
    this.#grants.push({
      redeemable,
      isOffline,
      browser: this.#browser,
      issuedAt: this.#service.clock(),
      isSpent: false,
      redeemedAt: 0,
      rotatedAt: -Infinity,
      tokens: [],
      alive: false,
    })
    return [expected.join(), this.#person.met.join()]
  }

  async #push(scope: string): Promise<Redeemable> {
    const pkce = newPkce()
    const parameters = authorization(this.#app, pkce, { scope })
    const { body } = await askAs(this.#service, this.#app, '/oauth/par', parameters)
    const query = encode({ client_id: this.#app.clientId, request_uri: body.request_uri })
    const { location = '' } = await this.#person.open(`${ISSUER}/oauth/authorize?${query}`, {
      until: (next) => next.startsWith(this.#app.redirectUri),
    })
    return { code: new URL(location).searchParams.get('code') ?? '', verifier: pkce.verifier }
  }

  async #redeem(step: Step, grant: Grant): Promise<[string, string]> {
    const { clock } = this.#service
    const isWrong = step === 'redeem with a wrong verifier'
    const isForeign = step === 'redeem as another'
    const more = isWrong ? { code_verifier: newPkce().verifier } : {}
    const client = isForeign ? this.#other : this.#app
    const answer = await redeem(this.#service, client, grant.redeemable, more)
    const isFresh = !grant.isSpent && clock() - grant.issuedAt < 60 * SECOND && grant.browser.alive
    const isGood = !isWrong && !isForeign
    if (isFresh && isGood) {
      Object.assign(grant, { isSpent: true, redeemedAt: clock(), alive: true })
      grant.tokens.push(String(answer.body.refresh_token))
      return ['200', verdict(answer)]
    }
    if (!grant.isSpent && clock() - grant.issuedAt < 60 * SECOND) grant.isSpent = true
    const isReplay = isGood && grant.tokens.length > 0
    if (isReplay && clock() - grant.redeemedAt > 5 * SECOND) grant.alive = false
    return ['400 invalid_grant', verdict(answer)]
  }

  async #refresh(step: Step, grant: Grant): Promise<[string, string]> {
    const { clock } = this.#service
    const at = POSITIONS[step] ?? -1
    const token = grant.tokens.at(at)
    if (token === undefined) return ['', '']
    if (step === 'refresh as another') {
      return ['400 invalid_grant', verdict(await refreshAs(this.#service, this.#other, token))]
    }
    const answer = await refreshAs(this.#service, this.#app, token)
    const lives = grant.alive && (grant.isOffline || grant.browser.alive)
    if (lives && at === -1) {
      grant.rotatedAt = clock()
      grant.tokens.push(String(answer.body.refresh_token))
      return ['200', verdict(answer)]
    }
    if (lives && at === -2 && clock() - grant.rotatedAt <= 10 * SECOND) {
      const isSame = answer.body.refresh_token === grant.tokens.at(-1)
      return ['200 the same', `${verdict(answer)}${isSame ? ' the same' : ' another'}`]
    }
    grant.alive = false
    return ['400 invalid_grant', verdict(answer)]
  }

  async #revoke(grant: Grant): Promise<[string, string]> {
    const token = grant.tokens.at(-1)
    grant.alive = false
    return ['200', verdict(await askAs(this.#service, this.#app, '/oauth/revoke', { token }))]
  }

  async #logOut(): Promise<[string, string]> {
    await this.#person.open(`${ISSUER}/oauth/logout`, { until: (next) => next.includes('/login') })
    this.#browser.alive = false
    return ['', '']
  }
}

const verdict = ({ status, body }: Answer): string =>
  status === 200 ? '200' : `${status} ${body?.error}`

t.test('whatever an app, its person and a thief do in whatever order', async (t) => {
  const service = await startService(t)
  const [app, other] = [await newApp(service), await newApp(service)]
  const walks = fc.array(fc.constantFrom(...STEPS), { minLength: 4, maxLength: 16 })
  await fc.assert(
    fc.asyncProperty(walks, async (walk) => {
      const world = new World(service, app, other, new Person(await service.signUp(), service))
      const told: string[] = []
      for (const step of ['sign in', ...walk] as const) {
        const [expected, seen] = await world.take(step)
        told.push(`${step}: ${seen}`)
        if (expected !== seen) throw new Error(`${told.join('; ')} instead of ${expected}`)
      }
    }),
    { seed: 20300102, numRuns: bounds.isFull ? 2000 : 100 },
  )
})
