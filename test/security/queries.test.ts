import { randomBytes } from 'node:crypto'
import t from 'tap'
import { newAdmin, newOwner } from '../support/keys.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import { type Call, newAccount, startService } from '../support/service.js'

/** Texts that would end a value and go on as an expression, where one is put together from what a caller sends. */
const naughty = (mark: string): string[] => [
  mark,
  `${mark} OR attribute_exists(pk)`,
  `${mark}" OR "1" = "1`,
  `:${mark}`,
  `#${mark}`,
  `${mark}) REMOVE passwordHash SET (`,
  `{"S":"${mark}"}`,
  `USER#${mark}`,
  `${mark}#*`,
]

t.test('what a caller sends is a value of a query, and never a part of its words', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const [admin, other] = [await newAdmin(service), await newOwner(service)]
  const key = await admin.generate()
  const foreign = await other.generate()
  const { accessToken: token } = await service.signIn(admin.account)
  const mark = `mark${randomBytes(6).toString('hex')}`

  const seen: EngineCall[] = []
  proxy.decide((call) => {
    seen.push(call)
    return 'pass'
  })
  const bearer: Call = { token }
  for (const text of naughty(mark)) {
    const inPath = encodeURIComponent(text)
    const { email } = admin.account
    const asked: Promise<{ status: number }>[] = [
      service.post('/api/auth/register', {
        email: `${mark}@example.com`,
        password: newAccount().password,
        name: text,
      }),
      service.post('/api/auth/login', { email, password: `${text} as a password` }),
      service.post('/api/auth/refresh', { refreshToken: text }),
      service.call('PATCH', '/api/profile', { ...bearer, body: { name: text } }),
      service.post('/api/apikeys/generate', { name: text, scopes: [text] }, bearer),
      service.call('PATCH', `/api/apikeys/${key.id}`, { ...bearer, body: { name: text } }),
      ...['apikeys', 'admin/users', 'admin/clients'].map((place) =>
        service.get(`/api/${place}/${inPath}`, bearer),
      ),
      ...['sessions', 'identities', 'passkeys', 'devices', 'consents'].map((place) =>
        service.delete(`/api/auth/${place}/${inPath}`, bearer),
      ),
      service.get(`/api/account/events?event=${inPath}&cursor=${inPath}`, bearer),
      service.get(`/api/admin/users?cursor=${inPath}`, bearer),
      service.post('/api/admin/users/search', { query: text }, bearer),
      service.post('/api/admin/users/find', { email: `${mark}@example.com` }, bearer),
      service.post('/oauth/token', {
        grant_type: 'client_credentials',
        client_id: text,
        client_secret: text,
      }),
      service.get(`/oauth/authorize?client_id=${inPath}&redirect_uri=${inPath}`, bearer),
      service.get('/api/data', { headers: { 'x-api-key': foreign.secret.slice(0, -1) + mark } }),
    ]
    for (const { status } of await Promise.all(asked)) t.ok(status < 500, `${text}: ${status}`)
  }
  const values = seen.filter(({ body }) => body.includes(mark))
  t.ok(values.length > 10, `${values.length} requests of the store have what was sent`)
  for (const { operation, body } of seen) {
    const words: string[] = []
    JSON.parse(body, (name, value: unknown) => {
      // The parts of a request to DynamoDB that are a language; all others are values.
      if (name.endsWith('Expression')) words.push(String(value))
      return value
    })
    t.notOk(
      words.some((expression) => expression.includes(mark)),
      operation,
    )
  }
  t.same(service.events('dependency_failed'), [], 'none of them is one that the store refuses')
  t.equal((await other.show(foreign.id)).name, 'k', 'and the key of another person is as it was')
})
