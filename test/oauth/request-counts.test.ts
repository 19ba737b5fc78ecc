import t, { type Test } from 'tap'
import { authorize, requestOf, returnToOf, signedIn } from '../support/authorization.js'
import { MINUTE } from '../support/clock.js'
import { jarOf } from '../support/pages.js'
import { signInToApp } from '../support/app-tokens.js'
import { startService } from '../support/service.js'

/** An instance that has met the app, and a person who has signed in by a browser. */
async function startWorld(t: Test) {
  const service = await startService(t)
  const app = await signInToApp(service, { isFirstParty: true })
  const cookies = await signedIn(service, app.account)
  await app.tokens()
  /** What a request asks of DynamoDB, in no order: some ask together. */
  const spent = async (ask: () => Promise<{ readonly status: number }>, status = 200) => {
    const { length } = service.calls
    t.equal((await ask()).status, status)
    return service.calls.slice(length).sort()
  }
  return { service, app, cookies, spent }
}

const ROTATION = 'UpdateItem refreshTokens'

t.test('what an app that an instance knows asks of DynamoDB at OAuth endpoints', async (t) => {
  const { service, app, cookies, spent } = await startWorld(t)

  t.test('/oauth/authorize for a person who is signed in asks DynamoDB twice', async (t) => {
    const ask = () => authorize(service, requestOf(app.client), { cookies })
    t.same(await spent(ask, 303), ['BatchGetItem', 'TransactWriteItems'])
  })

  t.test(
    '/oauth/authorize that waited while its person signed in asks DynamoDB three times',
    async (t) => {
      const parked = await authorize(service, requestOf(app.client))
      const jar = { ...jarOf(parked), ...(await signedIn(service, app.account)) }
      const calls = await spent(() => service.get(returnToOf(parked), { cookies: jar }), 303)
      t.same(calls, ['BatchGetItem', 'GetItem tickets', 'TransactWriteItems'])
    },
  )

  t.test(
    '/oauth/token takes a code with two round trips to DynamoDB, the first of which reads twice',
    async (t) => {
      const held = await app.newCode()
      const calls = await spent(() => app.redeem(held))
      t.same(calls, ['GetItem tickets', 'GetItem users', 'TransactWriteItems'])
    },
  )

  t.test('/oauth/token refreshes with offline access in two requests to DynamoDB', async (t) => {
    const { refresh_token } = await app.tokens({ scopes: ['openid', 'offline_access'] })
    t.same(await spent(() => app.refresh(refresh_token)), ['BatchGetItem', ROTATION])
  })

  t.test(
    '/oauth/token refreshes in a browser’s session in three requests to DynamoDB',
    async (t) => {
      const { refresh_token } = await app.tokens()
      const calls = await spent(() => app.refresh(refresh_token))
      t.same(calls, ['BatchGetItem', 'GetItem refreshTokens', ROTATION])
    },
  )

  t.test('/oauth/userinfo asks DynamoDB once, or twice', async (t) => {
    const asking = async (scopes: readonly string[]) => {
      const { access_token: token } = await app.tokens({ scopes })
      return spent(() => service.get('/oauth/userinfo', { token }))
    }
    t.same(await asking(['openid', 'offline_access']), ['BatchGetItem'])
    t.same(await asking(['openid']), ['BatchGetItem', 'GetItem refreshTokens'])
  })

  t.test('an OAuth client that is not remembered costs DynamoDB one more request', async (t) => {
    const { refresh_token } = await app.tokens({ scopes: ['openid', 'offline_access'] })
    service.clock.advance(MINUTE)
    const calls = await spent(() => app.refresh(refresh_token))
    t.same(calls, ['BatchGetItem', 'GetItem clients', ROTATION])
    service.clock.advance(MINUTE)
    const ask = () => authorize(service, requestOf(app.client), { cookies })
    t.same(await spent(ask, 303), ['BatchGetItem', 'GetItem clients', 'TransactWriteItems'])
  })
})
