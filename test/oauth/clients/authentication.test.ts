import t from 'tap'
import { authenticateApp } from '../../../src/oauth/app-authentication.js'
import type { AppClient } from '../../../src/oauth/clients/client.js'
import { newClientSecret } from '../../../src/oauth/clients/secret.js'
import { systemRandom } from '../../../src/lib/random.js'
import { basicOf, madeApp } from '../../support/apps.js'
import { MINUTE, testClock } from '../../support/clock.js'

interface Body {
  readonly client_id?: string
  readonly client_secret?: string
}

t.test('an OAuth client authenticates', async (t) => {
  const clock = testClock()
  const { client: app, secret } = madeApp()
  const { client: publicApp } = madeApp({ isPublic: true })
  const { client: bare } = madeApp({ secrets: [] })
  const { clientId: id } = app
  const known = new Map<string, AppClient>(
    [app, publicApp, bare].map((each) => [each.clientId, each]),
  )
  const events: object[] = []
  const told = (fields: object) => void events.push(fields)
  const log = { debug: told, info: told, warn: told, error: told }
  const clients = { find: async (wanted: string) => known.get(wanted) }
  const authenticate = (authorization: string | undefined, body: Body = {}) =>
    authenticateApp({ headers: { authorization }, log }, body, { clients, clock })
  const refused = async (code: string, call: Promise<unknown>, what: string) => {
    await t.rejects(call, { name: 'OAuthError', code }, what)
  }

  t.test('an OAuth client authenticates by its secret, in the header or in the body', async (t) => {
    t.equal(await authenticate(basicOf(id, secret)), app)
    t.equal(await authenticate(basicOf(id, secret), { client_id: id }), app)
    t.equal(await authenticate(undefined, { client_id: id, client_secret: secret }), app)
    t.match(secret, /^lkcs_[\w-]{43}$/, 'which secret scanners can tell')
    t.notOk(JSON.stringify(app).includes(secret), 'and which is not kept')
  })

  t.test('a public OAuth client authenticates with no secret', async () => {
    const { clientId } = publicApp
    t.equal(await authenticate(undefined, { client_id: clientId }), publicApp)
    await refused('invalid_client', authenticate(basicOf(clientId, secret)), 'another secret')
    await refused('invalid_client', authenticate(basicOf(clientId, '')), 'an empty one')
    const body = { client_id: clientId, client_secret: secret }
    await refused('invalid_client', authenticate(undefined, body), 'one in the body')
  })

  t.test('an OAuth client authenticates in no other way', async () => {
    await refused('invalid_client', authenticate(undefined), 'none')
    await refused('invalid_client', authenticate(undefined, { client_id: id }), 'no secret')
    await refused('invalid_client', authenticate(undefined, { client_id: bare.clientId }), 'bare')
    for (const wrong of ['', 'x', `${secret}x`, secret.slice(0, -1), app.secrets[0]?.hash ?? '']) {
      await refused('invalid_client', authenticate(basicOf(id, wrong)), wrong)
      await refused('invalid_client', authenticate(basicOf(bare.clientId, wrong)), wrong)
    }
    const other = basicOf(bare.clientId, secret)
    await refused('invalid_client', authenticate(other), 'the secret of another')
    await refused('invalid_client', authenticate(basicOf('app_x', secret)), 'unknown')
    const both = authenticate(basicOf(id, secret), { client_secret: secret })
    await refused('invalid_request', both, 'both ways')
    const named = authenticate(basicOf(id, secret), { client_id: publicApp.clientId })
    await refused('invalid_client', named, 'another id in the body')
    for (const header of ['Basic', 'Basic !', `Bearer ${secret}`, 'Basic Og==', 'Basic JTo=']) {
      await refused('invalid_client', authenticate(header), header)
    }
  })

  t.test(
    'an OAuth client authenticates by the secret before, up to the end of its overlap',
    async (t) => {
      const next = newClientSecret(systemRandom, clock())
      const until = clock() + MINUTE
      const secrets = [next.kept, ...app.secrets.map((before) => ({ ...before, until }))]
      known.set(id, { ...app, secrets })
      t.ok(await authenticate(basicOf(id, secret)))
      t.ok(await authenticate(basicOf(id, next.secret)))
      clock.advance(MINUTE)
      await refused('invalid_client', authenticate(basicOf(id, secret)), 'the end')
      t.ok(await authenticate(basicOf(id, next.secret)))
    },
  )

  t.test(
    'a refused client authentication is an event that says why, and names known apps alone',
    async (t) => {
      events.length = 0
      await authenticate(basicOf(id, 'x')).catch(() => undefined)
      await authenticate(basicOf('app_unknown', 'x')).catch(() => undefined)
      t.same(events, [
        { event: 'authn_login_fail', reason: 'wrong_secret', clientId: id },
        { event: 'authn_login_fail', reason: 'unknown_client' },
      ])
    },
  )
})
