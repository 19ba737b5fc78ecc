import t from 'tap'
import { commonPasswords } from '../../src/users/blocklist.js'
import { refusePassword } from '../../src/users/password-policy.js'
import { DAY } from '../support/clock.js'
import { newAccount, type Service, startService } from '../support/service.js'

const REGISTER = '/api/auth/register'
const PASSWORD = '/api/auth/password'

/** Sends a body as text: common words are on every page, and the transcript need not guard them. */
const send = (service: Service, path: string, body: object, token = '') =>
  service.call('POST', path, {
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
  })

/** What people add to a common word so that it is long enough. */
const TAILS = ['1234', '12345', '123456', '1234567', '12345678', '2024', '!!!!', '1234!']

t.test('common passwords as new ones (ASVS V6.2.4)', async (t) => {
  const blocklist = await commonPasswords()
  const context = { email: 'ada@example.com', blocklist, serviceNames: [] }
  const isRefused = (password: string, minLength: number) =>
    refusePassword(password, { ...context, minLength }) !== undefined

  t.test('each common password that is long enough is refused', async (t) => {
    for (const [minLength, least] of [
      [8, 17_000],
      [12, 300],
    ] as const) {
      const fitting = [...blocklist].filter((word) => Array.from(word).length >= minLength)
      t.ok(fitting.length >= least, `${fitting.length} have ${minLength} characters`)
      const taken = fitting.filter((word) => !isRefused(word, minLength))
      t.same(taken, [], `with at least ${minLength}`)
    }
  })

  t.test('each common password that is made long enough by a few digits is refused', async (t) => {
    const words = [...blocklist].filter((word) => /^\p{L}/u.test(word) && /\p{L}$/u.test(word))
    const made = words.slice(0, 3000).flatMap((word) => TAILS.map((tail) => word + tail))
    const fitting = made.filter((password) => password.length >= 12)
    t.ok(fitting.length >= 3000, `${fitting.length} have 12 characters`)
    const taken = fitting.filter((password) => !isRefused(password, 12))
    t.same(taken, [])
  })

  t.test('a common password is refused at sign-up and at a change', async (t) => {
    const service = await startService(t, { env: { PASSWORD_MIN_LENGTH: '8' } })
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { email } = newAccount()
    const words = [...blocklist].filter((word) => word.length >= 8)
    for (const word of [...words.slice(0, 20), ...words.slice(-20)]) {
      const problem = { status: 400, body: { code: 'PASSWORD_REFUSED' } }
      t.match(await send(service, REGISTER, { email, password: word }), problem, word)
      const change = { currentPassword: account.password, newPassword: word }
      t.match(await send(service, PASSWORD, change, token), problem, word)
    }
  })

  t.test('a common word in a longer phrase is no common password', async (t) => {
    for (const password of ['password of many words', 'dragon 8391 2938 1029', 'a dragon or two']) {
      t.notOk(isRefused(password, 12), password)
    }
  })
})

t.test('the name of the service is no password (ASVS V6.1.2, V6.2.11)', async (t) => {
  const env = { BRAND_NAME: 'Bakery Ltd.', ISSUER: 'https://login.bakery.example' }
  const service = await startService(t, { env: { ...env, PASSWORD_MIN_LENGTH: '8' } })
  const { email } = newAccount()
  const refused = [
    'bakery 1234',
    '!Bakery2024',
    'Bakery Ltd.',
    'login.bakery.example',
    '1234example',
  ]
  for (const password of refused) {
    const answer = await send(service, REGISTER, { email, password })
    t.match(answer, { status: 400, body: { errors: [{ code: 'COMMON' }] } }, password)
  }
  const phrase = 'a bakery in the old town'
  t.equal((await service.post(REGISTER, { email, password: phrase })).status, 201, phrase)
})

t.test('a password is good for years without a change (ASVS V6.2.10)', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  service.clock.advance(3650 * DAY)
  await service.services.keyRing.maintain()
  t.ok(await service.signIn(account))
})
