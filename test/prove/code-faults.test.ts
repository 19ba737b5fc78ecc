import t from 'tap'
import { signInToApp } from '../support/app-tokens.js'
import { startProxy } from '../support/proxy.js'
import { RESOURCES } from '../support/resources.js'
import { startService } from '../support/service.js'
import { assertWhole } from '../support/store-faults.js'

t.test(
  'whatever the store does, an app’s code makes one session, and is not lost before it has',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { env: { RESOURCES }, endpoint: proxy.endpoint })
    const app = await signInToApp(service)
    await assertWhole(
      t,
      { proxy, service },
      {
        async prepare() {
          const held = await app.newCode()
          return { held, act: () => app.redeem(held) }
        },
        async check(t, { held }, answer) {
          t.ok([200, 503].includes(answer.status), String(answer.status))
          if (answer.status === 200) return
          t.match(answer, {
            headers: { 'retry-after': /\d/ },
            body: { error: 'temporarily_unavailable' },
          })
          // A connection that the fault has cut may still be met once.
          const first = await app.redeem(held)
          const again = first.status === 503 ? await app.redeem(held) : first
          const { codes } = await service.services.late.load()
          const kept = await codes.find(held.code)
          const isWhole = again.status === 200 || kept?.usedFrom !== undefined
          t.ok(isWhole, `made, or good as before: ${again.status} ${again.text}`)
        },
      },
    )
  },
)
