import t from 'tap'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import { providersEnvironment } from '../support/identity-provider.js'
import { submit } from '../support/pages.js'
import { type Route, withRoutes } from '../support/routes.js'
import { newAccount, startService } from '../support/service.js'

t.test('every auth route and every form is limited before an account is looked up', async (t) => {
  const client = { clientId: 'a-client', clientSecret: newAccount().password }
  const { app: service, routes } = await withRoutes(() =>
    startService(t, {
      env: { ...providersEnvironment({ github: client }), RATE_LIMIT_PER_ADDRESS: '1' },
    }),
  )
  let addresses = 0
  const newAddress = () => `203.0.113.${addresses++}`
  const credentials: Record<string, () => Promise<string | undefined>> = {
    'without a credential': async () => undefined,
    'with a bad one': async () => 'x',
    // One of these forms deletes the account.
    'with a good one': async () => {
      const account = newAccount()
      await service.services.users.register(account)
      return (await service.signIn(account, { remoteAddress: newAddress() })).accessToken
    },
  }
  const isAuth = ({ url }: Route) => url.startsWith('/api/auth/')
  const isForm = ({ method, url }: Route) => method === 'POST' && !/^\/(api|oauth)\//.test(url)
  /** Limited by session: without a genuine token it asks the store for nothing. */
  const isRefresh = ({ url }: Route) => url === '/api/auth/refresh'
  const startsNothing = ({ method, url }: Route) =>
    method === 'HEAD' && /^\/api\/auth\/github(\/callback)?$/.test(url)
  const asked = routes.filter((route) => (isAuth(route) && !isRefresh(route)) || isForm(route))
  t.ok(asked.filter(isAuth).length > 10 && asked.filter(isForm).length > 10)

  const ask = ({ method, url }: Route, token: string | undefined, remoteAddress: string) => {
    const path = url.replace(/:\w+/, 'none')
    if (!isAuth({ method, url })) {
      const cookies = { ...(token !== undefined && { [ACCESS_COOKIE]: token }) }
      return submit(service, path, {}, { cookies, remoteAddress })
    }
    const body = method === 'POST' ? {} : undefined
    return service.call(method, path, {
      body,
      remoteAddress,
      ...(token !== undefined && { token }),
    })
  }
  for (const [how, issue] of Object.entries(credentials)) {
    for (const route of asked) {
      const what = `${route.method} ${route.url} ${how}`
      const [token, address] = [await issue(), newAddress()]
      t.not((await ask(route, token, address)).status, 429, what)
      const before = service.calls.length
      if (startsNothing(route)) {
        t.equal((await ask(route, token, address)).status, 204, what)
        t.same(service.calls.slice(before), [], 'it does nothing that could be counted')
        continue
      }
      t.equal((await ask(route, token, address)).status, 429, what)
      t.same(service.calls.slice(before), [], 'and nothing is read or written for it')
    }
  }
})
