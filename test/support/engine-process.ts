import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What a server's engine may take to notice that its server is gone. */
const PATIENCE = 30_000
const POLL = 25

/** Where the engine of a running server listens, by the note in its data folder. */
export function engineEndpoint(dataDir: string): string {
  const note = readFileSync(join(dataDir, 'engine.json'), 'utf8')
  return (JSON.parse(note) as { endpoint: string }).endpoint
}

/** Ids of the engine's processes on that folder: one or none. */
export function enginePids(dataDir: string): number[] {
  const command = `^[^ ]*dynoxide serve .*${join(dataDir, 'dynamodb.sqlite')}`
  const { stdout } = spawnSync('pgrep', ['-f', command], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

/** Polls until a condition holds. @returns false when it does not in good time. */
export async function soon(
  condition: () => boolean | Promise<boolean>,
  patience = PATIENCE,
): Promise<boolean> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    if (await condition()) return true
    await delay(POLL)
  }
  return false
}
