import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Listening, Usage, Variant } from './server.js'
import { type Environment, openService, type Service } from './service.js'

const SERVER = fileURLToPath(new URL('server.ts', import.meta.url))

/** A server in a process of its own. */
export interface Server {
  readonly port: number
  usage(): Promise<Usage>
}

/** The processes of one run, on a database and keys that end with it. */
export interface Bench {
  /** The service in this process, to prepare accounts and tokens with. It does not listen. */
  readonly service: Service
  /** @param more environment of this server only. */
  start(variant: Variant, more?: Environment): Promise<Server>
}

/**
 * Runs a bench and stops everything after it. Server processes and engine end with this process however
 * it ends, so Ctrl-C only has to end it.
 */
export async function runBench(
  settings: Environment,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143))
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

  const environment = { ISSUER: 'http://127.0.0.1', DATA_DIR: folder, ...settings }
  const service = await openService(environment, false)
  const children: ChildProcess[] = []
  const start = async (variant: Variant, more: Environment = {}): Promise<Server> => {
    const child = fork(SERVER, [variant], { env: { ...environment, ...more } })
    children.push(child)
    const { port } = await answer<Listening>(child)
    const usage = () => {
      child.send('usage')
      return answer<Usage>(child)
    }
    return { port, usage }
  }
  try {
    await run({ service, start })
  } finally {
    for (const child of children) child.disconnect()
    await service.close()
  }
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A server process ended')
  })
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T]
  return message
}
