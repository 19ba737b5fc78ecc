import t from 'tap'
import { MINUTE } from '../support/clock.js'
import { submit } from '../support/pages.js'
import { type Answer, ISSUER, startService } from '../support/service.js'

const ACCESS = '__Host-latchkey_access'
const REFRESH = '__Host-latchkey_refresh'
const OWN = { origin: ISSUER }

const jar = ({ cookies }: Answer) =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]))

t.test('session cookies', async (t) => {
  const service = await startService(t, { env: { CORS_ORIGINS: 'https://app.example.com' } })
  const account = await service.signUp()
  const { email, password } = account
  const signIn = () =>
    service.post('/api/auth/login', { email, password, useCookies: true }, { headers: OWN })

  t.test(
    'a sign-in by cookie puts the tokens in HttpOnly cookies and not in the answer',
    async (t) => {
      const answer = await signIn()
      t.same(Object.keys(answer.body).sort(), ['expiresIn', 'tokenType', 'user'])
      t.match(answer.cookies, [
        { name: ACCESS, path: '/', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 900 },
        {
          name: REFRESH,
          path: '/',
          httpOnly: true,
          secure: true,
          sameSite: 'Lax',
          maxAge: 1209600,
        },
        {
          name: '__Host-latchkey_device',
          path: '/',
          httpOnly: true,
          secure: true,
          maxAge: 2592000,
        },
      ])
      for (const cookie of answer.cookies) t.equal(cookie.domain, undefined)
      t.equal(answer.headers['cache-control'], 'no-store')
    },
  )

  t.test('the access cookie authenticates, and its session dies at once', async (t) => {
    const cookies = jar(await signIn())
    t.match(await service.get('/api/profile', { cookies }), {
      status: 200,
      body: { user: { email } },
    })
    t.equal((await service.get('/api/protected', { cookies })).status, 200)
    t.equal((await service.get('/api/admin', { cookies })).status, 403)
    const out = await service.post('/api/auth/logout', undefined, { cookies, headers: OWN })
    t.equal(out.status, 200)
    t.equal(out.headers['clear-site-data'], '"cache", "storage"')
    for (const cookie of out.cookies) t.equal(cookie.value, '')
    t.match(await service.get('/api/profile', { cookies }), {
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    })
  })

  t.test('a refresh by cookie needs no body and renews both session cookies', async (t) => {
    const first = jar(await signIn())
    const answer = await service.post('/api/auth/refresh', undefined, {
      cookies: first,
      headers: OWN,
    })
    t.equal(answer.status, 200)
    t.same(Object.keys(answer.body).sort(), ['expiresIn', 'tokenType'])
    const second = jar(answer)
    t.not(second[REFRESH], first[REFRESH])
    t.equal((await service.get('/api/profile', { cookies: second })).status, 200)

    service.clock.advance(MINUTE)
    const reused = await service.post('/api/auth/refresh', undefined, {
      cookies: first,
      headers: OWN,
    })
    t.match(reused, { status: 401, body: { code: 'REFRESH_TOKEN_REUSED' } })
    for (const cookie of reused.cookies) t.equal(cookie.value, '', 'dead cookies are dropped')
  })

  t.test('logout works with a refresh cookie that outlived its access cookie', async (t) => {
    const { [REFRESH]: value = '' } = jar(await signIn())
    const cookies = { [REFRESH]: value }
    t.equal(
      (await service.post('/api/auth/logout', undefined, { cookies, headers: OWN })).status,
      200,
    )
    t.equal(
      (await service.post('/api/auth/refresh', undefined, { cookies, headers: OWN })).status,
      401,
    )
  })

  t.test(
    'logout ends the session of the access cookie beside a refresh cookie that is no good',
    async (t) => {
      for (const path of ['/api/auth/logout', '/logout']) {
        const cookies = { ...jar(await signIn()), [REFRESH]: 'garbage' }
        const out =
          path === '/logout'
            ? await submit(service, path, {}, { cookies })
            : await service.post(path, undefined, { cookies, headers: OWN })
        t.match(out.headers, { 'clear-site-data': '"cache", "storage"' }, path)
        t.equal((await service.get('/api/profile', { cookies })).status, 401, path)
      }
    },
  )

  t.test(
    'ending the own session empties the browser’s cookies, wherever it is ended',
    async (t) => {
      const idOf = async (cookies: Record<string, string>) => {
        const { body } = await service.get('/api/auth/sessions', { cookies })
        return body.sessions.find(({ current }: { current: boolean }) => current).id as string
      }
      type End = (cookies: Record<string, string>, id: string) => Promise<Answer>
      const ends: Record<string, End> = {
        one: (cookies, id) => service.delete(`/api/auth/sessions/${id}`, { cookies, headers: OWN }),
        all: (cookies) => service.delete('/api/auth/sessions', { cookies, headers: OWN }),
        'one, on its page': (cookies, id) =>
          submit(service, `/dashboard/sessions/${id}/end`, {}, { cookies }),
        'all, on their page': (cookies) =>
          submit(service, '/dashboard/sessions/end', {}, { cookies }),
        'none any more': () => submit(service, '/logout'),
      }
      for (const [what, end] of Object.entries(ends)) {
        const cookies = jar(await signIn())
        const { headers } = await end(cookies, await idOf(cookies))
        t.equal(headers['clear-site-data'], '"cache", "storage"', what)
      }
      const [here, elsewhere] = [jar(await signIn()), jar(await signIn())]
      const other = await service.delete(`/api/auth/sessions/${await idOf(elsewhere)}`, {
        cookies: here,
        headers: OWN,
      })
      t.equal(other.headers['clear-site-data'], undefined, 'another one leaves it alone')
    },
  )

  t.test(
    'state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
    async (t) => {
      const verdicts: [Record<string, string>, number][] = [
        [{ origin: ISSUER }, 200],
        [{ origin: 'https://app.example.com' }, 200],
        [{ 'sec-fetch-site': 'same-origin' }, 200],
        [{}, 403],
        [{ origin: 'null' }, 403],
        [{ origin: 'https://evil.example' }, 403],
        [{ origin: `${ISSUER}.evil.example` }, 403],
        [{ origin: 'http://auth.example.com' }, 403],
        [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
        [{ 'sec-fetch-site': 'cross-site' }, 403],
        [{ 'sec-fetch-site': 'same-site' }, 403],
        [{ 'sec-fetch-site': 'none' }, 403],
      ]
      for (const [headers, status] of verdicts) {
        const cookies = jar(await signIn())
        for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
          const fresh = path.endsWith('refresh') ? cookies : jar(await signIn())
          const answer = await service.post(path, undefined, { cookies: fresh, headers })
          t.equal(answer.status, status, `${path} ${JSON.stringify(headers)}`)
        }
        const ended = await service.delete('/api/auth/sessions', {
          cookies: jar(await signIn()),
          headers,
        })
        t.equal(ended.status, status === 200 ? 204 : 403)
      }
      t.ok(service.events('malicious_csrf').length > 0)
    },
  )

  t.test('a page of another origin cannot sign a browser in by cookie (login CSRF)', async (t) => {
    const body = { email, password, useCookies: true }
    const answer = await service.post('/api/auth/login', body, {
      headers: { origin: 'https://evil.example' },
    })
    t.match(answer, {
      status: 403,
      body: {
        code: 'FOREIGN_ORIGIN',
        detail: `Send an Origin header that names ${ISSUER} or one of the CORS_ORIGINS.`,
      },
    })
    t.same(answer.cookies, [])
  })

  t.test('a bearer token wins over a session cookie, even when it is a bad one', async (t) => {
    const cookies = jar(await signIn())
    const answer = await service.get('/api/profile', { cookies, token: 'a.b.c' })
    t.match(answer, { status: 401, body: { code: 'TOKEN_INVALID' } })
  })
})
