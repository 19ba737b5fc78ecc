import t from 'tap'
import { sharedEngine, temporaryFolder } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import type { Reply } from '../support/http.js'
import { type Generated, KEYS } from '../support/keys.js'
import { type ServerProcess, startServer } from '../support/process.js'
import { ISSUER } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { recordSecret } from '../support/transcript.js'
import { newTableNames, tableVariables } from '../support/tables.js'

/** The bound that is published for revocation, on the processes that are asked about it. */
const CACHE_SECONDS = 1
/** Elsewhere an instance lives on what it remembers for longer than the whole test. */
const LONG_CACHE_SECONDS = 300

const QUOTA = 500
const CALLS = 900
const BATCH = 100
/** The most that an instance may hold of that quota: a tenth of what was left when it leased. */
const LARGEST_BLOCK = 50
/** Calls before a rotation, and after it. */
const ENOUGH = 150

t.test('four processes on one database and one key ring', async (t) => {
  const dataDir = temporaryFolder()
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: (await sharedEngine()).endpoint,
    ISSUER,
    ...tableVariables(newTableNames()),
  }
  const start = (cacheSeconds: number) =>
    startServer(t, {
      dataDir,
      env: { ...environment, VERIFICATION_CACHE_SECONDS: `${cacheSeconds}` },
    })
  const servers = await Promise.all(
    [CACHE_SECONDS, CACHE_SECONDS, LONG_CACHE_SECONDS, LONG_CACHE_SECONDS].map(start),
  )
  const [manager, second, third, fourth] = servers as [
    ServerProcess,
    ServerProcess,
    ServerProcess,
    ServerProcess,
  ]

  const { account } = await manager.signUp()
  const { body: signedIn } = await manager.signIn(account)
  const token = signedIn.accessToken as string

  const generate = (settings: object = {}) =>
    issue(manager.post(`${KEYS}/generate`, { name: 'k', ...settings }, { token }))
  const rotate = ({ id }: Generated) =>
    issue(manager.post(`${KEYS}/${id}/rotate`, { overlapSeconds: 60 }, { token }))

  t.test('a token of one is good on the others: the ring is one', async (t) => {
    for (const server of servers) t.equal((await server.get(KEYS, { token })).status, 200)
  })

  t.test('a quota is one for all of them', async (t) => {
    const { secret } = await generate({ monthlyQuota: QUOTA })
    const statuses: number[] = []
    for (let sent = 0; sent < CALLS; sent += BATCH) {
      const call = (index: number) =>
        statusOf(servers[index % servers.length] as ServerProcess, secret)
      statuses.push(...(await parallel(BATCH, call)))
    }
    const { 200: admitted = 0, 429: refused = 0 } = tally(statuses)
    t.equal(admitted + refused, CALLS, 'nothing else was answered')
    t.ok(admitted <= QUOTA, `${admitted} admitted`)
    t.ok(admitted >= QUOTA - servers.length * LARGEST_BLOCK, 'few are stranded in leases')
  })

  t.test('what one revokes, another refuses within the published bound', async (t) => {
    const { id, secret } = await generate()
    t.equal(await statusOf(second, secret), 200, 'it is remembered there')
    t.equal((await remove(manager, id, token)).status, 204)
    const revokedAt = Date.now()
    let lastAdmitted = revokedAt
    const isRefused = async () => {
      const sentAt = Date.now()
      const status = await statusOf(second, secret)
      if (status === 200) lastAdmitted = sentAt
      return status === 401
    }
    t.ok(await soon(isRefused))
    t.ok(lastAdmitted - revokedAt <= CACHE_SECONDS * 1000, `${lastAdmitted - revokedAt} ms`)
  })

  t.test('a rotation under load refuses not one call', async (t) => {
    const key = await generate()
    let { secret } = key
    let isOver = false
    const statuses: number[] = []
    const load = [third, fourth].map(async (server) => {
      while (!isOver) statuses.push(await statusOf(server, secret))
    })
    const calls = (count: number) => soon(() => statuses.length >= count)

    t.ok(await calls(ENOUGH))
    const rotated = await rotate(key)
    t.equal(rotated.id, key.id)
    secret = rotated.secret
    t.ok(await calls(statuses.length + ENOUGH), 'the client has switched')
    isOver = true
    await Promise.all(load)
    t.same(tally(statuses), { 200: statuses.length })
    for (const server of servers) {
      t.equal(await statusOf(server, key.secret), 200, 'the old secret works for the overlap')
    }
  })
})

async function statusOf(server: ServerProcess, secret: string): Promise<number> {
  return (await server.get('/api/data', { headers: { 'x-api-key': secret } })).status
}

async function issue(answer: Promise<Reply>): Promise<Generated> {
  const { status, body } = await answer
  if (status !== 201) throw new Error(`no key: ${status} ${body?.code}`)
  recordSecret('token', body.apiKey)
  return { id: body.key.id, secret: body.apiKey }
}

const remove = ({ url }: ServerProcess, id: string, token: string): Promise<Response> =>
  fetch(`${url}${KEYS}/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
