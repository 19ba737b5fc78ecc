import { execFile, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Test } from 'tap'
import { temporaryFolder } from './engine.js'
import { NO_COVERAGE } from './process.js'
import { ORDERS } from './resources.js'

export const ROOT = join(import.meta.dirname, '../..')

/** The examples' own clock is the real one, and so must be their issuer's. */
export const realClock = () =>
  Object.assign(() => new Date().getTime(), { advance: () => undefined })

export interface Example {
  /** The first that it prints, without its path. */
  readonly url: string
  /** All that it has printed. */
  readonly said: () => string
  /** Waits for a line with this text: a pipe may bring it after the answer that it is about. */
  readonly says: (text: string) => Promise<string>
}

export interface Command {
  readonly args: readonly string[]
  readonly cwd: string
  /** @default - this Node */
  readonly program?: string
}

/** Starts an example on a free port, for tokens of `ORDERS`. */
export async function startExample(
  t: Test,
  { program = process.execPath, args, cwd }: Command,
  env: Readonly<Record<string, string>>,
): Promise<Example> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...NO_COVERAGE, PORT: '0', RESOURCE: ORDERS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  const printed: string[] = []
  const printing = new EventEmitter()
  let hasEnded = false
  child.on('close', () => {
    hasEnded = true
    printing.emit('line')
  })
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        printed.push(line)
        printing.emit('line')
        const found = /https?:\/\/[^\s]+/.exec(line)?.[0]
        if (found !== undefined) resolve(new URL(found).origin)
      })
    }
    child.on('exit', () => reject(new Error(`the example did not start: ${printed.join('\n')}`)))
  })
  const said = () => printed.join('\n')
  const says = async (text: string) => {
    while (!said().includes(text)) {
      if (hasEnded) throw new Error(`the example ended without “${text}”: ${said()}`)
      await once(printing, 'line')
    }
    return said()
  }
  return { url, said, says }
}

/** The examples in a folder of their own, with their own packages. @returns the folder. */
export async function installExamples(): Promise<string> {
  const clone = temporaryFolder()
  const folder = join(clone, 'examples')
  cpSync(join(ROOT, 'examples'), folder, { recursive: true })
  await buildPackage(join(clone, 'packages/latchkey'), ['mcp', 'verifier'])
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder })
  return folder
}

/** Exports of the package, in a folder of its own: no other run that builds it takes it away meanwhile. */
export async function buildPackage(folder: string, names: readonly Exported[]): Promise<void> {
  cpSync(join(ROOT, 'packages/latchkey/package.json'), join(folder, 'package.json'))
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(names.map((name) => [name, SOURCES[name]])),
    outdir: join(folder, 'dist'),
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
}

const SOURCES = {
  client: 'src/client/client.ts',
  mcp: 'src/relying-party/mcp.ts',
  verifier: 'src/relying-party/verifier.ts',
}
type Exported = keyof typeof SOURCES
