import type { ProgressBar } from '../../src/local/progress-bar.js'
import type { Contender, Scenario } from '../scenarios.js'
import type { Bench, Server } from './bench.js'
import { Connection } from './connection.js'
import { bytesOf, load, RepeatedCall, Turns, withCredential } from './load.js'
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
  readonly turns: Turns
}

/** How much shorter the slices are than the scenario says, and how many there are of each contender. */
interface Run {
  readonly rounds: number
  readonly share: number
  readonly bar: ProgressBar
}

/** Times the contenders of a scenario in turn. @returns the slices of each, one of each round, in their order. */
export async function hold(
  scenario: Scenario,
  bench: Bench,
  { rounds, share, bar }: Run,
): Promise<readonly Slice[][]> {
  const { contenders, seconds, answers = Infinity, sleeps = false } = scenario
  const slice = { seconds: seconds * share, answers: answers * share, sleeps }
  const fresh = 'answers' in scenario ? PROVED + slice.answers * (rounds + WARM_UP) : 0
  const runners: Runner[] = []
  for (const contender of contenders) runners.push(await prepare(contender, bench, fresh))
  const slices = contenders.map((): Slice[] => [])
  for (let round = -WARM_UP; round < rounds; round++) {
    // Each is once the first, so that what lies in the order falls on all.
    for (let turn = 0; turn < runners.length; turn++) {
      const index = (turn + round + WARM_UP) % runners.length
      const timed = await time(runners[index] as Runner, slice)
      if (round >= 0) slices[index]?.push(timed)
      bar.advance(1)
    }
  }
  for (const { server } of runners) server.stop()
  return slices
}

/** @param fresh how many calls will be made, where each needs a credential of its own. */
async function prepare(contender: Contender, bench: Bench, fresh: number): Promise<Runner> {
  const server = await bench.start(contender.peer, contender.serves, fresh)
  const { port, calls, refusal = 401, successor } = server.scene
  const turns = new Turns(calls.map((call) => new RepeatedCall(call, successor)))
  const connection = await Connection.open(port)
  try {
    await proveRefusals(connection, calls[0] as Call, refusal)
    for (const { holds } of calls.slice(0, PROVED)) await proveAnswer(connection, turns, holds)
  } catch (error) {
    throw new Error(`${contender.name}: ${(error as Error).message}`, { cause: error })
  } finally {
    connection.close()
  }
  return { contender, server, turns }
}

/** How many users must get what is theirs before anything is timed. */
const PROVED = 100

async function proveAnswer(connection: Connection, turns: Turns, holds: string) {
  const call = turns.next()
  const { status, body } = await connection.exchange(call.bytes)
  if (status !== 200 || !body.includes(holds))
    throw new Error(`a genuine credential was answered with ${status} ${body}`)
  turns.answered(call, body)
}

/** A credential with a changed letter, in its middle or near its end. */
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

async function time(
  { server, turns }: Runner,
  { seconds, answers, sleeps }: { seconds: number; answers: number; sleeps: boolean },
): Promise<Slice> {
  const connections = await openConnections(server.scene.port)
  const before = await server.usage()
  const start = performance.now()
  const deadline = start + seconds * 1000
  const answered = await load(connections, turns, { deadline, answers, sleeps })
  const elapsed = performance.now() - start
  const after = await server.usage()
  for (const connection of connections) connection.close()
  return {
    perSecond: (answered * 1000) / elapsed,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / answered,
  }
}

/** Opened for each slice: some servers close a connection that is idle while others have their turns. */
const openConnections = (port: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(port)))
