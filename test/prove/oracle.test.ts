import t from 'tap'
import { newApp } from '../support/code-flow.js'
import { realClock } from '../support/example.js'
import { startIssuer } from '../support/issuer.js'
import { OpenIdProvider } from '../support/openid-provider.js'
import { type KnownApp, startOracle } from '../support/oracle.js'
import { oracleCases } from '../support/oracle-cases.js'
import { Person } from '../support/person.js'
import { BILLING, ORDERS } from '../support/resources.js'
import { newAccount } from '../support/service.js'
import { REGISTERED } from '../support/lookalike-redirects.js'
import { DIFFERENCES } from './oracle-differences.js'

t.test('another OpenID provider answers the same requests in the same way', async (t) => {
  const { service, url } = await startIssuer(t, { clock: realClock() })
  const known = async (isFirstParty: boolean, settings = {}): Promise<KnownApp> => ({
    ...(await newApp(service, { isFirstParty, ...settings })),
    isFirstParty,
  })
  const apps = {
    own: await known(true),
    foreign: await known(false),
    native: await known(false, { redirectUris: [...REGISTERED].slice(1), isPublic: true }),
    public: await known(true, { isPublic: true }),
  }
  const resources = {
    [ORDERS]: ['orders:read', 'orders:write', 'shared:read'],
    [BILLING]: ['billing:read', 'shared:read'],
  }
  const oracleUrl = await startOracle(t, { apps: Object.values(apps), resources })
  const account = newAccount()
  const { email, password } = account
  const { body } = await service.post('/api/auth/register', { email, password, name: 'A person' })
  await service.services.users.store.change(body.user.id, { role: 'admin' })
  const ours = new OpenIdProvider(url, new Person(account))
  const theirs = new OpenIdProvider(oracleUrl, new Person(account))
  for (const side of [ours, theirs]) await side.code(apps.own)

  const cases = oracleCases(ours, apps)
  t.ok(cases.length >= 300, `${cases.length} cases`)
  t.equal(new Set(cases.map(({ name }) => name)).size, cases.length, 'each has a name of its own')

  const unseen = new Set(DIFFERENCES.flatMap(({ answers }) => answers))
  for (const { name, run } of cases) {
    const [one, other] = [await run(ours, apps), await run(theirs, apps)]
    if (one === other) continue
    const known = DIFFERENCES.filter(({ of }) => of.test(name))
      .flatMap(({ answers }) => answers)
      .find(([ours, theirs]) => ours === one && theirs === other)
    if (known) unseen.delete(known)
    else t.fail(name, { ours: one, theirs: other })
  }
  t.same([...unseen], [], 'what is listed as a difference is one')
})
