import t from 'tap'
import { erasureOf } from '../support/administration.js'
import { assertGone, type FullAccount } from '../support/full-account.js'
import { startProxy } from '../support/proxy.js'
import { startService } from '../support/service.js'
import { assertWhole } from '../support/store-faults.js'

const ACCOUNT = '/api/account'

t.test('an erase that a fault interrupts goes on and leaves nothing', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  await assertWhole<Pick<FullAccount, 'account'>>(
    t,
    { proxy, service },
    {
      async prepare() {
        const account = await service.signUp()
        const { accessToken: token } = await service.signIn(account)
        return { account, act: () => service.delete(ACCOUNT, { token }) }
      },
      async check(t, { account }, { status }) {
        t.ok([204, 503].includes(status), String(status))
        const { id, email } = account
        const isBuried = (await service.services.users.store.findById(id)) === undefined
        if (status === 204) t.ok(isBuried)
        if (!isBuried) {
          t.ok((await service.signIn(account)).accessToken, 'nothing has happened')
          return
        }
        if (status !== 204) await erasureOf(service).resume(id)
        await assertGone(t, service, { account, addresses: [email], keyIds: [] })
      },
    },
  )
})
