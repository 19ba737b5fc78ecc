import t from 'tap'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Account, newAccount, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'

t.test('an initial password that an administrator chose for a user', async (t) => {
  const service = await startService(t)
  const create = async (): Promise<Account> => {
    const { email, password } = newAccount()
    const user = await service.services.users.register({
      email,
      password,
      mustChangePassword: true,
    })
    return { id: user.id, email, password }
  }
  const signIn = (account: Account, fields: object = {}) =>
    service.post(LOGIN, { email: account.email, password: account.password, ...fields })

  t.test('an initial password opens nothing but the choice of a new one', async (t) => {
    const account = await create()
    const { status, body, headers, cookies } = await signIn(account, { useCookies: true })
    t.equal(status, 401)
    t.match(body, { code: 'PASSWORD_CHANGE_REQUIRED', detail: /newPassword/ })
    t.match(headers['www-authenticate'], 'Bearer')
    t.same(cookies, [])
    t.notOk('accessToken' in body)
    t.match(service.events('authn_login_fail').at(-1), {
      ...{ reason: 'password_change_required', userId: account.id },
    })
  })

  t.test('an initial password is told from a wrong one by the right one alone', async (t) => {
    const account = await create()
    const { password } = newAccount()
    for (const fields of [{ password }, { password, newPassword: newAccount().password }]) {
      const refused = await signIn(account, fields)
      t.match(refused, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
    }
    t.equal((await signIn(account)).body.code, 'PASSWORD_CHANGE_REQUIRED', 'nothing has changed')
  })

  t.test('an initial password is replaced at the first sign-in, once', async (t) => {
    const account = await create()
    const newPassword = newAccount().password
    const signedIn = await signIn(account, { newPassword })
    t.match(signedIn, { status: 200, body: { accessToken: String, user: { id: account.id } } })
    t.match(service.events('authn_password_change').at(-1), { userId: account.id })
    const { accessToken: token } = signedIn.body
    t.equal((await service.get('/api/auth/sessions', { token })).status, 200)

    t.match(await signIn(account), { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
    const own = { ...account, password: newPassword }
    t.equal((await signIn(own)).status, 200)
    const again = await signIn(own, { newPassword: newAccount().password })
    t.match(again, { status: 400, body: { code: 'PASSWORD_CHANGE_UNNEEDED' } })
    t.equal((await signIn(own)).status, 200, 'a success that was not asked for changes nothing')
  })

  t.test('an initial password is replaced by one of two who choose at once', async (t) => {
    const account = await create()
    const choices = [newAccount().password, newAccount().password]
    const answers = await Promise.all(
      choices.map((newPassword) => signIn(account, { newPassword })),
    )
    t.same(answers.map(({ status }) => status).sort(), [200, 401])
    const winner = choices[answers.findIndex(({ status }) => status === 200)] as string
    t.equal((await signIn({ ...account, password: winner })).status, 200)
  })

  t.test(
    'an initial password never becomes the one that stays, nor gives way to a weak one',
    async (t) => {
      const account = await create()
      const refusals = {
        [account.password]: 'INITIAL',
        short: 'TOO_SHORT',
        [account.email]: 'CONTAINS_EMAIL',
      }
      for (const [newPassword, code] of Object.entries(refusals)) {
        const { status, body } = await signIn(account, { newPassword })
        t.match(
          { status, body },
          {
            ...{ status: 400 },
            body: { code: 'PASSWORD_REFUSED', errors: [{ field: '/newPassword', code }] },
          },
        )
      }
      t.equal((await signIn(account)).body.code, 'PASSWORD_CHANGE_REQUIRED')
    },
  )

  t.test(
    'an initial password is replaced on the page of sign-in, in either language',
    async (t) => {
      for (const [language, sentence] of [
        ['en', 'This password was chosen for you. Enter it once more'],
        ['de', 'Dieses Passwort wurde für Sie gewählt. Geben Sie es noch einmal ein'],
      ] as const) {
        const { email, password } = await create()
        const headers = { 'accept-language': language }
        const asked = await submit(service, '/login', { email, password }, { headers })
        t.equal(asked.status, 401)
        t.match(complaints(asked).join(), sentence)
        t.match(asked.text, /name="newPassword"/)
        t.notMatch(asked.text, password)
        t.same(jarOf(asked), {})

        const same = { email, password, newPassword: password }
        const refused = await submit(service, '/login', same, { headers })
        t.equal(refused.status, 400)
        t.match(refused.text, /name="newPassword"/, 'the field is still there')
        const done = await submit(
          service,
          '/login',
          { email, password, newPassword: newAccount().password },
          { headers },
        )
        t.match(done, { status: 303, headers: { location: '/dashboard' } })
        t.equal((await service.get('/dashboard', { cookies: jarOf(done) })).status, 200)
      }
      const plain = await service.get('/login')
      t.notMatch(plain.text, 'newPassword')
    },
  )
})
