import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.js'
import { LocalError } from './local-error.js'

/** A running engine. `exited` settles when it ends, asked or not. */
export interface Engine {
  readonly endpoint: string
  readonly exited: Promise<void>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const START_TIMEOUT = 10_000
const POLL = 20

/**
 * The watchdog's standard input is a pipe from this process. When it closes, however this process ended,
 * `kill -9` included, the engine is told to stop. Its files are for their owner only.
 */
const WATCHDOG = `
umask 077
exec 3<&0
"$@" 3<&- </dev/null >/dev/null 2>&1 &
engine=$!
{ cat <&3 >/dev/null; kill "$engine" 2>/dev/null; } &
watch=$!
wait "$engine"
kill "$watch" 2>/dev/null
`

/**
 * Starts the embedded DynamoDB on a free port of loopback, its data in one file.
 * @throws {LocalError} when there is no engine for this platform, or it does not start.
 */
export async function startEngine(databasePath: string): Promise<Engine> {
  const binary = findBinary()
  const port = await freePort(HOST)
  const command = [binary, 'serve', '--host', HOST, '--port', `${port}`, '--db-path', databasePath]
  // Its own process group: Ctrl-C in a terminal reaches the service, which stops the engine last.
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'latchkey-engine', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const exited = once(child, 'exit').then(() => undefined)
  const stop = async () => {
    child.stdin.destroy()
    await exited
  }
  await untilListening(port, child)
  return { endpoint: `http://${HOST}:${port}`, exited, stop }
}

async function untilListening(
  port: number,
  child: ChildProcessByStdio<Writable, null, null>,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT
  while (Date.now() < deadline && child.exitCode === null) {
    if (await accepts(port)) return
    await delay(POLL)
  }
  child.stdin.destroy()
  throw new LocalError(
    'The embedded DynamoDB did not start. Is its data file in use, damaged, or on a full disk?',
  )
}

/** Whether anything listens on a port of loopback. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
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
    `There is no embedded DynamoDB for ${process.platform}-${process.arch}. Put a dynoxide binary on PATH, ` +
      'or set AWS_ENDPOINT_URL_DYNAMODB to an endpoint such as DynamoDB Local.',
  )
}
