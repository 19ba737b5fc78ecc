import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { HOUR, MINUTE, SECOND } from '../support/clock.js'
import { jarOf, submit } from '../support/pages.js'
import {
  type Account,
  type Answer,
  ISSUER,
  type Service,
  startService,
} from '../support/service.js'

const HERE = {
  remoteAddress: '198.51.100.7',
  headers: { 'user-agent': 'Firefox/140.0', accept: 'text/html,*/*;q=0.8' },
}
const DASHBOARD = '/dashboard'

type Jar = Readonly<Record<string, string>>
type Place = typeof HERE

const open = (service: Service, cookies: Jar, headers: Record<string, string> = {}, place = HERE) =>
  service.get(DASHBOARD, { ...place, cookies, headers: { ...place.headers, ...headers } })

t.test('the refresh token of a page whose answer was lost', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
  const account = await service.signUp()

  /** A browser whose access cookie has ended, and whose next page is on its way. */
  const enter = async ({ email, password }: Account): Promise<Jar> => {
    const jar = jarOf(await submit(service, '/login', { email, password }, HERE))
    service.clock.advance(16 * MINUTE)
    return jar
  }
  const isIn = (answer: Answer) => answer.status === 200
  const reuses = () => service.events('authn_token_reuse').length

  for (const [waited, label] of [
    [11 * SECOND, '11 seconds'],
    [24 * HOUR, '24 hours'],
  ] as const) {
    t.test(
      `a page whose refreshed cookie was lost is asked for again after ${label}: the session lives`,
      async (t) => {
        const jar = await enter(account)
        t.equal(isIn(await open(service, jar)), true)
        service.clock.advance(waited)
        const again = await open(service, jar)
        t.equal(isIn(again), true)
        service.clock.advance(16 * MINUTE)
        t.equal(isIn(await open(service, jarOf(again))), true, 'with the very successor')
        t.equal(reuses(), 0)
      },
    )
  }

  const elsewhere: Record<string, Place> = {
    'another network': { ...HERE, remoteAddress: '203.0.113.7' },
    'another agent': { ...HERE, headers: { ...HERE.headers, 'user-agent': 'Chrome/140.0' } },
  }
  const thefts: Record<string, (jar: Jar) => Promise<Answer>> = {
    ...Object.fromEntries(
      Object.entries(elsewhere).map(([what, place]) => [
        `from ${what}`,
        (jar: Jar) => open(service, jar, {}, place),
      ]),
    ),
    'by a script of the page': (jar) =>
      open(service, jar, { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }),
    'by JSON': (jar) =>
      service.post('/api/auth/refresh', undefined, {
        ...HERE,
        cookies: jar,
        headers: { ...HERE.headers, origin: ISSUER },
      }),
    'as a bearer token': (jar) =>
      service.post('/api/auth/refresh', { refreshToken: jar[REFRESH_COOKIE] }, HERE),
    'after the next rotation': async (jar) => {
      const [again] = [await open(service, jar)]
      service.clock.advance(16 * MINUTE)
      await open(service, jarOf(again))
      return open(service, jar)
    },
    'after 24 hours and a bit': (jar) => {
      service.clock.advance(24 * HOUR)
      return open(service, jar)
    },
  }
  for (const [how, steal] of Object.entries(thefts)) {
    t.test(`a spent refresh token of a page ends the session when it comes ${how}`, async (t) => {
      const jar = await enter(account)
      const head = jarOf(await open(service, jar))
      service.clock.advance(11 * SECOND)
      const before = reuses()
      t.equal(isIn(await steal(jar)), false)
      t.equal(reuses(), before + 1)
      t.equal(isIn(await open(service, head)), false)
    })
  }

  t.test('asking again for a page’s lost refresh puts off no end of the session', async (t) => {
    const short = await startService(t, { env: { SESSION_IDLE_SECONDS: '1800' } })
    const { email, password } = await short.signUp()
    const jar = jarOf(await submit(short, '/login', { email, password }, HERE))
    short.clock.advance(16 * MINUTE)
    t.equal(isIn(await open(short, jar)), true)
    short.clock.advance(31 * MINUTE)
    t.equal(isIn(await open(short, jar)), false)
    t.same(short.events('authn_token_reuse'), [])
  })

  for (const site of ['cross-site', 'same-site']) {
    t.test(`a lost refresh of a session can't be brought about by a ${site} page`, async (t) => {
      const jar = await enter(account)
      const foreign = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }
      const page = await open(service, jar, foreign)
      t.equal(isIn(page), true, 'the person sees the page')
      t.same(page.cookies, [], 'and nothing was rotated')
      service.clock.advance(HOUR)
      const moved = { ...HERE, remoteAddress: '203.0.113.7' }
      const own = await open(service, jar, { 'sec-fetch-site': 'none' }, moved)
      t.equal(isIn(own), true)
      t.ok(jarOf(own)[ACCESS_COOKIE], 'a visit of one’s own renews')
    })
  }
})

t.test('a refresh token alone tells no stranger whether it is still the newest', async (t) => {
  const service = await startService(t)
  const { email, password } = await service.signUp()
  const jar = jarOf(await submit(service, '/login', { email, password }, HERE))
  service.clock.advance(16 * MINUTE)
  const away = { ...HERE, remoteAddress: '203.0.113.7' }
  const site = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const watched = await open(service, jar, site, away)
  t.equal(watched.status, 200)
  t.ok(jarOf(watched)[REFRESH_COOKIE], 'to look is to rotate')
  service.clock.advance(11 * SECOND)
  t.equal((await open(service, jar)).status, 303, 'which its owner then finds out')
  t.equal(service.events('authn_token_reuse').length, 1)
})

t.test(
  'a spent refresh token of a page says wait to a client without the rotation’s origin',
  async (t) => {
    const service = await startService(t)
    const { email, password } = await service.signUp()
    const jar = jarOf(await submit(service, '/login', { email, password }, HERE))
    service.clock.advance(16 * MINUTE)
    await open(service, jar)
    const place = {
      remoteAddress: '203.0.113.7',
      headers: { ...HERE.headers, 'user-agent': 'Chrome/140.0' },
    }
    const page = await open(service, jar, {}, place)
    t.match(page, { status: 409, headers: { 'retry-after': '2' }, cookies: [] })
    t.match(page.text, 'Try again in a moment')
  },
)
