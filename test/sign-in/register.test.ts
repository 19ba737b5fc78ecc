import t from 'tap'
import { type Call, newAccount, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const REGISTER = '/api/auth/register'

t.test('POST /api/auth/register', async (t) => {
  const service = await startService(t)
  const register = (body: object) => service.post(REGISTER, body)

  t.test('register answers 201 with the user and never the password', async (t) => {
    const { email, password } = newAccount()
    const answer = await register({ email, password, name: 'Ada' })
    t.equal(answer.status, 201)
    t.match(answer.body, { user: { id: String, email, role: 'user', name: 'Ada' } })
    t.same(Object.keys(answer.body.user).sort(), ['email', 'id', 'name', 'role'])
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(service.events('user_created').at(-1), { userId: answer.body.user.id })
  })

  t.test('register refuses a taken e-mail, in whatever case, with 409', async (t) => {
    const account = await service.signUp()
    for (const email of [account.email, account.email.toUpperCase()]) {
      const { status, body } = await register({ email, password: newAccount().password })
      t.equal(status, 409)
      t.match(body, { error: 'Email already registered', code: 'EMAIL_TAKEN', status: 409 })
    }
  })

  t.test(
    'register takes any Unicode in a password, and letters of one kind (ASVS V6.2.5, V6.2.8)',
    async (t) => {
      const passwords = [
        'twelve lower',
        '            trimmed by nobody            ',
        '🦀🐍🐪🐘🦫🐳🐧🦊🐻🐼🐨🐯',
        'пароль из многих слов',
        'NUL \0 in the middle of it',
        `${'x'.repeat(64)}${'y'.repeat(64)}`,
      ]
      for (const password of passwords) {
        const account = await service.signUp({ password })
        t.ok(await service.signIn(account), JSON.stringify(password))
        const cut = { ...account, password: `${password.slice(0, -1)}#` }
        t.equal(
          (await service.post('/api/auth/login', pick(cut))).status,
          401,
          'its last letter counts',
        )
      }
    },
  )

  t.test('register normalizes a password to NFC and nothing else', async (t) => {
    const composed = 'cr\u00e8me br\u00fbl\u00e9e forever'
    const account = await service.signUp({ password: composed })
    t.ok(await service.signIn({ ...account, password: composed.normalize('NFD') }))
    const untrimmed = { ...account, password: ` ${composed}` }
    t.equal((await service.post('/api/auth/login', pick(untrimmed))).status, 401)
  })

  t.test('register refuses a password that', async (t) => {
    const email = 'rosalind.franklin@example.com'
    const refused: [string, string, RegExp][] = [
      ['is too short', 'eleven char', /at least 12 characters/],
      [
        'is short in characters, however many bytes',
        '🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀',
        /at least 12 characters/,
      ],
      ['is too long', 'a1 '.repeat(43), /at most 128 characters/],
      ['is common', 'q1w2e3r4t5y6', /most common/],
      ['is common in another case', 'Q1W2e3R4t5Y6', /most common/],
      ['is a repetition', 'adminadminadmin', /over and over/],
      ['contains the e-mail', `my ${email} password`, /e-mail/],
      ['contains the name before the @', 'i am ROSALIND.FRANKLIN ok', /e-mail/],
      ['is not well-formed Unicode', 'a lone surrogate \ud83d here', /valid Unicode/],
    ]
    for (const [why, password, message] of refused) {
      const { status, body } = await register({ email, password })
      t.equal(status, 400, why)
      t.match(body, { code: 'PASSWORD_REFUSED', errors: [{ field: '/password', message }] })
    }
  })

  t.test('register refuses a body that is not the schema, field by field', async (t) => {
    const { email, password } = newAccount()
    const refused: [object, string][] = [
      [{ password }, '/email'],
      [{ email }, '/password'],
      [{ email: [email], password }, '/email'],
      [{ email, password: 123456789012 }, '/password'],
      [{ email: 'not an address', password }, '/email'],
      [{ email: `${'a'.repeat(250)}@example.com`, password }, '/email'],
      [{ email, password, name: '' }, '/name'],
      [{ email, password, name: 'line\nbreak' }, '/name'],
      [{ email, password, role: 'admin' }, '/role'],
    ]
    for (const [sent, field] of refused) {
      const { status, body } = await register(sent)
      t.equal(status, 400, field)
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ field }] })
    }
    t.equal((await register({ email, password })).status, 201, 'none of them took the address')
  })

  t.test(
    'register gives 50 parallel tries with one e-mail one 201, 49 × 409 and one user',
    async (t) => {
      const { email, password } = newAccount()
      const answers = await parallel(50, (index) =>
        service.post(REGISTER, { email, password }, { remoteAddress: `192.0.2.${index}` }),
      )
      t.same(tally(answers.map(({ status }) => status)), { 201: 1, 409: 49 })
      const winner = answers.find(({ status }) => status === 201)
      const { user } = await service.signIn({ id: '', email, password })
      t.equal(user.id, winner?.body.user.id)
    },
  )
})

t.test('the minimum length of passwords at register is configurable', async (t) => {
  const service = await startService(t, { env: { PASSWORD_MIN_LENGTH: '8' } })
  const { email } = newAccount()
  t.equal((await service.post(REGISTER, { email, password: 'sevenus' })).status, 400)
  t.equal((await service.post(REGISTER, { email, password: 'eight us' })).status, 201)
})

t.test('POST /api/auth/password/check says what sign-up would', async (t) => {
  const service = await startService(t)
  const check = async (password: string, email?: string) => {
    const { status, body, headers } = await service.post('/api/auth/password/check', {
      password,
      ...(email !== undefined && { email }),
    })
    t.equal(status, 200)
    t.equal(headers['cache-control'], 'no-store')
    return body
  }
  const { email } = newAccount()
  const local = email.split('@', 1)[0] ?? ''
  const verdicts: [string, string][] = [
    ['elevenchars', 'TOO_SHORT'],
    ['q'.repeat(129), 'TOO_LONG'],
    ['leavemealone', 'COMMON'],
    ['abcabcabcabc', 'REPETITIVE'],
    [`${local} and more`, 'CONTAINS_EMAIL'],
    ['\ud800 is no letter', 'NOT_UNICODE'],
  ]
  for (const [password, refusal] of verdicts) {
    const body = await check(password, email)
    t.match(body, { accepted: false, refusal, strength: Number }, refusal)
    const signUp = await service.post('/api/auth/register', { email, password })
    t.match(signUp, { status: 400, body: { errors: [{ code: refusal, message: body.message }] } })
  }
  t.same(await check('seven herons on quiet ice'), { accepted: true, strength: 4 })
  const easy = await check('dragonmonkeys')
  t.ok(easy.accepted && easy.strength < 2, 'what is accepted may be easy to guess all the same')
  t.equal((await service.post('/api/auth/password/check', { password: '' })).status, 400)
  const [digits, rest] = ['314159265358979323846264', 'zk7Qw2-Lm9x!Rt4']
  t.same(await check(digits + rest), await check(digits), 'the first 24 characters are judged')
  const other: Call = { remoteAddress: '198.51.100.7' }
  for (let asked = 1; asked <= 31; asked++) {
    const body = { password: 'seven herons on quiet ice' }
    const { status } = await service.post('/api/auth/password/check', body, other)
    t.equal(status, asked <= 30 ? 200 : 429)
  }
  t.notMatch(JSON.stringify(service.logs), 'correct horse')
})

function pick({ email, password }: { email: string; password: string }) {
  return { email, password }
}
