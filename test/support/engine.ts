import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Engine, startEngine } from '../../src/local/engine.js'

/** Where nothing listens: a port that systems reserve (RFC 6335), and that no test is given. */
export const DEAD_ENDPOINT = 'http://127.0.0.1:1'

/** What SQLite calls a database that has no file, and so waits for no disk. */
const IN_MEMORY = ':memory:'

let shared: Promise<Engine> | undefined

/** The embedded engine of this test process. Services share it and keep apart by the names of their tables. */
export function sharedEngine(): Promise<Engine> {
  shared ??= start()
  return shared
}

async function start(): Promise<Engine> {
  const engine = await startEngine(IN_MEMORY)
  t.teardown(() => engine.stop())
  return engine
}

/** Removed when the test process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  t.teardown(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
