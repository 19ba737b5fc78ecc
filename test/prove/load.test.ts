import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import { LOCAL_ACCESS } from '../../src/local/runtime.js'
import { bounds } from '../support/bounds.js'
import { temporaryFolder } from '../support/engine.js'
import { type Reply } from '../support/http.js'
import { brokenInvariants, snapshotOf } from '../support/invariants.js'
import { KEYS } from '../support/keys.js'
import { startMortalEngine } from '../support/mortal-engine.js'
import { startServer } from '../support/process.js'
import { type Account, ISSUER, newAccount } from '../support/service.js'
import { newTableNames, tableVariables } from '../support/tables.js'
import { parallel, tally } from '../support/tally.js'
import { recordSecret } from '../support/transcript.js'

const SECOND = 1000
const DURATION = (bounds.isFull ? 600 : 60) * SECOND
const WARM_UP = 3 * SECOND
/** Of what the service did per second when it was measured. */
const SHARE = 0.7
const WORKERS = 6
/** Between the deaths of the engine, and how long it is away. */
const LIFE = 11 * SECOND
const AWAY = 0.7 * SECOND
/** How long the store may be away for one request, restarts of a busy machine included. */
const PATIENCE = 45 * SECOND
const CHECKED = bounds.isFull ? Infinity : 60

/** What was acknowledged. */
interface Ledger {
  readonly accounts: Account[]
  /** Heads of families that live, and tokens of those that were ended. */
  readonly heads: string[]
  readonly ended: string[]
  readonly keys: string[]
  readonly revoked: string[]
}

t.test('under load, while the engine is killed again and again', async (t) => {
  const engine = await startMortalEngine(t)
  const tables = newTableNames()
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    ISSUER,
    ...tableVariables(tables),
    RATE_LIMIT_PER_ADDRESS: '100000',
    RATE_LIMIT_PER_ACCOUNT: '100',
    VERIFICATION_CACHE_SECONDS: '1',
    // A lost answer is asked for again when the engine is back.
    REFRESH_GRACE_SECONDS: '60',
  }
  const server = await startServer(t, { dataDir: temporaryFolder(), env })
  const ledger: Ledger = { accounts: [], heads: [], ended: [], keys: [], revoked: [] }
  const answers: string[] = []
  const refused: string[] = []
  let requests = 0
  let interval = 0
  let isOver = false

  /** Sends a request until it is answered with anything but 503, as a good client does. */
  const ask = async (
    name: string,
    expected: readonly number[],
    send: () => Promise<Pick<Reply, 'status' | 'headers' | 'body'>>,
  ) => {
    const deadline = Date.now() + PATIENCE
    for (;;) {
      const due = Date.now() + interval
      const reply = await send()
      requests++
      answers.push(`${name} ${reply.status}`)
      if (reply.status !== 503) {
        if (!expected.includes(reply.status))
          refused.push(`${name} ${reply.status} ${reply.body?.code}`)
        await delay(Math.max(0, due - Date.now()))
        return reply
      }
      if (!/^\d+$/.test(String(reply.headers['retry-after'])))
        refused.push(`${name} no Retry-After`)
      if (Date.now() > deadline) throw new Error(`${name}: the store does not come back`)
      await delay(250)
    }
  }
  const remove = async (path: string, token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    const { status, headers: given } = await fetch(server.url + path, { method: 'DELETE', headers })
    return { status, headers: Object.fromEntries(given), body: undefined }
  }

  /** A person from the first visit to the last. */
  const live = async (number: number): Promise<void> => {
    const account = newAccount()
    await ask('sign-up', [201, 409], () => server.signUp(account))
    ledger.accounts.push(account)
    const { body } = await ask('sign-in', [200], () => server.signIn(account))
    let { accessToken: token, refreshToken } = body as Record<string, string>
    const make = () => server.post(`${KEYS}/generate`, { name: 'k' }, { token: token ?? '' })
    const made = await ask('key made', [201], make)
    const { apiKey, key } = made.body as { apiKey: string; key: { id: string } }
    recordSecret('token', apiKey)
    for (let round = 0; round < 4; round++) {
      const headers = { 'x-api-key': apiKey }
      await ask('key call', [200], () => server.get('/api/data', { headers }))
      await ask('protected', [200], () => server.get('/api/profile', { token: token ?? '' }))
      await ask('key call', [200], () => server.get('/api/data', { headers }))
      const refreshed = await ask('refresh', [200], () => server.refresh(refreshToken ?? ''))
      ;({ accessToken: token, refreshToken } = refreshed.body as Record<string, string>)
    }
    if (number % 2 === 0) {
      // A delete whose answer was lost is answered 404.
      await ask('key revoked', [204, 404], () => remove(`${KEYS}/${key.id}`, token ?? ''))
      ledger.revoked.push(apiKey)
    } else ledger.keys.push(apiKey)
    if (number % 3 === 0) {
      const out = () => server.post('/api/auth/logout', undefined, { token: token ?? '' })
      await ask('sign-out', [200], out)
      ledger.ended.push(refreshToken ?? '')
    } else ledger.heads.push(refreshToken ?? '')
  }

  let persons = 0
  const working = parallel(WORKERS, async () => {
    while (!isOver) await live(persons++)
  })
  await delay(WARM_UP)
  const before = requests
  await delay(WARM_UP)
  const capacity = ((requests - before) / WARM_UP) * SECOND
  interval = (WORKERS / (capacity * SHARE)) * SECOND
  t.ok(capacity > 0, `${Math.round(capacity)} requests a second`)

  const end = Date.now() + DURATION
  let deaths = 0
  while (Date.now() < end) {
    await delay(LIFE)
    await engine.killAndRestart(() => delay(AWAY))
    deaths++
  }
  isOver = true
  await working
  t.comment(`${requests} requests, ${deaths} deaths`, tally(answers))
  t.ok(deaths >= 4)
  t.ok(
    answers.some((answer) => answer.endsWith(' 503')),
    'requests met the engine away',
  )
  t.same(refused, [], 'no good credential is refused, and nothing else goes wrong')

  const none = async <T>(of: readonly T[], isGood: (one: T) => Promise<boolean>) => {
    const lost: T[] = []
    for (const one of of.slice(-CHECKED)) if (!(await isGood(one))) lost.push(one)
    return lost.length
  }
  const statusOfKey = async (apiKey: string) =>
    (await server.get('/api/data', { headers: { 'x-api-key': apiKey } })).status
  await delay(1100)
  const is = (status: number) => (reply: { readonly status: number }) => reply.status === status
  const { accounts, heads, keys, revoked } = ledger
  // An instance lets an address try 20 dead tokens a minute.
  const ended = ledger.ended.slice(-15)
  t.equal(await none(accounts, async (each) => is(200)(await server.signIn(each))), 0, 'accounts')
  t.equal(await none(heads, async (each) => is(200)(await server.refresh(each))), 0, 'heads')
  t.equal(await none(ended, async (each) => is(401)(await server.refresh(each))), 0, 'sign-outs')
  t.equal(await none(keys, async (each) => (await statusOfKey(each)) === 200), 0, 'keys')
  t.equal(await none(revoked, async (each) => (await statusOfKey(each)) === 401), 0, 'revocations')
  t.ok([accounts, heads, ended, keys, revoked].every(({ length }) => length > 0))

  const client = createClient({ endpoint: engine.endpoint, ...LOCAL_ACCESS })
  t.teardown(() => client.destroy())
  const snapshot = await snapshotOf({ client, config: { tables } })
  // The local service takes a mail out of the table when it has put it into its mailbox.
  const broken = brokenInvariants(snapshot, Date.now()).filter((each) => !each.startsWith('mails:'))
  t.same(broken, [])
})
