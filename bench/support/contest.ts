import type { ProgressBar } from '../../src/local/progress-bar.js'
import type { Contender, Scenario } from '../scenarios.js'
import type { Bench, Server } from './bench.js'
import { Connection } from './connection.js'
import { bytesOf, load, RepeatedCall, withCredential } from './load.js'
import type { Call } from './peer.js'

export const CONNECTIONS = 20
/** Rounds that do not count: the compiler is still at work in them. */
export const WARM_UP = 2

/** What one contender did in one round. */
export interface Slice {
  readonly perSecond: number
  /** Of the server's processor for an answer, all its threads. */
  readonly cpuMicroseconds: number
}

interface Runner {
  readonly contender: Contender
  readonly server: Server
  readonly calls: RepeatedCall[]
}

/** Times the contenders of a scenario in turn. @returns the slices of each, one of each round, in their order. */
export async function hold(
  { contenders, seconds }: Scenario,
  bench: Bench,
  { rounds, share, bar }: { rounds: number; share: number; bar: ProgressBar },
): Promise<readonly Slice[][]> {
  const runners: Runner[] = []
  for (const contender of contenders) runners.push(await prepare(contender, bench))
  const slices = contenders.map((): Slice[] => [])
  for (let round = -WARM_UP; round < rounds; round++) {
    // Each is once the first, so that what lies in the order falls on all.
    for (let turn = 0; turn < runners.length; turn++) {
      const index = (turn + round + WARM_UP) % runners.length
      const slice = await time(runners[index] as Runner, seconds * share)
      if (round >= 0) slices[index]?.push(slice)
      bar.advance(1)
    }
  }
  for (const { server } of runners) server.stop()
  return slices
}

async function prepare(contender: Contender, bench: Bench): Promise<Runner> {
  const server = await bench.start(contender.peer, contender.serves)
  const { port, calls, refusal = 401, successor } = server.scene
  const repeated = calls.map((call) => new RepeatedCall(call, successor))
  const connection = await Connection.open(port)
  try {
    await proveRefusals(connection, calls[0] as Call, refusal)
    for (const [index, { holds }] of calls.slice(0, PROVED).entries())
      await proveAnswer(connection, repeated[index] as RepeatedCall, holds)
  } catch (error) {
    throw new Error(`${contender.name}: ${(error as Error).message}`, { cause: error })
  } finally {
    connection.close()
  }
  return { contender, server, calls: repeated }
}

/** How many users must get what is theirs before anything is timed. */
const PROVED = 100

async function proveAnswer(connection: Connection, call: RepeatedCall, holds: string) {
  const { status, body } = await connection.exchange(call.bytes)
  if (status !== 200 || !body.includes(holds))
    throw new Error(`a genuine credential was answered with ${status} ${body}`)
  call.learnFrom(body)
}

/** A credential with a changed letter, in its middle and near its end, and an empty one. */
async function proveRefusals(connection: Connection, call: Call, refusal: number) {
  const { credential } = call
  if (credential === undefined) return
  for (const index of [Math.floor(credential.length / 2), credential.length - 3]) {
    const letter = credential.charAt(index) === 'A' ? 'B' : 'A'
    const forged = credential.slice(0, index) + letter + credential.slice(index + 1)
    const { status, body } = await connection.exchange(bytesOf(withCredential(call, forged)))
    if (status !== refusal)
      throw new Error(`a forged credential was answered with ${status} ${body}`)
  }
}

async function time({ server, calls }: Runner, seconds: number): Promise<Slice> {
  const connections = await openConnections(server.scene.port)
  const before = await server.usage()
  const start = performance.now()
  const answers = await load(connections, calls, start + seconds * 1000)
  const elapsed = performance.now() - start
  const after = await server.usage()
  for (const connection of connections) connection.close()
  return {
    perSecond: (answers * 1000) / elapsed,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / answers,
  }
}

/** Opened for each slice: some servers close a connection that is idle while others have their turns. */
const openConnections = (port: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(port)))
