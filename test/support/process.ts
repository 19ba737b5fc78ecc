import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { localEnvironmentSchema } from '../../src/config/local.js'
import { environmentSchema } from '../../src/config/service.js'
import { temporaryFolder } from './engine.js'
import { type HttpClient, httpClient } from './http.js'
import { builtEntry } from './entries.js'
import { record } from './transcript.js'

/** How a process ended, and all that it said. */
export interface Exit {
  /** null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProcessOptions {
  /** A fresh folder unless given. */
  readonly dataDir?: string
  /** Variables of the service; what the developer's own shell sets of them is left out. */
  readonly env?: Readonly<Record<string, string>>
  /** Of the command line. */
  readonly args?: readonly string[]
  /** Folder of the installation; this repository unless given. */
  readonly root?: string
}

export interface ServerProcess extends HttpClient {
  readonly pid: number
  /** The first URL that it printed. */
  readonly url: string
  readonly dataDir: string
  /** Settles when it ends, asked or not. */
  readonly exited: Promise<Exit>
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>
}

/** tsx maps lines in another way than tap does: merged, the two would make nonsense of the report. */
export const NO_COVERAGE = { _TAPJS_PROCESSINFO_COVERAGE_: '0' }

const REPOSITORY = join(import.meta.dirname, '../..')

/** Starts the local server on a free port, as `npm start` does, and waits for its address. */
export async function startServer(t: Test, options: ProcessOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? temporaryFolder()
  const { child, exited, address } = launchServer(t, { ...options, dataDir })
  const url = await Promise.race([address, exited])
  if (typeof url !== 'string') throw new Error(`The server did not start: ${url.stderr}`)
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return { ...httpClient(url), pid: child.pid as number, url, dataDir, exited, kill }
}

/** Starts a server that must refuse to start. */
export async function startRefused(t: Test, options: ProcessOptions): Promise<Exit> {
  const { exited, address } = launchServer(t, options)
  const exit = await Promise.race([address, exited])
  if (typeof exit === 'string') throw new Error('The server started.')
  return exit
}

type CommandOptions = ProcessOptions & { readonly input?: string }

/** Runs one command of the administrator's command line to its end. */
export const runAdmin = (t: Test, args: readonly string[], options?: CommandOptions) =>
  runCommand(t, 'src/entry/admin.ts', args, options)

/** Starts one, which a test stops. */
export const startAdmin = (t: Test, args: readonly string[], options: ProcessOptions) =>
  launch(t, 'src/entry/admin.ts', args, options)

/** Runs one command of the partners' command line to its end. */
export const runLatchkey = (t: Test, args: readonly string[], options?: CommandOptions) =>
  runCommand(t, 'src/entry/latchkey.ts', args, options)

function runCommand(
  t: Test,
  entry: string,
  args: readonly string[],
  { input = '', ...options }: CommandOptions = {},
): Promise<Exit> {
  const { child, exited } = launch(t, entry, args, options)
  child.stdin.end(input)
  return exited
}

function launchServer(t: Test, options: ProcessOptions) {
  const { child, exited } = launch(t, 'src/entry/server.ts', options.args ?? [], options)
  const address = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      record({ kind: 'log', line })
      const url = /https?:\/\/[^\s'"]+/.exec(line)?.[0]
      if (url !== undefined) resolve(url)
    })
  })
  return { child, exited, address }
}

/** In another root, such as a clone, an entry runs as `npm start` runs it. */
function launch(t: Test, entry: string, args: readonly string[], options: ProcessOptions) {
  const { dataDir = temporaryFolder(), root } = options
  const script = root === undefined ? [builtEntry(entry)] : ['--import', 'tsx', entry]
  const child = spawn(process.execPath, [...script, ...args], {
    cwd: root ?? REPOSITORY,
    env: { ...foreignEnvironment(), ...NO_COVERAGE, PORT: '0', DATA_DIR: dataDir, ...options.env },
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  // The scan for secrets reads what processes log too: JSON, where a command tells the person who types it in sentences.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) record({ kind: 'log', line })
  })
  const exited = once(child, 'close').then(async ([code]): Promise<Exit> => {
    const [stdout, stderr] = await said
    return { code: code as number | null, stdout, stderr }
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, exited }
}

/** This process's environment without what the service reads. */
function foreignEnvironment(): NodeJS.ProcessEnv {
  const own = { ...environmentSchema.properties, ...localEnvironmentSchema.properties }
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in own)))
}
