import { randomInt } from 'node:crypto'
import { ProgressBar } from '../src/local/progress-bar.js'
import { type Bench, runBench } from './support/bench.js'
import { rightShare } from './support/classifier.js'
import { Connection, request } from './support/connection.js'
import { newUser } from './support/holders.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'
import type { Service } from './support/service.js'

/** How often a guess by one answer's time may be right. */
const GOAL = 0.53
const WARM_UP = 20
const QUICK = 100
const PASSWORD = 'a long password of one person'

const SETTINGS = {
  MAIL_FROM: 'auth@example.com',
  EMAIL_VERIFICATION: 'required',
  RATE_LIMIT_PER_ADDRESS: '100000',
}

interface Door {
  readonly route: string
  readonly body: (email: string) => object
  /** Of the person who asks. */
  readonly headers?: (service: Service) => Promise<Record<string, string>>
}

/** Where a stranger may type an address, and must not learn whether it has an account. */
const DOORS: Readonly<Record<string, Door>> = {
  'forgotten password': {
    route: 'POST /api/auth/password/forgot',
    body: (email) => ({ email }),
  },
  'sign-in by mail': {
    route: 'POST /api/auth/login/email',
    body: (email) => ({ email }),
  },
  registration: {
    route: 'POST /api/auth/register',
    body: (email) => ({ email, password: PASSWORD }),
  },
  'change of address': {
    route: 'POST /api/auth/email',
    body: (newEmail) => ({ newEmail }),
    headers: async ({ app, services }) => {
      const asker = { email: 'asker@example.com', password: PASSWORD }
      const { users } = services
      await users.store.proveAddress(await users.register(asker), [])
      const answer = await app.inject({ method: 'POST', url: '/api/auth/login', payload: asker })
      const { accessToken } = answer.json<{ accessToken: string }>()
      return { authorization: `Bearer ${accessToken}` }
    },
  },
}

type Kind = 'known' | 'unknown'
type Times = Record<Kind, number[]>

interface Result {
  readonly door: string
  readonly tries: number
  readonly knownMs: number
  readonly unknownMs: number
  readonly rightShare: number
}

const { rounds: asked, quick } = readOptions(
  'How often the time of one answer tells whether an address has an account.',
  { rounds: { value: 2000, description: 'timed rounds, a known and an unknown address in each' } },
  { quick: `${QUICK} rounds, which show that it runs, and are too few to judge by` },
)
const rounds = quick ? QUICK : asked

await runBench(SETTINGS, async (bench) => {
  console.log(machine())
  const { port } = (await bench.start('own/latchkey', 'service')).scene
  const results: Result[] = []
  for (const [number, [name, door]] of Object.entries(DOORS).entries()) {
    const times = await timeDoor(bench, port, { name, number, door })
    results.push({
      door: name,
      tries: rounds,
      knownMs: median(times.known),
      unknownMs: median(times.unknown),
      rightShare: rightShare({ one: times.known, other: times.unknown }),
    })
  }
  report(results)
})

/** Each address is asked for once, so that no limit of an address shows. All are of one length. */
async function timeDoor(
  { service }: Bench,
  port: number,
  { name, number, door }: { name: string; number: number; door: Door },
): Promise<Times> {
  const addressOf = (kind: Kind, round: number) =>
    `${kind === 'known' ? 'here' : 'gone'}-${number}-${String(round).padStart(6, '0')}@example.com`
  const { store } = service.services.users
  const bar = new ProgressBar(process.stderr, 2 * (WARM_UP + rounds))
  bar.note(`${name}: accounts, and rounds`)
  for (let round = 0; round < WARM_UP + rounds; round++) {
    await store.create(newUser(addressOf('known', round)))
    bar.advance(1)
  }

  const headers = (await door.headers?.(service)) ?? {}
  const connection = await Connection.open(port)
  const times: Times = { known: [], unknown: [] }
  for (let round = 0; round < WARM_UP + rounds; round++) {
    for (const kind of shuffledKinds()) {
      const email = addressOf(kind, round)
      const time = await timeAnswer(
        connection,
        request(door.route, headers, JSON.stringify(door.body(email))),
      )
      if (round >= WARM_UP) times[kind].push(time)
    }
    bar.advance(1)
  }
  bar.end()
  connection.close()
  return times
}

/** The order of two requests must not tell them apart. */
function shuffledKinds(): Kind[] {
  return randomInt(2) === 0 ? ['known', 'unknown'] : ['unknown', 'known']
}

/** Milliseconds. */
async function timeAnswer(connection: Connection, asking: Buffer): Promise<number> {
  const start = performance.now()
  const { status, body } = await connection.exchange(asking)
  const time = performance.now() - start
  if (status !== 202 || !/^\{"flow":"[\w-]{22}"\}$/.test(body))
    throw new Error(`A request was answered with ${status} ${body}`)
  return time
}

function report(results: readonly Result[]): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  printTable(
    ['', 'known ms', 'unknown ms', 'right'],
    results.map(({ door, knownMs, unknownMs, rightShare: right }) => [
      door,
      knownMs.toFixed(2),
      unknownMs.toFixed(2),
      percent(right),
    ]),
  )
  console.log(`Goal at most ${percent(GOAL)}${quick ? '; too few rounds to judge by' : ''}`)
  console.log(JSON.stringify({ goal: GOAL, results }))
  if (!quick && results.some(({ rightShare: right }) => right > GOAL)) process.exitCode = 1
}
