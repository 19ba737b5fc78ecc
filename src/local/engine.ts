import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readSync, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LocalError } from './local-error.js'
import { isSecluded, type Place, secludedPlace } from './place.js'

/** A running engine. `exited` settles when it ends, asked or not. */
export interface Engine {
  readonly endpoint: string
  /** Whether it listens where web pages can't find it: it refuses none of them. */
  readonly isSecluded: boolean
  readonly exited: Promise<void>
  stop(): Promise<void>
}

const START_TIMEOUT = 10_000
const POLL = 20
const PORT_TRIES = 3
const OUTPUT_BYTES = 1024
/** An engine that does not say that it listens is taken for the one that does when it has lived for so long. */
const SILENCE = 1_000

/**
 * The watchdog's standard input is a pipe from this process. When it closes, however this process ended,
 * `kill -9` included, the engine is told to stop. Its files are for their owner only.
 */
const WATCHDOG = `
umask 077
exec 3<&0
"$@" 3<&- </dev/null >/dev/null &
engine=$!
exec 2>/dev/null
{ cat <&3 >/dev/null; kill "$engine" 2>/dev/null; } &
watch=$!
wait "$engine"
kill "$watch" 2>/dev/null
`

/**
 * Starts the embedded DynamoDB at a secluded place of loopback, its data in one file. It answers every caller
 * that finds it, web pages of any origin included, so nothing but its data folder may say where it is.
 * @throws {LocalError} when there is no engine for this platform, or it does not start.
 */
export async function startEngine(databasePath: string): Promise<Engine> {
  const binary = findBinary()
  const deadline = Date.now() + START_TIMEOUT
  for (let tries = 0; tries < PORT_TRIES && Date.now() < deadline; tries++) {
    const engine = await startAt(await secludedPlace(), binary, databasePath, deadline)
    if (engine) return engine
  }
  throw new LocalError(
    'The embedded DynamoDB did not start. Is its data file in use, damaged, or on a full disk?',
  )
}

/** @returns undefined when it has ended by itself: another may have taken the port before it could. */
async function startAt(
  place: Place,
  binary: string,
  databasePath: string,
  deadline: number,
): Promise<Engine | undefined> {
  const { host, port } = place
  const endpoint = `http://${host}:${port}`
  const command = [binary, 'serve', '--host', host, '--port', `${port}`, '--db-path', databasePath]
  const output = openOutput()
  // Its own process group: Ctrl-C in a terminal reaches the service, which stops the engine last.
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'latchkey-engine', ...command], {
    stdio: ['pipe', 'ignore', output],
    detached: true,
  })
  const exited = once(child, 'exit').then(() => undefined)
  const stop = async () => {
    child.stdin?.destroy()
    await exited
  }
  // Another process may have taken the port meanwhile, and even answer as DynamoDB: only the engine's own line is proof.
  const says = () => readOutput(output).includes(`listening on ${endpoint}`)
  try {
    const believedAt = Date.now() + SILENCE
    while (child.exitCode === null) {
      const isOurs = says() || Date.now() > believedAt
      if (isOurs && (await accepts(port, host))) {
        return { endpoint, isSecluded: isSecluded(place), exited, stop }
      }
      // Not before the look: this process itself may have been busy until the deadline.
      if (Date.now() >= deadline) break
      await delay(POLL)
    }
  } finally {
    closeSync(output)
  }
  await stop()
  return undefined
}

/** A file without a name: unlike a pipe, it can't break under an engine that outlives this process. */
function openOutput(): number {
  const path = join(tmpdir(), `latchkey-engine-${randomUUID()}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}

function readOutput(file: number): string {
  const buffer = Buffer.alloc(OUTPUT_BYTES)
  return buffer.toString('utf8', 0, readSync(file, buffer, 0, OUTPUT_BYTES, 0))
}

/** Whether anything listens on a port. */
export function accepts(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** The packaged binary of this platform, or a `dynoxide` on PATH. */
function findBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}/dynoxide`
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch {
    const folders = (process.env.PATH ?? '').split(delimiter)
    const found = folders.map((folder) => join(folder, 'dynoxide')).find((path) => existsSync(path))
    if (found) return found
  }
  throw new LocalError(
    `There is no embedded DynamoDB for ${process.platform}-${process.arch} (on linux-x64 it is an optional ` +
      'dependency, which npm ci --omit=optional leaves out). Put a dynoxide binary on PATH, ' +
      'or set AWS_ENDPOINT_URL_DYNAMODB to an endpoint such as DynamoDB Local.',
  )
}
