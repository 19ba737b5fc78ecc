import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import { callOf, type Party, present, race } from '../support/party.js'
import { type Account, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'
const OWNER: Party = { ip: '198.51.100.7', agent: BROWSER }
const MOVED: Party = { ip: '203.0.113.9', agent: BROWSER }
const THIEF: Party = { ip: '192.0.2.66', agent: 'curl/8.5' }

const signInAs = async (service: Service, account: Account, party: Party = OWNER) =>
  service.signIn(account, callOf(party))

t.test('a refresh token that was rotated a moment ago', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
  const account = await service.signUp()
  const replays = () => service.events('authn_token_replay')

  t.test(
    'a refresh token rotated a moment ago is a conflict for a client of another network and agent',
    async (t) => {
      const { refreshToken: stolen } = await signInAs(service, account)
      const head = await present(service, OWNER, stolen)
      const before = replays().length
      for (const waited of [0, 1, 4, 4]) {
        service.clock.advance(waited * SECOND)
        const answer = await present(service, THIEF, stolen)
        t.match(answer, {
          status: 409,
          code: 'REFRESH_CONFLICT',
          headers: { 'retry-after': '2' },
          accessToken: undefined,
          refreshToken: undefined,
        })
      }
      const [event, ...more] = replays().slice(before)
      t.match(event, { level: 'WARN', userId: account.id, sessionId: String, strikes: 1 })
      t.match(event, { origin: /^\S{30}$/, rotatedFrom: /^\S{30}$/ }, 'both origins, as digests')
      t.not(event?.origin, event?.rotatedFrom)
      t.same(more, [], 'once a generation')

      service.clock.advance(MINUTE)
      const next = await present(service, OWNER, head.refreshToken)
      t.equal(next.status, 200, 'the thief has stopped: the session lives')
      t.match(await present(service, THIEF, stolen), { code: 'REFRESH_TOKEN_REUSED' })
      const last = await present(service, OWNER, next.refreshToken)
      t.match(last, { code: 'REFRESH_TOKEN_INVALID' }, 'the thief has not: it ends')
    },
  )

  t.test(
    'a refresh token rotated a moment ago ends the session for both where the thief was first',
    async (t) => {
      const { refreshToken: stolen } = await signInAs(service, account)
      const theirs = await present(service, THIEF, stolen)
      service.clock.advance(SECOND)
      t.match(await present(service, OWNER, stolen), { code: 'REFRESH_CONFLICT' })
      service.clock.advance(10 * SECOND)
      t.match(await present(service, OWNER, stolen), { code: 'REFRESH_TOKEN_REUSED' })
      t.match(await present(service, THIEF, theirs.refreshToken), { code: 'REFRESH_TOKEN_INVALID' })
    },
  )

  t.test(
    'a refresh token rotated a moment ago serves a changed network, for two rotations in a row',
    async (t) => {
      let { refreshToken: held } = await signInAs(service, account)
      const before = replays().length
      for (const strikes of [1, 2]) {
        const head = await present(service, OWNER, held)
        service.clock.advance(3 * SECOND)
        const ridden = await present(service, MOVED, held)
        t.equal(ridden.refreshToken, head.refreshToken, 'the same successor')
        const again = await present(service, MOVED, held)
        t.equal(again.status, 200, 'and once more to the same client')
        const other = { ...MOVED, ip: '192.0.2.1' }
        t.match(
          await present(service, other, held),
          { code: 'REFRESH_CONFLICT' },
          'to no third one',
        )
        t.equal(replays().length, before + strikes)
        t.match(replays().at(-1), { strikes })
        held = head.refreshToken
      }
      const head = await present(service, OWNER, held)
      service.clock.advance(3 * SECOND)
      t.match(await present(service, MOVED, held), { status: 401, code: 'REFRESH_TOKEN_REUSED' })
      t.match(await present(service, OWNER, head.refreshToken), { code: 'REFRESH_TOKEN_INVALID' })
      t.match(service.events('authn_token_reuse').at(-1), { level: 'WARN', userId: account.id })
      t.match(replays().at(-1), { strikes: 3 })
    },
  )

  t.test('the strikes of a replayed refresh token count in a row or not at all', async (t) => {
    let { refreshToken: held } = await signInAs(service, account)
    for (const isStruck of [true, true, false, true, true, false]) {
      const head = await present(service, OWNER, held)
      service.clock.advance(3 * SECOND)
      if (isStruck) t.equal((await present(service, MOVED, held)).status, 200)
      held = head.refreshToken
    }
    t.equal((await present(service, OWNER, held)).status, 200)
  })

  t.test(
    'a replayed refresh token ends the session of a thief who left a rotation out',
    async (t) => {
      const { refreshToken } = await signInAs(service, account)
      const first = await present(service, OWNER, refreshToken)
      const ridden = await present(service, MOVED, refreshToken)
      t.equal(ridden.status, 200)
      const second = await present(service, OWNER, first.refreshToken)
      await present(service, OWNER, second.refreshToken)
      t.match(await present(service, MOVED, ridden.refreshToken), { code: 'REFRESH_TOKEN_REUSED' })
    },
  )

  t.test(
    'a replayed refresh token gives its successor to one of many near clients, and strikes once',
    async (t) => {
      const { refreshToken } = await signInAs(service, account)
      await present(service, OWNER, refreshToken)
      service.clock.advance(3 * SECOND)
      const before = replays().length
      const answers = await parallel(20, (index) => {
        const ip = `203.0.${index}.1`
        return present(service, { ip, agent: index % 2 === 0 ? BROWSER : 'curl/8.5' }, refreshToken)
      })
      t.same(tally(answers.map(({ status }) => status)), { 200: 1, 409: 19 })
      t.equal(replays().length, before + 1)
      t.match(replays().at(-1), { strikes: 1 })
    },
  )
})

t.test('clients that refresh one session without a lock', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
  const account = await service.signUp()
  const pairs: Record<string, readonly [Party, Party]> = {
    'two IPv4 networks': [OWNER, MOVED],
    'IPv4 beside IPv6': [OWNER, { ...OWNER, ip: '2001:db8:1::7' }],
  }

  for (const [which, pair] of Object.entries(pairs)) {
    t.test(
      `clients that share a session keep it when they refresh within a second: ${which}`,
      async (t) => {
        const before = service.events('authn_token_replay').length
        const signedIn = await signInAs(service, account, pair[0])
        t.equal(await race(service, signedIn, pair, { rotations: 6, apart: SECOND }), Infinity)
        t.equal(service.events('authn_token_replay').length, before, 'without a strike')
      },
    )
    t.test(
      `clients lose their session at the third rotation when 3 s apart from the start: ${which}`,
      async (t) => {
        const signedIn = await signInAs(service, account, pair[0])
        t.equal(await race(service, signedIn, pair, { rotations: 6, apart: 3 * SECOND }), 3)
      },
    )
  }

  t.test(
    'clients that share a session keep it once both are known, as a server and its browser are',
    async (t) => {
      const server: Party = { ip: '192.0.2.80', agent: 'node' }
      let { refreshToken: held } = await signInAs(service, account)
      for (const party of [OWNER, server, OWNER, server]) {
        held = (await present(service, party, held)).refreshToken
        service.clock.advance(15 * MINUTE)
      }
      for (let rotation = 0; rotation < 6; rotation++) {
        const [ahead, behind] = rotation % 2 === 0 ? [OWNER, server] : [server, OWNER]
        const head = await present(service, ahead, held)
        service.clock.advance(5 * SECOND)
        const follower = await present(service, behind, held)
        t.equal(follower.refreshToken, head.refreshToken)
        held = head.refreshToken
        service.clock.advance(15 * MINUTE)
      }
    },
  )

  t.test('clients that share a session keep it while the server key changes', async (t) => {
    let { refreshToken: held } = await signInAs(service, account)
    for (let rotation = 0; rotation < 14; rotation++) {
      if (rotation === 7) {
        await service.services.keyRing.maintain({ force: true })
        service.clock.advance(6 * MINUTE)
      }
      const [ahead, behind] = rotation % 2 === 0 ? [OWNER, MOVED] : [MOVED, OWNER]
      const head = await present(service, ahead, held)
      if (rotation > 3) {
        service.clock.advance(5 * SECOND)
        t.equal((await present(service, behind, held)).refreshToken, head.refreshToken)
      }
      held = head.refreshToken
      service.clock.advance(15 * MINUTE)
    }
  })

  t.test('a refresh token’s struck origin does not become known', async (t) => {
    let { refreshToken: held } = await signInAs(service, account)
    for (const ahead of [OWNER, MOVED]) {
      const head = await present(service, ahead, held)
      service.clock.advance(3 * SECOND)
      const behind = ahead === OWNER ? MOVED : OWNER
      t.equal((await present(service, behind, held)).status, 200)
      held = head.refreshToken
    }
    const head = await present(service, MOVED, held)
    service.clock.advance(3 * SECOND)
    t.match(await present(service, OWNER, held), { code: 'REFRESH_TOKEN_REUSED' })
    t.match(await present(service, MOVED, head.refreshToken), { code: 'REFRESH_TOKEN_INVALID' })
  })
})

t.test('nothing that a session can read tells when another client refreshes', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const mine = await signInAs(service, account)
  service.clock.advance(SECOND)
  const other = await signInAs(service, account, MOVED)
  service.clock.advance(MINUTE)
  const look = async () => {
    const { body } = await service.get('/api/auth/sessions', { token: other.accessToken })
    return JSON.stringify(body)
  }
  const before = await look()
  const head = await present(service, OWNER, mine.refreshToken)
  service.clock.advance(MINUTE)
  await present(service, MOVED, head.refreshToken)
  t.equal(await look(), before, 'the list of sessions is the same, byte for byte')

  await present(service, THIEF, head.refreshToken)
  const { sessions } = JSON.parse(await look())
  const replay = { at: '2030-01-01T00:00:00.000Z', ip: THIEF.ip, userAgent: THIEF.agent }
  t.match(
    sessions.map((session: { replay: unknown }) => session.replay),
    [null, replay],
    'but a struck session says who came second',
  )
})

t.test('the origins that a session keeps of its refreshes', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const wide: Party = { ip: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', agent: 'x'.repeat(400) }
  const keyOf = async (token: string) => {
    const { body } = await service.get('/api/auth/sessions', { token })
    const { id } = body.sessions.find(({ current }: { current: boolean }) => current)
    return { userId: { S: account.id }, sessionId: { S: id as string } }
  }
  const TableName = service.config.tables.refreshTokens

  t.test('a refresh writes one unit, however long its User-Agent is', async (t) => {
    const signedIn = await signInAs(service, account, wide)
    let held = signedIn.refreshToken
    for (let rotation = 0; rotation < 6; rotation++) {
      held = (await present(service, { ...wide, ip: `2001:db8:${rotation}::1` }, held)).refreshToken
    }
    const Key = await keyOf(signedIn.accessToken)
    const { Item = {} } = await service.client.send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true }),
    )
    t.match(Item, { generation: { N: '6' }, known4: { S: /./ } })
    const bytes = Object.entries(Item).reduce(
      (sum, [name, { S = '', N = '' }]) =>
        sum + name.length + S.length + Math.ceil(N.length / 2) + (N === '' ? 0 : 1),
      0,
    )
    t.ok(bytes < 1024, `${bytes} bytes`)
  })

  t.test('a session keeps no address and no User-Agent but those of the sign-in', async (t) => {
    const signedIn = await signInAs(service, account)
    await present(service, MOVED, signedIn.refreshToken)
    const Key = await keyOf(signedIn.accessToken)
    const { Item } = await service.client.send(new GetItemCommand({ TableName, Key }))
    t.match(Item, { ip: { S: OWNER.ip }, userAgent: { S: OWNER.agent } })
    t.notMatch(JSON.stringify(Item), MOVED.ip)
  })

  t.test(
    'a refresh with origins goes on with a session that an earlier version has opened',
    async (t) => {
      const signedIn = await signInAs(service, account)
      const first = await present(service, OWNER, signedIn.refreshToken)
      const Key = await keyOf(signedIn.accessToken)
      await service.client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression:
            'REMOVE generation, rotatedFrom, candidate, known1, known2, known3, known4',
        }),
      )
      const replayed = await present(service, MOVED, signedIn.refreshToken)
      t.equal(replayed.refreshToken, first.refreshToken, 'its window is open to all, as it was')
      let held = first.refreshToken
      for (let rotation = 0; rotation < 6; rotation++) {
        const head = await present(service, OWNER, held)
        t.equal(head.status, 200)
        t.equal((await present(service, OWNER, held)).refreshToken, head.refreshToken)
        t.match(await present(service, THIEF, held), {
          code: rotation < 2 ? 'REFRESH_CONFLICT' : String,
        })
        if (rotation === 2) break
        held = head.refreshToken
        service.clock.advance(DAY)
      }
      t.match(service.events('authn_token_replay').at(-1), { strikes: 3 })
    },
  )
})
