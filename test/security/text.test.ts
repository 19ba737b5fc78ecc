import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { newOwner } from '../support/keys.js'
import { type Answer, ISSUER, newAccount, startService } from '../support/service.js'
import { openWire } from '../support/wire.js'

const REGISTER = '/api/auth/register'
const LOGIN = '/api/auth/login'
const FORM = 'application/x-www-form-urlencoded'

/** Bytes that are not UTF-8: Latin-1, a bad start, half a character, overlong, a surrogate, beyond Unicode. */
const WRONG = [
  [0xe4],
  [0xff],
  [0xe2, 0x82],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
]
const escaped = (bytes: readonly number[]): string =>
  bytes.map((byte) => `%${byte.toString(16)}`).join('')

/** A text in which `*` stands for some bytes. */
const bytesOf = (text: string, bytes: readonly number[]): Buffer => {
  const [before = '', after = ''] = text.split('*')
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
}

t.test('an HTTP body that is not UTF-8 is refused (RFC 8259 §8.1)', async (t) => {
  const service = await startService(t)
  const { email } = newAccount()
  const send = (body: unknown, type = 'application/json', path = REGISTER) =>
    service.call('POST', path, { body, headers: { 'content-type': type, origin: ISSUER } })

  t.test('an HTTP body of JSON that is not UTF-8 is refused', async (t) => {
    for (const path of [REGISTER, LOGIN, '/api/auth/password/check']) {
      for (const bytes of WRONG) {
        const body = bytesOf(`{"email":"${email}","password":"schöne gr*e aus kiel"}`, bytes)
        const { status, body: problem } = await send(body, 'application/json', path)
        t.match({ status, problem }, { status: 400, problem: { code: 'MALFORMED_JSON' } })
      }
    }
    t.equal((await service.signIn(await service.signUp())).user.role, 'user', 'nothing was kept')
  })

  t.test('an HTTP body of a page’s form that is not UTF-8 is refused', async (t) => {
    for (const bytes of WRONG) {
      for (const password of [Buffer.from(escaped(bytes)), Buffer.from(bytes)]) {
        const body = Buffer.concat([Buffer.from(`email=${email}&password=long+enough+`), password])
        const { status, headers, text } = await send(body, FORM, '/register')
        t.equal(status, 400)
        t.match(headers['content-type'], /^text\/html/)
        t.notMatch(text, /\ufffd/)
      }
    }
  })

  t.test('an HTTP body of OAuth’s form that is not UTF-8 is refused', async (t) => {
    for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/introspect']) {
      for (const bytes of WRONG) {
        for (const value of [Buffer.from(escaped(bytes)), Buffer.from(bytes)]) {
          const body = Buffer.concat([Buffer.from('grant_type=client_credentials&token=x'), value])
          const answer = await send(body, FORM, path)
          t.match(answer, { status: 400, body: { error: 'invalid_request' } }, path)
        }
      }
    }
  })

  t.test('a percent sign that escapes nothing in an HTTP form stands for itself', async (t) => {
    const { email, password } = newAccount()
    const odd = `${password} 100%, %zz`
    const form = (text: string) => send(text, FORM, '/register')
    const plain = encodeURIComponent(odd).replaceAll('%25', '%')
    t.equal((await form(`email=${email}&password=${plain}`)).status, 303)
    t.ok(await service.signIn({ id: '', email, password: odd }))
  })

  t.test('an HTTP body in a charset other than UTF-8 is 415', async (t) => {
    const { email, password } = newAccount()
    const json = JSON.stringify({ email, password })
    for (const charset of ['iso-8859-1', 'utf-16', '"latin1"', 'utf-8x', 'utf-8;charset=utf-16']) {
      const { status, body } = await send(json, `application/json; charset=${charset}`)
      t.match({ status, body }, { status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } }, charset)
      const form = await send('grant_type=x', `${FORM};charset=${charset}`, '/oauth/token')
      t.match(form, { status: 415, body: { error: 'invalid_request' } }, charset)
      t.equal((await send('email=x', `${FORM};charset=${charset}`, '/login')).status, 415, charset)
    }
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8', '']) {
      const { status } = await send('{}', `application/json; charset=${charset}`)
      t.equal(status, 400, charset)
    }
  })

  t.test('a byte order mark is no part of a JSON body', async (t) => {
    const { email, password } = newAccount()
    t.equal((await send(`\ufeff${JSON.stringify({ email, password })}`)).status, 201)
  })
})

t.test('HTTP credentials that are not UTF-8 are none', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const key = await owner.generate()
  const wire = await openWire(service)
  for (const bytes of WRONG) {
    for (const text of [`*${key.id}:${key.secret}`, `${key.id}:${key.secret}*`, '*']) {
      const basic = bytesOf(text, bytes).toString('base64')
      const headers = { 'content-type': FORM, authorization: `Basic ${basic}` }
      const body = 'grant_type=client_credentials'
      const answer = await service.call('POST', '/oauth/token', { headers, body })
      t.match(answer, { status: 401, body: { error: 'invalid_client' } }, text)
    }
    for (const name of [ACCESS_COOKIE, REFRESH_COOKIE]) {
      for (const value of [escaped(bytes), Buffer.from(bytes).toString('latin1')]) {
        const headers = { cookie: `${name}=${value}`, origin: ISSUER }
        const { status } = await wire('POST', '/api/auth/refresh', { headers })
        t.equal(status, 401, name)
      }
    }
  }
})

t.test('a URL of an HTTP request is ASCII, and what it escapes is UTF-8', async (t) => {
  const service = await startService(t)
  const { accessToken: token } = await service.signIn(await service.signUp())
  const isBad = ({ status, body }: Pick<Answer, 'status' | 'body'>, what: string) =>
    t.match({ status, body }, { status: 400, body: { code: 'BAD_URL' } }, what)
  for (const bytes of WRONG) {
    for (const url of ['/openapi.json?x=*', '/api/auth/sessions/*', '/*', '/api/apikeys?*=1']) {
      isBad(await service.get(url.replace('*', escaped(bytes)), { token }), url)
    }
    t.equal((await service.get(`/login?returnTo=${escaped(bytes)}`)).status, 400, 'of a page')
  }
  const wire = await openWire(service)
  for (const url of ['/login?returnTo=ä', '/ä', '/api/auth/sessions/\xff']) {
    const { status, body } = await wire('GET', Buffer.from(url).toString('latin1'))
    t.match({ status, body }, { status: 400, body: { code: 'BAD_REQUEST' } }, 'by its bytes')
  }
  t.equal((await service.get('/login?returnTo=%C3%A4&x=100%')).status, 200)
})
