import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Engine, startEngine } from '../../src/local/engine.js'
import { temporaryFolder } from './engine.js'
import { enginePids } from './engine-process.js'

/** An engine with its data in a file, which stays at one place whichever process serves it. */
export interface MortalEngine {
  readonly endpoint: string
  /** Ends it without notice, and starts another on the same data after a pause. */
  killAndRestart(pause: () => Promise<void>): Promise<void>
}

export async function startMortalEngine(t: Test): Promise<MortalEngine> {
  const folder = temporaryFolder()
  const start = (): Promise<Engine> => startEngine(join(folder, 'dynamodb.sqlite'))
  let engine = await start()
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const { hostname: host, port } = new URL(engine.endpoint)
    const outgoing = connect(Number(port), host)
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await engine.stop()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async killAndRestart(pause) {
      const [pid] = enginePids(folder)
      if (pid === undefined) throw new Error('no engine is running')
      process.kill(pid, 'SIGKILL')
      await engine.exited
      await pause()
      engine = await start()
    },
  }
}
