import t from 'tap'
import { MINUTE, SECOND } from '../support/clock.js'
import {
  AuthenticatorApp,
  CONFIRM_TOTP,
  FACTORS,
  proveFactors,
  RECOVERY_CODES,
  recoveryCodesOf,
  TOTP,
  withTotp,
} from '../support/factors.js'
import { lastMail, MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const CODE = /^[0-9A-HJKMNP-TV-Z-]{29}$/

/** The token of a new account that can get mail. */
async function newMember(service: Service) {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  const { accessToken: token } = await service.signIn(account)
  return { account, token }
}

const factorsOf = async (service: Service, token: string) =>
  (await service.get(FACTORS, { token })).body

t.test('an authenticator app as second factor', async (t) => {
  const service = await startService(t, { env: { ...MAIL, BRAND_NAME: 'Acme' } })

  t.test('an authenticator app is added by a code that it shows for a new secret', async (t) => {
    const { account, token } = await newMember(service)
    const none = { totp: null, passkeys: [], recoveryCodesLeft: 0 }
    t.same(await factorsOf(service, token), none)

    const begun = await service.post(TOTP, undefined, { token })
    t.equal(begun.status, 200)
    t.equal(begun.headers['cache-control'], 'no-store')
    const { secret, uri, qr } = begun.body as Record<string, string>
    t.match(secret, /^[A-Z2-7]{32}$/, '160 bits')
    const parsed = new URL(uri ?? '')
    t.equal(decodeURIComponent(parsed.pathname), `/Acme:${account.email}`)
    t.equal(parsed.searchParams.get('secret'), secret)
    t.equal(parsed.searchParams.get('issuer'), 'Acme')
    t.match(qr, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*>.*<\/svg>$/)
    t.notMatch(qr, /<script|<style|style=|href|url\(/, 'it runs and loads nothing')
    t.same(await factorsOf(service, token), none, 'it counts once it is confirmed')
    const app = new AuthenticatorApp(service, secret ?? '')
    const wrong = await service.post(CONFIRM_TOTP, { code: app.wrongCode() }, { token })
    t.match(wrong, { status: 401, body: { code: 'FACTOR_INVALID' } })
    const confirmed = await service.post(CONFIRM_TOTP, { code: app.code() }, { token })
    t.equal(confirmed.status, 200)
    const codes = recoveryCodesOf(confirmed)
    t.equal(new Set(codes).size, 10)
    for (const code of codes) {
      t.match(code, CODE, 'letters and digits that people do not mix up')
      t.same(
        code.split('-').map(({ length }) => length),
        [4, 4, 4, 4, 4, 4],
      )
    }
    const addedAt = new Date(service.clock()).toISOString()
    t.same(await factorsOf(service, token), {
      totp: { addedAt },
      passkeys: [],
      recoveryCodesLeft: 10,
    })
    t.match(await lastMail(service, account.email), {
      kind: 'factor-added',
      facts: { factor: 'totp' },
    })
    t.match(service.events('authn_factor_added'), [{ userId: account.id, factor: 'totp' }])
  })

  t.test('an authenticator app is asked for by each sign-in from then on', async (t) => {
    const { account } = await withTotp(service)
    const { email, password } = account
    const answer = await service.post('/api/auth/login', { email, password })
    t.match(answer, {
      status: 401,
      body: { code: 'SECOND_FACTOR_REQUIRED', factors: ['totp', 'recovery-code'] },
    })
  })

  t.test(
    'an authenticator app has ten minutes to be confirmed, and the last secret counts',
    async (t) => {
      const { token } = await newMember(service)
      const none = await service.post(CONFIRM_TOTP, { code: '000000' }, { token })
      t.match(none, { status: 404, body: { code: 'FACTOR_NOT_FOUND' } })
      const begin = async () => {
        const { body } = await service.post(TOTP, undefined, { token })
        return new AuthenticatorApp(service, body.secret as string)
      }
      const confirm = async ({ code }: { code: string }) =>
        (await service.post(CONFIRM_TOTP, { code }, { token })).status
      const first = await begin()
      const second = await begin()
      t.equal(await confirm({ code: first.code() }), 401)
      service.clock.advance(10 * MINUTE)
      t.equal(await confirm({ code: second.code() }), 404)
      const third = await begin()
      t.equal(await confirm({ code: third.code() }), 200)
    },
  )

  t.test(
    'an authenticator app is confirmed where it was asked for, and nowhere else',
    async (t) => {
      const { account, token } = await newMember(service)
      const { accessToken: elsewhere } = await service.signIn(account)
      const { body } = await service.post(TOTP, undefined, { token: elsewhere })
      const planted = new AuthenticatorApp(service, body.secret as string).code()
      t.match(await service.post(CONFIRM_TOTP, { code: planted }, { token }), {
        status: 404,
        body: { code: 'FACTOR_NOT_FOUND' },
      })
      t.match(await factorsOf(service, token), { totp: null })
      const own = await service.post(TOTP, undefined, { token })
      const code = new AuthenticatorApp(service, own.body.secret as string).code()
      t.equal((await service.post(CONFIRM_TOTP, { code }, { token: elsewhere })).status, 404)
      t.equal((await service.post(CONFIRM_TOTP, { code }, { token })).status, 200)
    },
  )

  t.test('a second authenticator app is refused', async (t) => {
    const { token } = await withTotp(service)
    await proveFactors(service, token)
    const exists = { status: 409, body: { code: 'FACTOR_EXISTS' } }
    t.match(await service.post(TOTP, undefined, { token }), exists)
    t.match(await service.post(CONFIRM_TOTP, { code: '000000' }, { token }), exists)
  })

  t.test('an authenticator app is added once by many requests', async (t) => {
    const { account, token } = await newMember(service)
    const { body } = await service.post(TOTP, undefined, { token })
    const code = new AuthenticatorApp(service, body.secret as string).code()
    const answers = await parallel(50, () => service.post(CONFIRM_TOTP, { code }, { token }))
    const { 200: added, 401: late = 0, 409: taken = 0 } = tally(answers.map(({ status }) => status))
    t.equal(added, 1)
    t.equal(late + taken, 49, 'late ones find a session that has to prove the new factor')
    t.equal((await mailsTo(service, account.email)).length, 1)
  })

  t.test('an authenticator app is removed, and the recovery codes with it', async (t) => {
    const { account, token } = await withTotp(service)
    await proveAddress(service, account.id)
    await proveFactors(service, token)
    service.clock.advance(SECOND)
    t.equal((await service.delete(TOTP, { token })).status, 204)
    const { totp, recoveryCodesLeft } = await factorsOf(service, token)
    t.same({ totp, recoveryCodesLeft }, { totp: null, recoveryCodesLeft: 0 })
    t.match(await lastMail(service, account.email), { kind: 'factor-removed' })
    t.match(service.events('authn_factor_removed').at(-1), { userId: account.id, factor: 'totp' })
    t.ok((await service.signIn(account)).accessToken, 'the password opens the account again')
    const gone = await service.delete(TOTP, { token })
    t.match(gone, { status: 404, body: { code: 'FACTOR_NOT_FOUND' } })
  })
})

t.test('new recovery codes take the place of the old ones at once', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { account, token, recoveryCodes } = await withTotp(service)
  await proveAddress(service, account.id)
  await proveFactors(service, token)
  const answer = await service.post(RECOVERY_CODES, undefined, { token })
  t.equal(answer.status, 200)
  const codes = recoveryCodesOf(answer)
  t.equal(new Set([...codes, ...recoveryCodes]).size, 20)
  t.match(await lastMail(service, account.email), { kind: 'recovery-codes-replaced' })
  t.match(service.events('authn_recovery_codes_replaced'), [{ userId: account.id }])

  const other = await newMember(service)
  const none = await service.post(RECOVERY_CODES, undefined, { token: other.token })
  t.match(none, { status: 404, body: { code: 'FACTOR_NOT_FOUND' } }, 'without a factor, none')
})

t.test('second factors are changed by a recent sign-in that has proved one', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  // It began before the account had a factor.
  const { accessToken: token } = await service.signIn(account)
  const adding = await withTotp(service, account)
  const changes: [string, string, object?][] = [
    ['POST', TOTP],
    ['POST', CONFIRM_TOTP, { code: '000000' }],
    ['DELETE', TOTP],
    ['POST', RECOVERY_CODES],
  ]
  const refused = { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } }
  for (const [method, url, body] of changes) {
    const answer = await service.call(method, url, { token, ...(body && { body }) })
    t.match(answer, refused, `${method} ${url} with one factor`)
    t.match(answer.headers['www-authenticate'], 'acr_values="urn:latchkey:2", max_age="900"')
  }
  const added = await service.post(RECOVERY_CODES, undefined, { token: adding.token })
  t.equal(added.status, 200, 'the session that added it has proved it')
  await proveFactors(service, token)
  service.clock.advance(14 * MINUTE)
  t.equal((await service.post(RECOVERY_CODES, undefined, { token })).status, 200)
  service.clock.advance(1 * MINUTE)
  const answer = await service.get(FACTORS, { token })
  t.match(answer, { status: 401, body: { code: 'TOKEN_EXPIRED' } })
})

t.test('the last second factor stays where the service wants one', async (t) => {
  const lax = await startService(t, { env: MAIL })
  const { account, token } = await withTotp(lax)
  await proveFactors(lax, token)
  for (const SECOND_FACTOR of ['required', 'administrators']) {
    const strict = await startService(t, { beside: lax, env: { ...MAIL, SECOND_FACTOR } })
    const { status, body } = await strict.delete(TOTP, { token })
    if (SECOND_FACTOR === 'required')
      t.match({ status, body }, { status: 409, body: { code: 'LAST_FACTOR' } })
    else t.equal(status, 204, 'others than administrators may remove it')
  }
  t.ok((await lax.signIn(account)).accessToken)
})
