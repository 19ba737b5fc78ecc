import t from 'tap'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import { newAdmin } from '../support/keys.js'
import { newAccount, startService } from '../support/service.js'

const SECURITY = /^(authn|authz|sensitive|excess|malicious)_/
const WHO = { ip: '203.0.113.9', userAgent: 'Robot/1.0' }
const FROM = { remoteAddress: WHO.ip, headers: { 'user-agent': WHO.userAgent } }

t.test('every security event says who it was (ASVS 16.2.1)', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '2' } })
  const { account } = await newAdmin(service)
  const before = service.logs.length
  const { email, password } = newAccount()
  const tokens = await service.signIn(account, FROM)
  const headers = { ...FROM.headers, cookie: `${ACCESS_COOKIE}=x`, origin: 'https://evil.example' }
  await service.post('/api/auth/logout', undefined, { ...FROM, headers })
  await service.post('/api/auth/refresh', { refreshToken: tokens.refreshToken }, FROM)
  await service.post('/api/auth/refresh', { refreshToken: 'x' }, FROM)
  const key = { ...FROM, token: tokens.accessToken }
  await service.post('/api/apikeys/generate', { name: 'k', scopes: ['data:read'] }, key)
  for (let tries = 0; tries < 4; tries++) {
    await service.post('/api/auth/login', { email, password }, FROM)
  }
  await service.post('/api/auth/logout', undefined, key)

  const lines = service.logs.slice(before).filter(({ event }) => SECURITY.test(event ?? ''))
  const kinds = new Set(lines.map(({ event }) => event))
  for (const kind of [
    'authn_login_success',
    'authn_login_fail',
    'authn_token_refresh',
    'authn_token_refresh_fail',
    'sensitive_create',
    'authn_logout',
    'excess_rate_limit_exceeded',
    'malicious_csrf',
  ]) {
    t.ok(kinds.has(kind), kind)
  }
  for (const line of lines) t.match(line, WHO, String(line.event))
})

t.test(
  'in a security event, whom an attempt was for is a digest under a data key, known or not',
  async (t) => {
    const service = await startService(t)
    const known = await service.signUp()
    const unknown = newAccount()
    const triedBy = async (email: string) => {
      await service.post('/api/auth/login', { email, password: 'none of the passwords' })
      return service.events('authn_login_fail').at(-1)?.triedAddress
    }
    const first = await triedBy(unknown.email)
    t.match(first, /^[\w-]{22}$/)
    t.equal(await triedBy(unknown.email.toUpperCase()), first)
    t.match(await triedBy(known.email), /^[\w-]{22}$/)
    t.not(await triedBy(known.email), first)
    service.clock.advance(400 * 24 * 3600 * 1000)
    await service.services.dataKeys.maintain()
    t.equal(await triedBy(unknown.email), first, 'the same over rotations')
    t.notMatch(JSON.stringify(service.logs), new RegExp(`${unknown.email}|${known.email}`, 'i'))
  },
)
