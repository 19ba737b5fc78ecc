import t from 'tap'
import { findFaults } from './answers.js'
import type { Entry } from './transcript.js'

const NO_STORE = { 'cache-control': 'no-store' }
const PROBLEM = { ...NO_STORE, 'content-type': 'application/problem+json; charset=utf-8' }
const OWN = { 'x-content-type-options': 'nosniff' }
const SECURE = '__Host-latchkey_access=x; Path=/; HttpOnly; Secure; SameSite=Lax'

const answer = (request: string, status: number, headers: object = {}, body = ''): Entry => ({
  kind: 'response',
  request,
  status,
  headers: JSON.stringify(headers),
  body,
})

const setting = (line: string, more: object = NO_STORE) =>
  answer('POST /api/auth/login', 200, { ...more, 'set-cookie': [line] })

const problem = (status: number, body: object) =>
  answer('GET /api/profile', status, PROBLEM, JSON.stringify(body))

t.test('the scan of the suite finds an answer that breaks a rule', async (t) => {
  const faulty: Readonly<Record<string, Entry>> = {
    'a redirect that sends a form on': answer('POST /login', 307),
    'one that may send it on': answer('POST /login', 302),
    'one for good': answer('GET /login', 308),
    'a __Host- cookie of another path': setting(SECURE.replace('Path=/', 'Path=/api')),
    'one without Secure': setting(SECURE.replace('; Secure', '')),
    'one that scripts read': setting(SECURE.replace('; HttpOnly', '')),
    'one that other sites send': setting(SECURE.replace('=Lax', '=None')),
    'text without a charset': answer(
      'GET /login',
      200,
      { ...OWN, 'content-type': 'text/html' },
      '<p>',
    ),
    'content without a type': answer('GET /login', 200, OWN, '<p>'),
    'one of a domain': setting(`${SECURE}; Domain=example.com`),
    'a cookie that browsers drop': setting(`a=${'x'.repeat(4096)}; Path=/; Secure`),
    'a cookie that caches keep': setting(SECURE, {}),
    'a failure in words of its own': answer('GET /api/profile', 401, {}, 'no'),
    'a problem of another status': problem(401, { status: 400, code: 'X', requestId: 'r' }),
    'a problem without a code': problem(401, { status: 401, requestId: 'r' }),
    'an OAuth error elsewhere': answer(
      'GET /api/profile',
      400,
      { 'content-type': 'application/json' },
      '{"error":"invalid_request","error_description":"no"}',
    ),
  }
  for (const [what, entry] of Object.entries(faulty)) t.equal(findFaults([entry]).length, 1, what)
})

t.test('the scan of the suite lets every other answer pass', async (t) => {
  const good: Readonly<Record<string, Entry>> = {
    'a redirect after a form': answer('POST /login', 303),
    'a redirect of a page': answer('GET /', 302),
    cookies: setting(SECURE),
    'a problem': problem(401, { status: 401, code: 'X', requestId: 'r' }),
    'an OAuth error': answer(
      'POST /oauth/token?x=1',
      400,
      { 'content-type': 'application/json' },
      '{"error":"invalid_request","error_description":"no"}',
    ),
    'what HEAD gets': answer('HEAD /api/profile', 401, PROBLEM),
    'a log line': { kind: 'log', line: '307' },
  }
  for (const [what, entry] of Object.entries(good)) t.same(findFaults([entry]), [], what)
})
