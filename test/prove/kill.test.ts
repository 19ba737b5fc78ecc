import t from 'tap'
import { temporaryFolder } from '../support/engine.js'
import { enginePids, soon } from '../support/engine-process.js'
import { type ServerProcess, startServer } from '../support/process.js'
import { type Account, newAccount } from '../support/service.js'
import { parallel } from '../support/tally.js'

t.test('kill -9', async (parent) => {
  const dataDir = temporaryFolder()
  const start = () => startServer(parent, { dataDir, env: { RATE_LIMIT_PER_ADDRESS: '100000' } })
  let server = await start()

  await parent.test('of service and engine loses no sign-up that was answered', async (t) => {
    const { acknowledged, interrupted } = await signUpUntilCut(server, () => {
      killEngine(dataDir)
      void server.kill('SIGKILL')
    })
    await server.exited
    t.ok(interrupted.length > 0, 'the stream was cut')

    server = await start()
    for (const account of acknowledged) t.equal((await server.signIn(account)).status, 200)
    for (const account of interrupted) {
      const { status } = await server.signUp(account)
      const made = status === 409 && (await server.signIn(account)).status === 200
      t.ok(made || status === 201, 'one that was not answered is made wholly or not at all')
    }
  })

  await parent.test('of the service ends the engine soon', async (t) => {
    await server.kill('SIGKILL')
    t.ok(await soon(() => enginePids(dataDir).length === 0))
  })

  await parent.test('of the engine ends the service', async (t) => {
    server = await start()
    killEngine(dataDir)
    t.match(await server.exited, {
      code: 1,
      stderr: 'The embedded DynamoDB has ended; stopping.\n',
    })
  })
})

function killEngine(dataDir: string): void {
  const [pid] = enginePids(dataDir)
  if (pid === undefined) throw new Error('no engine is running')
  process.kill(pid, 'SIGKILL')
}

const IN_FLIGHT = 8
const ENOUGH = 24

/** Signs up without a pause, several at once; cuts the stream in the middle and tells who was answered. */
async function signUpUntilCut(server: ServerProcess, cut: () => void) {
  const acknowledged: Account[] = []
  const interrupted: Account[] = []
  await parallel(IN_FLIGHT, async () => {
    while (interrupted.length === 0) {
      const account = newAccount()
      const status = await server.signUp(account).then(
        (reply) => reply.status,
        () => undefined,
      )
      if (status !== 201) interrupted.push(account)
      else if (acknowledged.push(account) === ENOUGH) cut()
    }
  })
  return { acknowledged, interrupted }
}
