import t from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { onceMade } from '../../src/lib/once-made.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { createClient } from '../../src/social/client.js'
import type { OAuth2Provider } from '../../src/social/provider.js'
import { systemRandom } from '../../src/lib/random.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { testClock } from '../support/clock.js'
import { readDocument } from '../support/documents.js'
import { startWithOpenProviders, newSubject } from '../support/identity-provider.js'
import { CapturingLogger } from '../support/logger.js'
import { ISSUER, startService } from '../support/service.js'
import { begin } from '../support/stand-in.js'

t.test(
  'the documented example of OAUTH_PROVIDERS boots, and each start leads to its provider',
  async (t) => {
    const [, json = ''] =
      /^export OAUTH_PROVIDERS='([^']+)'$/m.exec(readDocument('docs/social-sign-in.md')) ?? []
    const providers = JSON.parse(json) as Record<string, object>
    t.same(Object.keys(loadConfig({ ISSUER, OAUTH_PROVIDERS: json }).oauth.providers), [
      ...['google', 'github', 'microsoft', 'acme'],
    ])
    const env = { OAUTH_PROVIDERS: JSON.stringify({ github: providers.github }) }
    const service = await startService(t, { env })
    const { status, headers } = await service.get('/api/auth/github')
    t.equal(status, 302)
    t.match(headers.location, /^https:\/\/github\.com\/login\/oauth\/authorize\?/)
  },
)

t.test(
  'a provider’s set-up that its library refuses fails the request, not the process',
  async (t) => {
    const secret = 'a secret\nwith a line break'
    const provider: OAuth2Provider = {
      protocol: 'oauth2',
      id: 'broken',
      name: 'Broken',
      issuer: 'https://broken.example',
      clientId: 'client',
      clientSecret: secret,
      scopes: [],
      domainsOf: () => [],
      endpoints: {
        authorization: 'https://broken.example/authorize',
        token: 'https://broken.example/token',
      },
      readProfile: () => Promise.reject(new Error('never asked')),
    }
    const options = { provider, redirectUri: `${ISSUER}/cb`, timeoutMs: 1000, random: systemRandom }
    const client = createClient({ ...options, clock: testClock() })
    for (const attempt of ['first', 'second']) {
      const error = (await client.begin().catch((e: unknown) => e)) as Error
      t.match(error, { type: { code: 'PROVIDER_ERROR' }, extras: { cause: 'setup' } }, attempt)
      t.notMatch(JSON.stringify([error, error.message, error.stack]), 'a secret')
    }
  },
)

t.test(
  'a provider’s endpoints that no library takes are a wrong answer, until they are right',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { standIn } = providers.north
    const document = { body: undefined as unknown }
    const path = '/.well-known/openid-configuration'
    const honest = (await (await fetch(standIn.issuer + path)).json()) as object
    standIn.react(path, () => document)
    for (const endpoint of ['authorization_endpoint', 'token_endpoint']) {
      for (const host of ['a"b.example', 'a`b.example', 'a{b}.example', `a.${'b'.repeat(300)}`]) {
        document.body = { ...honest, [endpoint]: `https://${host}/x` }
        const { visit } = await begin(new Browser(service), 'north', '', OWN_PAGE)
        t.equal(visit.headers.get('location'), '/login?error=PROVIDER_ERROR', `${endpoint} ${host}`)
        service.clock.advance(10_000)
      }
    }
    document.body = honest
    const arrived = await providers.north.signIn(new Browser(service), newSubject())
    t.equal(arrived.headers.get('location'), '/dashboard')
  },
)

t.test('what a library adds to a provider’s errors is not logged', async (t) => {
  const logger = new CapturingLogger({ serviceName: 'latchkey' })
  const log = fastifyLogger(logger)
  const cause = Object.assign(new Error('cause'), { _original: { client: { secret: 'hidden' } } })
  const error = Object.assign(new Error('refused', { cause }), {
    options: { secret: 'hidden' },
    code: 'E_REFUSED',
  })
  log.error(error)
  log.error({ event: 'unexpected_error', err: error })
  t.equal(logger.lines.length, 2)
  for (const line of logger.lines) {
    t.match(line, { error: { message: 'refused', code: 'E_REFUSED', cause: { message: 'cause' } } })
    t.notMatch(JSON.stringify(line), 'hidden')
  }
})

t.test(
  'a provider’s set-up that was made once is shared, and a failure is not remembered',
  async (t) => {
    let made = 0
    const get = onceMade(async () => {
      made += 1
      if (made === 1) throw new Error('away')
      return made
    })
    await Promise.all([t.rejects(get()), t.rejects(get())])
    t.same(await Promise.all([get(), get()]), [2, 2])
    t.equal(made, 2)
  },
)
