import { createHash } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import {
  decodeRefreshToken,
  encodeRefreshToken,
  type RefreshToken,
} from '../../src/sessions/refresh-token.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { startProxy } from '../support/proxy.js'
import { type Service, startService } from '../support/service.js'
import { listen } from '../support/socket.js'
import { parallel, tally } from '../support/tally.js'

const REFRESH = '/api/auth/refresh'

const refresh = (service: Service, refreshToken: string) => service.post(REFRESH, { refreshToken })

t.test('POST /api/auth/refresh', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()

  t.test('refresh answers with new tokens, of which both work', async (t) => {
    const first = await service.signIn(account)
    service.clock.advance(MINUTE)
    const { status, body, headers } = await refresh(service, first.refreshToken)
    t.equal(status, 200)
    t.same(Object.keys(body).sort(), ['accessToken', 'expiresIn', 'refreshToken', 'tokenType'])
    t.match(body, { tokenType: 'Bearer', expiresIn: 900 })
    t.equal(headers['cache-control'], 'no-store')
    t.not(body.refreshToken, first.refreshToken)
    t.equal((await service.get('/api/profile', { token: body.accessToken })).status, 200)
    t.equal((await refresh(service, body.refreshToken)).status, 200)
  })

  t.test('refresh asks for a refresh token', async (t) => {
    for (const body of [undefined, {}, { refreshToken: '' }]) {
      const answer = await service.post(REFRESH, body)
      t.match(answer, {
        status: 401,
        body: { error: 'Refresh token required', code: 'REFRESH_TOKEN_REQUIRED' },
      })
    }
  })

  t.test('refresh refuses a forged refresh token without a read', async (t) => {
    const { refreshToken } = await service.signIn(account)
    const forged = [
      'nonsense',
      refreshToken.slice(0, -1),
      `${refreshToken}A`,
      refreshToken.toUpperCase(),
      swap(refreshToken, 6),
      swap(refreshToken, 20),
      swap(refreshToken, 70),
      swap(refreshToken, 120),
    ]
    const before = service.calls.length
    for (const token of forged) {
      t.match(await refresh(service, token), {
        status: 401,
        body: { error: 'Invalid refresh token', code: 'REFRESH_TOKEN_INVALID' },
      })
    }
    t.same(service.calls.slice(before), [])
    t.equal((await refresh(service, refreshToken)).status, 200, 'the session is unharmed')
  })

  t.test(
    'a refresh token is stored as the SHA-256 of its secret, which opens nothing',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      const next = (await refresh(service, refreshToken)).body.refreshToken as string
      const TableName = service.config.tables.refreshTokens
      const { Items } = await service.client.send(
        new ScanCommand({ TableName, ConsistentRead: true }),
      )
      const stored = JSON.stringify(Items)
      const key = await service.services.keyRing.refreshKey()
      for (const text of [refreshToken, next]) {
        const token = decodeRefreshToken(text)
        if (!token) throw new Error('no token')
        t.equal(token.secret.length, 32)
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          t.notOk(stored.includes(token.secret.toString(encoding).slice(0, 40)), encoding)
        }
        t.notOk(stored.includes(text))
      }
      const { secret, ...named } = decodeRefreshToken(next) as RefreshToken
      const hash = createHash('sha256').update(secret).digest()
      t.ok(stored.includes(hash.toString('base64url')))
      const copied = encodeRefreshToken(key, { ...named, secret: hash })
      t.equal((await refresh(service, copied)).status, 401, 'not even to who has the server key')
    },
  )

  t.test('the rotation of a refresh token takes one conditional write', async (t) => {
    const { refreshToken } = await service.signIn(account)
    const before = service.calls.length
    await refresh(service, refreshToken)
    t.same(service.calls.slice(before), ['GetItem users', 'UpdateItem refreshTokens'])
  })

  t.test('a refresh carries a change of role into the next access token', async (t) => {
    const user = await service.signUp()
    const { refreshToken } = await service.signIn(user)
    await service.services.users.store.change(user.id, { role: 'admin' })
    const { body } = await refresh(service, refreshToken)
    t.equal((await service.get('/api/admin', { token: body.accessToken })).status, 200)
  })
})

t.test('a refresh token replayed', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()

  t.test(
    'a refresh token replayed inside the grace window yields the same successor',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      const first = await refresh(service, refreshToken)
      service.clock.advance(10 * SECOND)
      const again = await refresh(service, refreshToken)
      t.equal(again.status, 200)
      t.equal(again.body.refreshToken, first.body.refreshToken)
    },
  )

  t.test(
    'a refresh token replayed after the grace window ends that session and no other',
    async (t) => {
      const stolen = await service.signIn(account)
      const other = await service.signIn(account)
      const next = await refresh(service, stolen.refreshToken)
      service.clock.advance(10 * SECOND + 1)
      t.match(await refresh(service, stolen.refreshToken), {
        status: 401,
        body: { error: 'Refresh token reused', code: 'REFRESH_TOKEN_REUSED' },
      })
      t.match(service.events('authn_token_reuse').at(-1), { level: 'WARN' })
      t.match(await refresh(service, next.body.refreshToken), {
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
      t.equal((await refresh(service, other.refreshToken)).status, 200)
    },
  )

  t.test('a refresh token older than the one before ends the session, grace or not', async (t) => {
    const { refreshToken } = await service.signIn(account)
    const second = await refresh(service, refreshToken)
    const third = await refresh(service, second.body.refreshToken)
    t.match(await refresh(service, refreshToken), { body: { code: 'REFRESH_TOKEN_REUSED' } })
    t.equal((await refresh(service, third.body.refreshToken)).status, 401)
  })

  t.test(
    'a refresh token replayed after another instance rotated it is judged by the table',
    async (t) => {
      const other = await startService(t, { beside: service })
      const { refreshToken } = await service.signIn(account)
      const here = await refresh(service, refreshToken)
      const there = await refresh(other, refreshToken)
      t.equal(there.body.refreshToken, here.body.refreshToken)
    },
  )
})

t.test(
  '50 parallel refreshes of one token over sockets: one next token, one live head',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const { refreshToken } = await service.signIn(account)
    const client = await listen(service)

    const answers = await parallel(50, () => client.post(REFRESH, { refreshToken }))
    t.same(tally(answers.map(({ status }) => status)), { 200: 50 })
    const successors = new Set(answers.map(({ body }) => body.refreshToken))
    t.equal(successors.size, 1)

    const [successor = ''] = successors
    service.clock.advance(MINUTE)
    t.equal((await client.post(REFRESH, { refreshToken: successor })).status, 200)
  },
)

t.test('an outage during a refresh never costs a session', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const account = await service.signUp()
  const isRotation = ({ operation, body }: { operation: string; body: string }) =>
    operation === 'UpdateItem' && body.includes('refresh-tokens')
  const isUserRead = ({ operation, body }: { operation: string; body: string }) =>
    operation === 'GetItem' && body.includes('-users')

  t.test(
    'the answer to the winning write of a refresh is lost: the same call succeeds',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      let lost = 0
      proxy.decide((call) => (isRotation(call) && lost++ === 0 ? 'lose-answer' : 'pass'))
      const answer = await refresh(service, refreshToken)
      t.equal(lost > 1, true, 'the write was sent again')
      t.equal(answer.status, 200)
      t.equal((await refresh(service, answer.body.refreshToken)).status, 200)
    },
  )

  t.test(
    'all answers to the write of a refresh are lost: 503, and the client’s retry succeeds',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      proxy.decide((call) => (isRotation(call) ? 'lose-answer' : 'pass'))
      const failed = await refresh(service, refreshToken)
      t.match(failed, {
        status: 503,
        headers: { 'retry-after': String },
        body: { code: 'STORE_UNAVAILABLE' },
      })
      proxy.decide(() => 'pass')
      service.clock.advance(3 * SECOND)
      const retried = await refresh(service, refreshToken)
      t.equal(retried.status, 200)
      service.clock.advance(MINUTE)
      t.equal((await refresh(service, retried.body.refreshToken)).status, 200)
    },
  )

  for (const [what, isBroken] of [
    ['write', isRotation],
    ['read of the user', isUserRead],
  ] as const) {
    for (const fate of ['fail', 'throttle'] as const) {
      t.test(
        `the ${what} of a refresh comes to ${fate}: 503, and the token works an hour later`,
        async (t) => {
          const { refreshToken } = await service.signIn(account)
          proxy.decide((call) => (isBroken(call) ? fate : 'pass'))
          t.equal((await refresh(service, refreshToken)).status, 503)
          proxy.decide(() => 'pass')
          service.clock.advance(60 * MINUTE)
          t.equal((await refresh(service, refreshToken)).status, 200)
        },
      )
    }
  }
})

t.test('a rotation of the refresh key of the server ends no session', async (t) => {
  const service = await startService(t)
  const late = await startService(t, { beside: service })
  const account = await service.signUp()
  const before = await service.signIn(account)

  await service.services.keyRing.maintain({ force: true })
  service.clock.advance(6 * MINUTE)
  const keyOf = (token: string) => Buffer.from(token.slice(4), 'base64url').toString('hex', 0, 4)
  const renewed = await refresh(service, before.refreshToken)
  t.equal(renewed.status, 200)
  t.not(keyOf(renewed.body.refreshToken), keyOf(before.refreshToken), 'the new key made it')

  const elsewhere = await refresh(late, before.refreshToken)
  t.equal(
    elsewhere.body.refreshToken,
    renewed.body.refreshToken,
    'an instance that has not re-read yet',
  )
  t.equal((await refresh(late, renewed.body.refreshToken)).status, 200)
})

/** Another letter of the alphabet in one place. */
function swap(token: string, index: number): string {
  const letter = token[index] === 'A' ? 'B' : 'A'
  return token.slice(0, index) + letter + token.slice(index + 1)
}
