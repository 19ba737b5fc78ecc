import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { Connection } from '../../bench/support/connection.js'
import { listen } from '../../bench/support/listen.js'
import { load, RepeatedCall, Turns } from '../../bench/support/load.js'

const CALLS = 100
const CONNECTIONS = 20

t.test(
  'The load of a bench uses a rotating token once, however slow a connection is',
  async (t) => {
    const { turns, connections } = await open(t)
    const [slow] = connections as [Connection]
    let answered = 0
    let release = (): void => undefined
    const others = new Promise<void>((resolve) => (release = resolve))
    for (const connection of connections) {
      const exchange = connection.exchange.bind(connection)
      connection.exchange = async (request) => {
        const answer = await exchange(request)
        if (connection === slow) await others
        else if (++answered === 3 * CALLS) release()
        return answer
      }
    }
    const end = { deadline: Infinity, answers: 5 * CALLS, sleeps: true }
    t.equal(await load(connections, turns, end), 5 * CALLS)
  },
)

t.test('The load of a bench refuses to make more calls at once than there are', async (t) => {
  const { turns } = await open(t)
  for (let number = 0; number < CALLS; number++) turns.next()
  t.throws(() => turns.next(), { message: 'There are more connections than calls' })
})

/** A server that takes each token once, and gives the next one for it. */
async function open(t: Test) {
  const tokens = new Set(Array.from({ length: CALLS }, (_, number) => `token-${number}-0`))
  const app = Fastify()
  app.post<{ Body: { token: string } }>('/refresh', async ({ body: { token } }, reply) => {
    if (!tokens.delete(token)) return reply.code(401).send()
    const [name, number, rotations] = token.split('-')
    const successor = [name, number, Number(rotations) + 1].join('-')
    tokens.add(successor)
    return { token: successor }
  })
  const calls = [...tokens].map((credential) => {
    const body = JSON.stringify({ token: credential })
    return { line: 'POST /refresh', body, credential, holds: 'token' }
  })
  const port = await listen(app)
  const opening = Array.from({ length: CONNECTIONS }, () => Connection.open(port))
  const connections = await Promise.all(opening)
  t.teardown(async () => {
    for (const connection of connections) connection.close()
    await app.close()
  })
  return { turns: new Turns(calls.map((call) => new RepeatedCall(call, 'token'))), connections }
}
