import { once } from 'node:events'
import { connect } from 'node:net'
import { duplexPair } from 'node:stream'
import t from 'tap'
import { openConversation } from '../support/conversation.js'
import { foreignPart } from '../support/own-answers.js'
import { startService } from '../support/service.js'
import { listen } from '../support/socket.js'

const HOST = 'Host: auth.example.com\r\n'
const request = (line: string, ...headers: string[]) =>
  `${[line, 'Host: auth.example.com', ...headers].join('\r\n')}\r\n\r\n`
const HEALTH = 'GET /healthz HTTP/1.1'
/** An ordinary request, after which the service closes the connection. */
const LAST = request(HEALTH, 'Connection: close')
/** A sign-in with a body as its headers frame it. */
const posted = (body: string, ...headers: string[]) =>
  request('POST /api/auth/login HTTP/1.1', 'Content-Type: application/json', ...headers) + body

/** What is said, and the statuses of its answers and of an ordinary request behind it on the same connection. */
const SAID: readonly [what: string, said: string, ...statuses: number[]][] = [
  ['an ordinary request', request(HEALTH), 200, 200],
  ['empty lines before it (RFC 9112 §2.2)', `\r\n\r\n${request(HEALTH)}`, 200, 200],
  ['an absolute target', request('GET http://auth.example.com/healthz HTTP/1.1'), 200, 200],
  ['a host of another in it', request('GET http://evil.example/nowhere HTTP/1.1'), 404, 200],
  ['a target that is no URL', request('GET http://[/healthz HTTP/1.1'), 400, 200],
  ['a target of another scheme', request('GET ftp://auth.example.com/x HTTP/1.1'), 404, 200],
  ['an authority for a target', request('GET auth.example.com:80 HTTP/1.1'), 400],
  ['OPTIONS *', request('OPTIONS * HTTP/1.1'), 404, 200],
  ['GET *', request('GET * HTTP/1.1'), 404, 200],
  ['a tunnel', request('CONNECT auth.example.com:443 HTTP/1.1'), 405],
  ['TRACE', request('TRACE / HTTP/1.1'), 405, 200],
  ['no method of HTTP', request('FOO /healthz HTTP/1.1'), 501],
  ['a method in lower case', request('get /healthz HTTP/1.1'), 501],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['an empty Host', 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n', 400],
  ['two Hosts', request(HEALTH, 'Host: evil.example'), 400],
  ['two Hosts that are the same', request(HEALTH, HOST.trim()), 400],
  ['a second Host behind many headers', request(HEALTH, ...manyHeaders(), 'Host: b'), 400],
  ['two hosts in one line', 'GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n', 400],
  ['a Host that is none', 'GET /healthz HTTP/1.1\r\nHost: a/b?@c\r\n\r\n', 400],
  ['an IPv6 Host', 'GET /healthz HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', 200, 200],
  ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
  ['HTTP/1.0 that is kept', request('GET /healthz HTTP/1.0', 'Connection: keep-alive'), 200, 200],
  ['HTTP/0.9', 'GET /healthz\r\n\r\n', 400],
  ['HTTP/1.2', request('GET /healthz HTTP/1.2'), 400],
  ['HTTP/2.0', request('GET /healthz HTTP/2.0'), 400],
  ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
  ['a long path', request(`GET /${'a'.repeat(10_000)} HTTP/1.1`), 404, 200],
  ['a path that is too long', request(`GET /${'a'.repeat(500_000)} HTTP/1.1`), 431],
  ['%00', request('GET /api/%00 HTTP/1.1'), 404, 200],
  ['NUL', request('GET /api/\0 HTTP/1.1'), 400],
  ['Latin-1 in a path', request('GET /caf\xe9 HTTP/1.1'), 400],
  ['tabs in the request line', request('GET\t/healthz\tHTTP/1.1'), 400],
  ['a tab in the path', request('GET /heal\tthz HTTP/1.1'), 400],
  ['a folded header', request(HEALTH, 'X: a\r\n b'), 400],
  ['a header that begins with a space', `${HEALTH}\r\n ${HOST}\r\n`, 400],
  ['a space before the colon', request(HEALTH, 'X : a'), 400],
  ['a header without a name', request(HEALTH, ': a'), 400],
  ['NUL in a header', request(HEALTH, 'X: a\0b'), 400],
  ['a bare LF', request(HEALTH).replaceAll('\r\n', '\n'), 400],
  ['a bare LF after a header', `${HEALTH}\r\nHost: a\nX: b\r\n\r\n`, 400],
  ['a bare CR after a header', `${HEALTH}\r\nHost: a\rX: b\r\n\r\n`, 400],
  [
    'an expectation that is met',
    posted('{}', 'Expect: 100-continue', 'Content-Length: 2'),
    100,
    400,
    200,
  ],
  ['another expectation', request(HEALTH, 'Expect: tea'), 417],
  ['a body of a GET', `${request(HEALTH, 'Content-Length: 3')}abc`, 200, 200],
  ['a body', posted('{}', 'Content-Length: 2'), 400, 200],
  ['two lengths', posted('{}', 'Content-Length: 2', 'Content-Length: 3'), 400],
  ['two lengths that are the same', posted('{}', 'Content-Length: 2', 'Content-Length: 2'), 400],
  ['a list of lengths', posted('{}', 'Content-Length: 2, 2'), 400],
  ['a length below zero', posted('{}', 'Content-Length: -2'), 400],
  ['a length with a sign', posted('{}', 'Content-Length: +2'), 400],
  ['chunks', posted('2\r\n{}\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'), 400, 200],
  [
    'chunks and a length',
    posted('0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    400,
  ],
  ['chunks that are none', posted('zz\r\n', 'Transfer-Encoding: chunked'), 400],
  [
    'chunks in HTTP/1.0',
    posted('0\r\n\r\n', 'Transfer-Encoding: chunked').replace('1.1', '1.0'),
    400,
  ],
  ['a coding that is not known', posted('0\r\n\r\n', 'Transfer-Encoding: xchunked'), 400],
  ['a coding before the chunks', posted('0\r\n\r\n', 'Transfer-Encoding: gzip, chunked'), 400],
  ['another protocol', request(HEALTH, 'Connection: Upgrade', 'Upgrade: websocket'), 200],
  ['HTTP/2 by upgrade', request(HEALTH, 'Connection: Upgrade', 'Upgrade: h2c'), 200],
]

/** More than Node's parser keeps by default. */
function manyHeaders(): string[] {
  return Array.from({ length: 2_100 }, () => 'a:')
}

t.test(
  'RFC 9112: each answer on an HTTP connection is ours, and the connection goes on or ends',
  async (t) => {
    const service = await startService(t)
    const converse = await openConversation(service)
    for (const [what, said, ...statuses] of SAID) {
      const answers = await converse(said + LAST)
      t.same(
        answers.map(({ status }) => status),
        statuses,
        what,
      )
      for (const answer of answers.filter(({ status }) => status !== 100)) {
        t.equal(foreignPart({ method: 'GET', path: '/' }, answer), undefined, what)
      }
      t.equal(answers.at(-1)?.headers.connection, 'close', `${what}: the last one says so`)
    }
    t.same(service.events('unexpected_error'), [])
  },
)

t.test(
  'RFC 9112 §9.3.2: an HTTP answer under way is finished before the next request is refused',
  async (t) => {
    const service = await startService(t)
    const converse = await openConversation(service)
    const ask = request(HEALTH)
    for (const [what, said, refusal] of [
      ['no method of HTTP', request('FOO / HTTP/1.1'), 501],
      ['no request', '\x16\x03\x01\r\n\r\n', 400],
      ['headers that are too large', request('GET / HTTP/1.1', `X: ${'x'.repeat(50_000)}`), 431],
      ['a tunnel', request('CONNECT a:1 HTTP/1.1'), 405],
      ['an expectation', request('GET / HTTP/1.1', 'Expect: tea'), 417],
      ['a body that is no chunks', posted('zz\r\n', 'Transfer-Encoding: chunked'), 400],
    ] as const) {
      for (const before of [1, 3]) {
        const answers = await converse(ask.repeat(before) + said + LAST)
        const statuses = answers.map(({ status }) => status)
        t.same(statuses, [...Array.from({ length: before }, () => 200), refusal], what)
        t.equal(answers.at(-1)?.headers.connection, 'close', what)
      }
    }
    const [answer, ...others] = await converse(LAST + ask)
    t.match({ answer, others }, { answer: { status: 200 }, others: [] }, 'nothing follows a close')
  },
)

t.test(
  'an app of another origin may read why its HTTP request was refused, and no other may',
  async (t) => {
    const [app, other] = ['https://app.example.com', 'https://other.example.com']
    const env = { CORS_ORIGINS: `${app},${other}` }
    const converse = await openConversation(await startService(t, { env }))
    const before = request(HEALTH, `Origin: ${other}`)
    for (const said of [
      request('FOO / HTTP/1.1', `Origin: ${app}`),
      request('GET / HTTP/1.1', `Origin: ${app}`, 'X : a'),
      posted('zz\r\n', `Origin: ${app}`, 'Transfer-Encoding: chunked'),
    ]) {
      for (const answers of [await converse(said), await converse(before + said)]) {
        t.equal(answers.at(-1)?.headers['access-control-allow-origin'], app)
      }
    }
    const [, foreign] = await converse(`${before}FOO / HTTP/1.1\r\n\r\n`)
    t.equal(foreign?.headers['access-control-allow-origin'], undefined)
  },
)

t.test('HTTP requests of a connection that is gone are dropped, and are no errors', async (t) => {
  const service = await startService(t)
  await service.app.ready()
  const body = JSON.stringify({ email: 'someone@example.com', password: 'not the right one' })
  for (const asked of [
    posted(body, `Content-Length: ${body.length}`),
    request('GET /login HTTP/1.1'),
  ]) {
    // Node no longer knows whose it is, as here.
    const [ours, theirs] = duplexPair()
    let received = ''
    ours.on('data', (chunk: Buffer) => (received += chunk.toString()))
    service.app.server.emit('connection', theirs)
    ours.write(asked + asked)
    await Promise.race([once(theirs, 'close'), once(ours, 'data')])
    t.equal(received, '')
  }
  t.same(service.events('unexpected_error'), [])
  t.same(service.events('authn_login_fail'), [], 'nothing was done')
})

t.test('an HTTP client that stops sending still gets its answers', async (t) => {
  const converse = await openConversation(await startService(t))
  for (const [what, said, ...statuses] of [
    ['one request', request(HEALTH), 200],
    ['three', request(HEALTH).repeat(3), 200, 200, 200],
    ['half a body', posted('{', 'Content-Length: 2'), 400],
    ['half a head', 'GET /healthz HTTP/1.1\r\nHost: a', 400],
  ] as const) {
    const answers = await converse(said, { isAll: true })
    t.same(
      answers.map(({ status }) => status),
      statuses,
      what,
    )
  }
})

t.test('an HTTP client that is slow to send a request is refused', async (t) => {
  const service = await startService(t)
  const { server } = service.app
  t.match(server, { requestTimeout: 30_000, headersTimeout: 30_000 })
  Object.assign(server, { requestTimeout: 100, headersTimeout: 100 })
  const converse = await openConversation(service)
  const slow = {
    'half a head': 'GET /healthz HTTP/1.1\r\nHost: a',
    'half a body': posted('{', 'Content-Length: 2'),
  }
  const refused = Object.entries(slow).map(async ([what, said]) => {
    const answers = await converse(said)
    t.match(answers, [{ status: 408, headers: { connection: 'close' } }], what)
    t.match(JSON.parse(answers[0]?.text ?? ''), { code: 'REQUEST_TIMEOUT' }, what)
  })
  await Promise.all(refused)
})

t.test(
  'an HTTP client that is gone before its refusal ends nothing but its connection',
  async (t) => {
    const service = await startService(t)
    const { port } = new URL((await listen(service)).url)
    for (const said of [request('CONNECT a:1 HTTP/1.1'), request('FOO / HTTP/1.1')]) {
      const socket = connect(Number(port), '127.0.0.1')
      await once(socket, 'connect')
      socket.write(request(HEALTH) + said, () => socket.resetAndDestroy())
      await once(socket, 'close')
    }
    t.equal((await service.get('/healthz')).status, 200)
  },
)
