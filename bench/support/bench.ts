import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scene } from './peer.js'
import type { Usage } from './server.js'
import { type Environment, openService, type Service } from './service.js'

/** A server in a process of its own. */
export interface Server {
  readonly scene: Scene
  readonly usage: () => Promise<Usage>
  readonly stop: () => void
}

/** The processes of one run, on a database and keys that end with it. */
export interface Bench {
  /** The service in this process, which does not listen: to prepare accounts and tokens with. */
  readonly service: Service
  /**
   * Starts a server.
   * @param peer a file of `own/` or `peers/`.
   * @param name what the file calls the server.
   * @param calls how many will be made, where each needs a credential of its own.
   */
  readonly start: (peer: string, name: string, calls?: number) => Promise<Server>
}

const SERVER = fileURLToPath(new URL('server.ts', import.meta.url))

/**
 * Runs a bench in a data folder of its own and stops everything after it. Servers and engine end when this
 * process does, however it does, so that Ctrl-C has only one process to end.
 * @param settings environment of the service.
 * @param core the one that servers are kept on.
 */
export async function runBench(
  settings: Environment,
  run: (bench: Bench) => Promise<void>,
  core?: number,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143))

  const environment = { ISSUER: 'http://127.0.0.1', DATA_DIR: folder, ...settings }
  const service = await openService(environment, { join: false })
  const children: ChildProcess[] = []
  const start = (peer: string, name: string, calls = 0) => {
    const node = [process.execPath, '--import', 'tsx', SERVER, peer, name, String(calls)]
    const [command = '', ...args] =
      core === undefined ? node : ['taskset', '-c', String(core), ...node]
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    children.push(child)
    return connectTo(child, `${peer} (${name})`)
  }
  try {
    await run({ service, start })
  } finally {
    for (const child of children) child.kill()
    await service.close()
  }
}

/** The service's log is written, which is part of its work; its end is shown where a server fails. */
const LOG_SHOWN = 2000

async function connectTo(child: ChildProcess, name: string): Promise<Server> {
  let log = ''
  child.stderr?.on('data', (chunk) => (log = `${log}${chunk}`.slice(-LOG_SHOWN)))
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server of ${name} ended\n${log}`)
  })
  const receive = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [T]
    return message
  }
  const scene = await receive<Scene>()
  const usage = () => {
    child.send('usage')
    return receive<Usage>()
  }
  return { scene, usage, stop: () => child.kill() }
}
