import { runBench } from './support/bench.js'
import { Connection, request } from './support/connection.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'

/** How far the medians may lie apart. */
const TOLERANCE = 1.1
const PASSWORD = 'a password of nobody else'

/** A hundred failures a second for each account: more than argon2 can answer. */
const LIMITS = {
  RATE_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_PER_ACCOUNT: '100',
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '1',
}

const EMAILS = {
  unknown: 'unknown@example.com',
  known: 'known@example.com',
  disabled: 'disabled@example.com',
} as const
type Kind = keyof typeof EMAILS

const { rounds } = readOptions(
  'Time of a refused POST /api/auth/login for an unknown e-mail, a known one and a disabled user.',
  { rounds: { value: 200, description: 'timed rounds, one try of each' } },
)

await runBench(LIMITS, async ({ service, start }) => {
  console.log(machine())
  const { users } = service.app
  await users.register({ email: EMAILS.known, password: PASSWORD })
  const { id } = await users.register({ email: EMAILS.disabled, password: PASSWORD })
  await users.store.setStatus(id, 'disabled')
  const { port } = await start('cached')
  const connection = await Connection.open(port)
})
