import t from 'tap'
import { findLeaks } from './leaks.js'
import type { Entry } from './transcript.js'

const secrets: Entry[] = [
  { kind: 'secret', what: 'password', value: 'päss "word" of many' },
  { kind: 'secret', what: 'token', value: 'lkr_0123456789' },
  { kind: 'secret', what: 'email', value: 'ada@example.com' },
  { kind: 'secret', what: 'code', value: 'SplxlOBeZQQYbYS6WxSbIA' },
]
const response = (request: string, status: number, body: string, headers = '{}'): Entry => ({
  kind: 'response',
  request,
  status,
  headers,
  body,
})

const CALLBACK = 'GET /api/auth/acme/callback?code=SplxlOBeZQQYbYS6WxSbIA&state=s'
const COOKIES = '{"location":"/","set-cookie":["a=lkr_0123456789; HttpOnly","b=c"]}'

t.test('the scan of the suite finds a secret', async (t) => {
  const leaks: [string, Entry][] = [
    ['password', { kind: 'log', line: JSON.stringify({ body: 'päss "word" of many' }) }],
    ['password', response('POST /api/auth/login', 200, 'p%C3%A4ss%20%22word%22%20of%20many')],
    ['token', { kind: 'log', line: 'refresh with lkr_0123456789 failed' }],
    ['token', response('POST /api/auth/refresh', 401, '{"detail":"lkr_0123456789"}')],
    ['token', response('GET /api/profile', 200, 'lkr_0123456789')],
    ['token', response('POST /api/auth/login', 200, '', '{"location":"/#lkr_0123456789"}')],
    ['email', { kind: 'log', line: 'no user ada@example.com' }],
    ['email', response('POST /api/auth/register', 409, 'ada@example.com is taken')],

    ['token', response(CALLBACK, 302, 'lkr_0123456789', '{"location":"/dashboard"}')],
    ['token', response(CALLBACK, 302, '', '{"location":"/dashboard#lkr_0123456789"}')],
    ['token', response(CALLBACK, 302, '', '{"x-token":"lkr_0123456789"}')],
    ['token', response(CALLBACK, 400, '', COOKIES)],
    ['token', response(CALLBACK, 200, '', COOKIES)],
    ['token', response('GET /api/auth/acme/callback/more', 302, '', COOKIES)],
    ['token', response('POST /api/auth/acme/callback', 302, '', COOKIES)],
    ['token', response('GET /dashboard', 302, '', COOKIES)],
    ['email', response(CALLBACK, 302, '', '{"set-cookie":"flow=ada@example.com"}')],
    ['email', response(CALLBACK, 302, '', '{"location":"/login?error=ada%40example.com"}')],
    ['email', response('GET /api/auth/identities', 401, 'no identities of ada@example.com')],
    ['email', response('GET /openapi.json', 200, '<h1>ada@example.com</h1>')],
    ['email', response('POST /login', 303, '', '{"location":"/dashboard?ada@example.com"}')],
    ['token', response('GET /dashboard', 200, '<p>lkr_0123456789</p>')],
    [
      'password',
      response('POST /login', 401, '<input value="p%C3%A4ss%20%22word%22%20of%20many">'),
    ],
    ['code', { kind: 'log', line: 'refused SplxlOBeZQQYbYS6WxSbIA' }],
    ['code', response(CALLBACK, 302, '', '{"location":"/login?code=SplxlOBeZQQYbYS6WxSbIA"}')],
    ['code', response(CALLBACK, 302, '', '{"set-cookie":["a=b","c=SplxlOBeZQQYbYS6WxSbIA"]}')],
    ['code', response(CALLBACK, 400, 'SplxlOBeZQQYbYS6WxSbIA is no code')],
  ]
  for (const [what, entry] of leaks) {
    const found = findLeaks([...secrets, entry]).map((leak) => leak.what)
    t.same(found, [what], JSON.stringify(entry))
  }
})

t.test('and lets pass what is handed out', async (t) => {
  const honest = [
    response(
      'POST /api/auth/login',
      200,
      '{"refreshToken":"lkr_0123456789","email":"ada@example.com"}',
    ),
    response('POST /api/auth/login', 200, '{}', '{"set-cookie":"r=lkr_0123456789"}'),
    response('GET /api/profile', 200, 'ada@example.com'),
    response('GET /api/auth/identities', 200, '{"identities":[{"email":"ada@example.com"}]}'),
    response('GET /api/auth/acme', 302, '', COOKIES),
    response('GET /api/auth/acme?returnTo=%2Fdashboard', 302, '', COOKIES),
    response(CALLBACK, 302, '', COOKIES),
    response('POST /login', 303, '', COOKIES),
    response('POST /login', 401, '<input value="ada@example.com">'),
    response('GET /dashboard', 200, '<dd>ada@example.com</dd>', COOKIES),
  ]
  t.same(findLeaks([...secrets, ...honest]), [])
})
