import type { Peer, Scene } from './peer.js'
import { type Units, UNITS } from './units.js'

/** What a server has spent since it started: its answer to any message. */
export interface Usage {
  readonly cpuMicroseconds: number
  /** Of DynamoDB, where the peer counts them. */
  readonly units: Units
}

const send = (message: Scene | Usage) => process.send?.(message)

// Ctrl-C in a terminal reaches this process too; it ends when the bench does, and not before.
process.on('SIGINT', () => undefined).on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  send({ cpuMicroseconds: user + system, units: UNITS })
})

const [, , file = '', name = '', calls = ''] = process.argv
const peer = (await import(`../${file}.ts`)) as Peer
const serve = peer[name]
if (!serve) throw new Error(`${file}.ts has no ${name}`)
send(await serve(Number(calls)))
