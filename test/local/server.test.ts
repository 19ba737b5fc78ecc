import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { generateKeyPairSync } from 'node:crypto'
import { loadConfig } from '../../src/config.js'
import { startEngine } from '../../src/local/engine.js'
import { openLocalRuntime } from '../../src/local/runtime.js'
import { accepts, enginePids, enginePort, soon } from '../support/engine-process.js'
import { temporaryFolder } from '../support/engine.js'
import {
  type Exit,
  type ProcessOptions,
  type ServerProcess,
  startRefused,
  startServer,
} from '../support/process.js'

t.jobs = 2

t.test('a local server over its life', async (t) => {
  const dataDir = join(temporaryFolder(), 'made', 'by', 'the', 'server')
  const server = await startServer(t, { dataDir })

  t.test('prints its address before any other', async (t) => {
    t.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    t.equal((await server.get('/healthz')).status, 200)
  })

  t.test('shows its API page, whose policy lets it run', (t) => checkDocs(t, server))

  t.test('keeps what is secret from other users of the machine', async (t) => {
    t.same(modes(dataDir), ['700', '700'])
    t.same(modes(join(dataDir, 'engine.json')), ['600'])
    for (const name of readdirSync(join(dataDir, 'keyring'))) {
      t.same(modes(join(dataDir, 'keyring', name)), ['600'], name)
    }
  })

  t.test('refuses a second server', async (t) => {
    const sameFolder = await startRefused(t, { dataDir })
    checkRefusal(t, sameFolder, new RegExp(`in use by process ${server.pid}\\b.*DATA_DIR`))

    const other = temporaryFolder()
    const { port } = new URL(server.url)
    const samePort = await startRefused(t, { dataDir: other, env: { PORT: port } })
    checkRefusal(t, samePort, new RegExp(`^Port ${port} .*PORT`))
    t.same(enginePids(other), [], 'and leaves no engine')
    t.equal((await server.get('/healthz')).status, 200, 'the first goes on')
  })

  t.test('keeps accounts and sessions over a stop', async (t) => {
    const { account, status } = await server.signUp()
    t.equal(status, 201)
    const { body } = await server.signIn(account)
    const { body: profile } = await server.get('/api/profile', { token: body.accessToken })
    t.equal(profile.user.email, account.email)
    await checkStop(t, server, 'SIGTERM')

    const again = await startServer(t, { dataDir })
    t.equal((await again.signIn(account)).status, 200)
    t.equal((await again.refresh(body.refreshToken)).status, 200)
    await checkStop(t, again, 'SIGINT')
  })
})
