import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** Processes that run, each the head of a group of its own. */
const running = new Set<ChildProcess>()

interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** How a process ended, and all that it said. */
export interface Ended {
  readonly code: number
  /** What it said on standard output. */
  readonly out: string
  /** That, and what it said on standard error. */
  readonly output: string
}

/** No step takes longer, even beside other work. */
const PATIENCE_MS = 240_000

/** Runs a program to its end, which must come within four minutes. */
export async function run(
  program: string,
  args: readonly string[],
  options: ChildOptions & { readonly input?: string } = {},
): Promise<Ended> {
  const { input = '', ...rest } = options
  const child = spawn(program, args, { ...rest, detached: true, stdio: 'pipe' })
  const ended = watch(child)
  const patience = setTimeout(() => signal(child, 'SIGKILL'), PATIENCE_MS)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const code = await ended
  clearTimeout(patience)
  const [out, errors] = await said
  return { code, out, output: out + errors }
}

/** Starts a program that goes on, and writes what it says into a file. @returns a promise of its exit code. */
export function start(
  program: string,
  args: readonly string[],
  { log, ...options }: ChildOptions & { readonly log: string },
): Promise<number> {
  const file = openSync(log, 'a')
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', file, file] })
  closeSync(file)
  return watch(child)
}

/** Ends every process that was started here, and what those have started. */
export async function stopAll(): Promise<void> {
  const ended = [...running].map(async (child) => {
    const exit = new Promise((resolve) => child.once('close', resolve))
    signal(child, 'SIGTERM')
    const patience = setTimeout(() => signal(child, 'SIGKILL'), 5_000)
    await exit
    clearTimeout(patience)
    // Its children may be slower than itself.
    signal(child, 'SIGKILL')
  })
  await Promise.all(ended)
}

/** Ends them at once: for the end of this process. */
export function killAll(): void {
  for (const child of running) signal(child, 'SIGKILL')
}

function watch(child: ChildProcess): Promise<number> {
  running.add(child)
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      running.delete(child)
      reject(error)
    })
    child.on('close', (code) => {
      running.delete(child)
      resolve(code ?? 1)
    })
  })
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch {
    // It has ended.
  }
}
