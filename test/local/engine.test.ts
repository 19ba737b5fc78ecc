import { chmodSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { accepts, type Engine, startEngine } from '../../src/local/engine.js'
import { isSecluded, type Place, secludedPlace } from '../../src/local/place.js'
import { type LocalRuntime, openLocalRuntime } from '../../src/local/runtime.js'
import { welcome } from '../../src/local/welcome.js'
import { MINUTE } from '../support/clock.js'
import { enginePids, soon } from '../support/engine-process.js'
import { DEAD_ENDPOINT, sharedEngine, temporaryFolder } from '../support/engine.js'
import { parallel } from '../support/tally.js'

const { tables } = loadConfig({ ISSUER: 'https://auth.example.com' })

t.test('the local engine of DynamoDB starts', async (t) => {
  t.test('the local engine listens on loopback only, until it is stopped', async (t) => {
    const folder = temporaryFolder()
    const engine = await startEngine(join(folder, 'dynamodb.sqlite'))
    const { hostname, port: text } = new URL(engine.endpoint)
    const port = Number(text)
    t.equal(enginePids(folder).length, 1)
    t.ok(await accepts(port, hostname))
    t.match(hostname, /^127\.(?!0\.0\.1$)/, 'at an address that no name has')
    t.ok(engine.isSecluded)
    for (const known of ['127.0.0.1', '::1']) t.notOk(await accepts(port, known), known)
    const addresses = Object.values(networkInterfaces()).flatMap((known = []) => known)
    for (const { address } of addresses.filter(({ internal }) => !internal)) {
      t.notOk(await accepts(port, address), address)
    }
    await parallel(2, () => engine.stop())
    await engine.exited
    t.same(enginePids(folder), [])
  })

  t.test('the local engine looks for another port when one is taken before it could', async (t) => {
    const taken = placeOf(await sharedEngine())
    const places = [taken, await secludedPlace()]
    const secluded = { isSecluded, secludedPlace: async () => places.shift() }
    const { startEngine } = await t.mockImport<typeof import('../../src/local/engine.js')>(
      '../../src/local/engine.js',
      { '../../src/local/place.js': secluded },
    )
    const engine = await startEngine(join(temporaryFolder(), 'dynamodb.sqlite'))
    t.teardown(() => engine.stop())
    const { host, port } = placeOf(engine)
    t.not(port, taken.port, 'though a DynamoDB answers there')
    t.ok(await accepts(port, host))
  })

  t.test('the local engine is found by a process that is busy until the deadline', async (t) => {
    const place = await secludedPlace()
    const now = Date.now
    t.teardown(() => (Date.now = now))
    const busy = async () => {
      await soon(() => accepts(place.port, place.host))
      Date.now = () => now() + MINUTE
    }
    const { startEngine } = await t.mockImport<typeof import('../../src/local/engine.js')>(
      '../../src/local/engine.js',
      {
        '../../src/local/place.js': { isSecluded, secludedPlace: async () => place },
        'node:timers/promises': { setTimeout: busy },
      },
    )
    const engine = await startEngine(join(temporaryFolder(), 'dynamodb.sqlite'))
    t.teardown(() => engine.stop())
    t.not(Date.now, now, 'which it was')
    t.same(placeOf(engine), place)
  })

  t.test(
    'the local engine says where web pages can find it: on a platform without IPv6 loopback',
    async (t) => {
      const ports = await t.mockImport<typeof import('../../src/local/free-port.js')>(
        '../../src/local/free-port.js',
        {},
      )
      const probePort = async (host: string, port: number) => {
        if (host === '127.0.0.1') return ports.probePort(host, port)
        throw Object.assign(new Error('no such address'), { code: 'EADDRNOTAVAIL' })
      }
      const place = await t.mockImport<typeof import('../../src/local/place.js')>(
        '../../src/local/place.js',
        { '../../src/local/free-port.js': { ...ports, probePort } },
      )
      const found = await place.secludedPlace()
      t.match(found, { host: '127.0.0.1', port: Number })
      t.notOk(place.isSecluded(found))
      const surroundings = { dataDir: '.data', identityProvider: undefined, mailbox: undefined }
      const url = 'http://localhost:3000'
      t.match(
        welcome(url, { ...surroundings, isOpen: true }),
        /^Warning: .* web page .* database/ms,
      )
      t.notMatch(welcome(url, { ...surroundings, isOpen: false }), 'Warning')
    },
  )

  t.test('the local engine says so when it cannot start', async (t) => {
    const folder = temporaryFolder()
    const damaged = join(folder, 'damaged.sqlite')
    writeFileSync(damaged, 'no database '.repeat(1000))
    for (const path of [damaged, folder, join(folder, 'missing', 'dynamodb.sqlite')]) {
      await t.rejects(startEngine(path), { name: 'LocalError', message: 'did not start' }, path)
    }
  })
})

t.test('the data folder of the local runtime', async (t) => {
  t.test('the local runtime lets one of two that start at once have the data folder', async (t) => {
    const dataDir = temporaryFolder()
    const opened = await Promise.allSettled([open(t, dataDir), open(t, dataDir)])
    t.same(opened.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const refused = opened.find(({ status }) => status === 'rejected')
    t.match(refused, { reason: { name: 'LocalError', message: /in use/ } })
    t.equal(enginePids(dataDir).length, 1)
  })

  t.test('the local runtime lets one that may join share the engine', async (t) => {
    const dataDir = temporaryFolder()
    await open(t, dataDir)
    const guest = await open(t, dataDir, { join: true })
    t.equal(enginePids(dataDir).length, 1)
    await guest.stop()
    t.equal(enginePids(dataDir).length, 1, 'a guest leaves it running')
  })

  t.test(
    'the local runtime isn’t deceived by the note of a killed server whose pid is taken again',
    async (t) => {
      const dataDir = temporaryFolder()
      const note = { pid: process.pid, endpoint: DEAD_ENDPOINT }
      writeFileSync(join(dataDir, 'engine.json'), JSON.stringify(note))
      await t.resolves(open(t, dataDir))
    },
  )

  t.test('the local runtime takes a full disk for no other process', async (t) => {
    const dataDir = temporaryFolder()
    symlinkSync('/dev/full', join(dataDir, `engine.json.${process.pid}`))
    const message = `The data folder ${dataDir} can't be written (ENOSPC).`
    await t.rejects(open(t, dataDir), { name: 'LocalError', message })
  })

  t.test('the local runtime hides the data in a folder that others may enter', async (t) => {
    const dataDir = temporaryFolder()
    chmodSync(dataDir, 0o755)
    await open(t, dataDir)
    for (const name of readdirSync(dataDir)) {
      t.equal(statSync(join(dataDir, name)).mode & 0o077, 0, name)
    }
  })
})

/** Opened for the length of a test. */
async function open(t: Test, dataDir: string, { join = false } = {}): Promise<LocalRuntime> {
  const options = { dataDir, endpoint: undefined, isProduction: false, tables, join }
  const runtime = await openLocalRuntime(options)
  t.teardown(() => runtime.stop())
  return runtime
}

function placeOf({ endpoint }: Engine): Place {
  const { hostname, port } = new URL(endpoint)
  return { host: hostname, port: Number(port) }
}
