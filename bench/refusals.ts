import { runBench } from './support/bench.js'
import { Connection, request } from './support/connection.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'

/** How far apart the medians may lie: the highest over the lowest. */
const GOAL = 1.1
const WARM_UP = 10
const PASSWORD = 'a password of one account alone'

/** As many tries as the bench makes, and short windows, so that none is refused unread. */
const LIMITS = {
  RATE_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_PER_ACCOUNT: '100',
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '1',
}

/** The three refusals that must look alike. A disabled user is the one who knows the password. */
const ATTEMPTS = {
  unknown: { email: 'unknown@example.com', password: PASSWORD },
  known: { email: 'known@example.com', password: 'another password than theirs' },
  disabled: { email: 'disabled@example.com', password: PASSWORD },
} as const
type Kind = keyof typeof ATTEMPTS
const KINDS = Object.keys(ATTEMPTS) as Kind[]

const { rounds } = readOptions(
  'Time of a refused POST /api/auth/login: unknown e-mail, wrong password, disabled user.',
  { rounds: { value: 200, description: 'timed rounds, one attempt of each kind in each' } },
)

await runBench(LIMITS, async ({ service, start }) => {
  console.log(machine())
  const { users } = service.services
  await users.register({ email: ATTEMPTS.known.email, password: PASSWORD })
  const { id } = await users.register(ATTEMPTS.disabled)
  await users.store.change(id, { status: 'disabled' })

  const { scene } = await start('own/latchkey', 'service')
  const connection = await Connection.open(scene.port)
  const times: Record<Kind, number[]> = { unknown: [], known: [], disabled: [] }
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const kind of KINDS) {
      const time = await timeAttempt(connection, kind)
      if (round >= 0) times[kind].push(time)
    }
  }
  report(times)
})

/** Milliseconds. */
async function timeAttempt(connection: Connection, kind: Kind): Promise<number> {
  const attempt = request('POST /api/auth/login', {}, JSON.stringify(ATTEMPTS[kind]))
  const start = performance.now()
  const { status, body } = await connection.exchange(attempt)
  const time = performance.now() - start
  if (status !== 401 || !body.includes('"INVALID_CREDENTIALS"')) {
    throw new Error(`The ${kind} attempt was answered with ${status} ${body}`)
  }
  return time
}

function report(times: Readonly<Record<Kind, readonly number[]>>): void {
  const medians = KINDS.map((kind) => median(times[kind]))
  const lowest = Math.min(...medians)
  const rows = medians.map((time, index) => [
    KINDS[index] as Kind,
    time.toFixed(2),
    (time / lowest).toFixed(3),
  ])
  printTable(['', 'median ms', 'of lowest'], rows)
  const spread = Math.max(...medians) / lowest
  console.log(`Spread ${spread.toFixed(3)}, goal at most ${GOAL}`)
  if (spread > GOAL) process.exitCode = 1
}
