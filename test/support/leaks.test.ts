import t from 'tap'
import { findLeaks } from './leaks.js'
import type { Entry } from './transcript.js'

const secrets: Entry[] = [
  { kind: 'secret', what: 'password', value: 'päss "word" of many' },
  { kind: 'secret', what: 'token', value: 'lkr_0123456789' },
  { kind: 'secret', what: 'email', value: 'ada@example.com' },
]
const response = (request: string, status: number, body: string, headers = '{}'): Entry => ({
  kind: 'response',
  request,
  status,
  headers,
  body,
})

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
  ]
  for (const [what, entry] of leaks) t.match(findLeaks([...secrets, entry]), [{ what }])
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
  ]
  t.same(findLeaks([...secrets, ...honest]), [])
})
