import fc from 'fast-check'
import t from 'tap'
import { SECOND } from '../support/clock.js'
import { type Party, callOf, present, race } from '../support/party.js'
import { type Service, startService } from '../support/service.js'
import { openSession } from '../support/opened-session.js'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'
const PARTIES: readonly Party[] = [
  { ip: '198.51.100.7', agent: BROWSER },
  { ip: '198.51.100.99', agent: BROWSER },
  { ip: '203.0.113.9', agent: BROWSER },
  { ip: '2001:db8:1::7', agent: BROWSER },
  { ip: '198.51.100.7', agent: 'node' },
  { ip: '192.0.2.66', agent: 'curl/8.5' },
]
const WAITS = [0, 0.5, 1, 3, 8, 11].map((seconds) => seconds * SECOND)

/** Network and agent as a person would tell them apart. */
interface Place {
  readonly network: string
  readonly agent: string
}

const placeOf = ({ ip, agent }: Party): Place => ({
  network: ip.includes(':')
    ? ip.split(':').slice(0, 3).join(':')
    : ip.slice(0, ip.lastIndexOf('.')),
  agent,
})
const same = (a: Place, b: Place) => a.network === b.network && a.agent === b.agent

interface Generation {
  readonly at: number
  readonly from: Place
  struck: boolean
  rider?: Place
}

/** The rules as a person would tell them, written apart from the code: tokens in a row, and who has them. */
class Model {
  readonly tokens: string[]
  alive = true
  #generations: Generation[] = []
  readonly #signIn: Place

  constructor(first: string, signIn: Place) {
    this.tokens = [first]
    this.#signIn = signIn
  }

  /** Places of the last four generations that ended without a strike; at first, of the sign-in. */
  #known(): Place[] {
    const known = [this.#signIn]
    let last = this.#signIn
    for (const generation of this.#generations) {
      // What was rotated to from here counts once the next rotation has come.
      known.push(last)
      last = generation.struck ? (known.at(-1) as Place) : generation.from
    }
    return known.slice(-4)
  }

  #strikesInARow(): number {
    let strikes = 0
    for (const { struck } of this.#generations.toReversed()) {
      if (!struck) break
      strikes++
    }
    return strikes
  }

  expect(back: number, party: Party, now: number): string {
    if (!this.alive) return 'REFRESH_TOKEN_INVALID'
    const place = placeOf(party)
    if (back === 0) {
      this.#generations.push({ at: now, from: place, struck: false })
      return 'rotated'
    }
    const newest = this.#generations.at(-1)
    if (back > 1 || !newest || now - newest.at > 10 * SECOND) return this.#end()
    const { from } = newest
    const isTwin = from.agent === place.agent && now - newest.at <= SECOND
    const known = this.#known()
    const areKnown = [from, place].every((each) => known.some((one) => same(one, each)))
    if (same(from, place) || isTwin || areKnown) return 'replayed'
    const isNear = from.agent === place.agent || from.network === place.network
    if (isNear && newest.rider && same(newest.rider, place)) return 'replayed'
    newest.struck = true
    if (this.#strikesInARow() >= 3) return this.#end()
    if (!isNear || newest.rider) return 'REFRESH_CONFLICT'
    newest.rider = place
    return 'replayed'
  }

  #end(): string {
    this.alive = false
    return 'REFRESH_TOKEN_REUSED'
  }
}

interface Step {
  /** How many tokens before the head. */
  readonly back: number
  readonly party: number
  readonly wait: number
}

const step: fc.Arbitrary<Step> = fc.record({
  back: fc.constantFrom(0, 0, 0, 1, 1, 1, 1, 2),
  party: fc.nat(PARTIES.length - 1),
  wait: fc.constantFrom(...WAITS),
})

async function follow(service: Service, model: Model, walk: readonly Step[]): Promise<void> {
  for (const { back, party: index, wait } of walk) {
    service.clock.advance(wait)
    const token = model.tokens.at(-1 - back)
    const party = PARTIES[index] as Party
    if (token === undefined) continue
    const expected = model.expect(back, party, service.clock())
    const { code, refreshToken } = await present(service, party, token)
    if (expected === 'rotated') model.tokens.push(refreshToken)
    const seen = code ?? (refreshToken === model.tokens.at(-1) ? expected : 'another head')
    if (seen !== expected) throw new Error(`${seen} instead of ${expected}`)
  }
}

t.test('who may ride along in the grace window, by a model', async (t) => {
  const service = await startService(t)
  const user = await service.services.users.store.findById((await service.signUp()).id)
  if (!user) throw new Error('no user')
  const walk = fc.array(step, { minLength: 4, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(walk, fc.nat(PARTIES.length - 1), async (steps, index) => {
      const party = PARTIES[index] as Party
      const device = { ip: party.ip, userAgent: party.agent, log: service.app.log }
      const { refreshToken } = await openSession(service, user, device)
      await follow(service, new Model(refreshToken, placeOf(party)), steps)
    }),
    { seed: 20300101, numRuns: 250 },
  )
  t.ok(service.events('authn_token_replay').length > 50, 'the walks met strikes')
  t.ok(service.events('authn_token_reuse').length > 20, 'and ends')
})

t.test('clients without a lock over 100 rotations', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const [office, , mobile, ipv6] = PARTIES as [Party, Party, Party, Party]
  for (const pair of [
    [office, mobile],
    [office, ipv6],
  ] as const) {
    const within = await service.signIn(account, callOf(office))
    t.equal(await race(service, within, pair, { rotations: 100, apart: SECOND }), Infinity)
    const apart = await service.signIn(account, callOf(office))
    const ended = await race(service, apart, pair, { rotations: 100, apart: 3 * SECOND })
    t.equal(ended, 3, 'three seconds apart they are told from a thief by nothing')
  }
})
