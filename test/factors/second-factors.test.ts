import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import t, { type Test } from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { Browser } from '../support/browser.js'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import { temporaryFolder } from '../support/engine.js'
import {
  AuthenticatorApp,
  CONFIRM_TOTP,
  FACTOR_SIGN_IN,
  RECOVERY_CODES,
  recoveryCodesOf,
  signInWithFactor,
  ticketOf,
  ticketsFor,
  TOTP,
  withTotp,
} from '../support/factors.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM } from '../support/mail-sign-in.js'
import { type Account, type Answer, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const INVALID = { status: 401, body: { code: 'FACTOR_INVALID' } }
const LIMITED = { status: 429, body: { code: 'RATE_LIMITED' } }

const statuses = (answers: readonly Answer[]) => tally(answers.map(({ status }) => status))

t.test('a one-time password is good once', async (t) => {
  const service = await startService(t)

  t.test('of sign-ins at once with a one-time password one gets in', async (t) => {
    const { account, app } = await withTotp(service)
    const tickets = await ticketsFor(service, account, 5)
    const totp = app.code()
    const answers = await Promise.all(
      tickets.map((ticket) => service.post(FACTOR_SIGN_IN, { ticket, totp })),
    )
    t.equal(statuses(answers)[200], 1)
  })

  t.test('a used one-time password stays refused for as long as it would be right', async (t) => {
    const { account, app } = await withTotp(service)
    const totp = app.code()
    t.equal((await signInWithFactor(service, account, { totp })).status, 200)
    for (let waited = 0; waited < 90; waited += 15) {
      t.match(await signInWithFactor(service, account, { totp }), INVALID)
      service.clock.advance(15 * SECOND)
    }
  })

  t.test('one-time passwords before a used one are refused', async (t) => {
    const { account, app } = await withTotp(service)
    const [before, next] = [app.code(), app.code(1)]
    t.equal((await signInWithFactor(service, account, { totp: next })).status, 200)
    t.match(await signInWithFactor(service, account, { totp: before }), INVALID)
    t.equal((await signInWithFactor(service, account, { totp: app.nextCode() })).status, 401)
    t.equal((await signInWithFactor(service, account, { totp: app.nextCode() })).status, 200)
  })

  t.test('a one-time password that has confirmed the app is used up', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { body } = await service.post(TOTP, undefined, { token })
    const app = new AuthenticatorApp(service, body.secret as string)
    const code = app.code()
    recoveryCodesOf(await service.post(CONFIRM_TOTP, { code }, { token }))
    t.match(await signInWithFactor(service, account, { totp: code }), INVALID)
  })
})

t.test('a recovery code as second factor', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test('a recovery code is good once, however it is typed', async (t) => {
    const { account, recoveryCodes } = await withTotp(service)
    await proveAddress(service, account.id)
    const [first = '', second = '', third = ''] = recoveryCodes
    const typed = [
      first.toLowerCase(),
      ` ${second.replaceAll('-', ' ')} `,
      third.replaceAll('-', '').replaceAll('0', 'o').replaceAll('1', 'l'),
    ]
    for (const [index, recoveryCode] of typed.entries()) {
      const answer = await signInWithFactor(service, account, { recoveryCode })
      t.match(answer, { status: 200, body: { recoveryCodesLeft: 9 - index } })
      t.match(await signInWithFactor(service, account, { recoveryCode }), INVALID, 'no second time')
    }
    const mails = await mailsTo(service, account.email)
    const told = mails.filter(({ kind }) => kind === 'recovery-code-used')
    const left = new Set(told.map(({ facts }) => facts?.codesLeft))
    t.same(left, new Set([9, 8, 7]))
  })

  t.test('a recovery code lets in one of sign-ins at once', async (t) => {
    const { account, recoveryCodes } = await withTotp(service)
    const tickets = await ticketsFor(service, account, 5)
    const [recoveryCode] = recoveryCodes
    const answers = await Promise.all(
      tickets.map((ticket) => service.post(FACTOR_SIGN_IN, { ticket, recoveryCode })),
    )
    t.equal(statuses(answers)[200], 1)
  })

  t.test('a recovery code opens no other account', async (t) => {
    const [ada, bob] = [await withTotp(service), await withTotp(service)]
    for (const recoveryCode of [ada.recoveryCodes[0] ?? '', 'no code at all', '0'.repeat(24)]) {
      t.match(await signInWithFactor(service, bob.account, { recoveryCode }), INVALID)
    }
  })

  t.test('a recovery code stops as soon as there are new ones', async (t) => {
    const { account, app, recoveryCodes } = await withTotp(service)
    const { body } = await signInWithFactor(service, account, { totp: app.code() })
    const token = body.accessToken as string
    const next = recoveryCodesOf(await service.post(RECOVERY_CODES, undefined, { token }))
    for (const recoveryCode of recoveryCodes.slice(0, 3)) {
      t.match(await signInWithFactor(service, account, { recoveryCode }), INVALID)
    }
    for (const [used, recoveryCode] of next.entries()) {
      const answer = await signInWithFactor(service, account, { recoveryCode })
      t.match(answer, { status: 200, body: { recoveryCodesLeft: 9 - used } })
    }
    const { body: last } = await service.post('/api/auth/login', {
      email: account.email,
      password: account.password,
    })
    t.same(last.factors, ['totp'], 'and when all are used, the app is left')
  })

  t.test(
    'a recovery code lets its person remove the authenticator app and make new codes',
    async (t) => {
      const { account, recoveryCodes } = await withTotp(service)
      const [recoveryCode = ''] = recoveryCodes
      const { body } = await signInWithFactor(service, account, { recoveryCode })
      const token = body.accessToken as string
      t.equal((await service.post(RECOVERY_CODES, undefined, { token })).status, 200)
      t.equal((await service.delete(TOTP, { token })).status, 204)
      t.ok((await service.signIn(account)).accessToken)
    },
  )
})

t.test('wrong second factors', async (t) => {
  const service = await startService(t, { env: MAIL })
  const guess = async (account: Account, app: AuthenticatorApp, count: number, from = 0) => {
    const ticket = await ticketOf(service, account)
    const answers: Answer[] = []
    for (let index = from; index < from + count; index++) {
      const totp = app.wrongCode(index)
      answers.push(await service.post(FACTOR_SIGN_IN, { ticket, totp }))
    }
    return statuses(answers)
  }

  t.test(
    'wrong second factors are ten in a quarter of an hour, of all kinds, tickets and doors',
    async (t) => {
      const { account, app, recoveryCodes } = await withTotp(service)
      t.same(await guess(account, app, 5), { 401: 5 })
      for (let index = 0; index < 5; index++) {
        const recoveryCode = `${'0'.repeat(23)}${index}`
        t.match(await signInWithFactor(service, account, { recoveryCode }), INVALID)
      }
      for (const proof of [{ totp: app.code() }, { recoveryCode: '0'.repeat(24) }]) {
        const answer = await signInWithFactor(service, account, proof)
        t.match(answer, LIMITED)
        t.ok(Number(answer.headers['retry-after']) > 0)
      }
      const recoveryCode = recoveryCodes[0] ?? ''
      const owner = await signInWithFactor(service, account, { recoveryCode })
      t.equal(owner.status, 200, 'no one shuts the owner out by wrong ones')
      t.match(await signInWithFactor(service, account, { recoveryCode }), LIMITED, 'it is used up')
      service.clock.advance(15 * MINUTE)
      t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
    },
  )

  t.test('wrong second factors are 30 in a day', async (t) => {
    service.clock.advance(DAY)
    const { account, app } = await withTotp(service)
    for (let window = 0; window < 3; window++) {
      t.same(await guess(account, app, 11), { 401: 10, 429: 1 })
      service.clock.advance(15 * MINUTE)
    }
    t.same(await guess(account, app, 1), { 429: 1 })
    service.clock.advance(DAY)
    t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
  })

  t.test('second factors do not count as wrong where they were right', async (t) => {
    service.clock.advance(DAY)
    const { account, app } = await withTotp(service)
    t.same(await guess(account, app, 9), { 401: 9 })
    for (let count = 0; count < 3; count++) {
      t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
      service.clock.advance(30 * SECOND)
    }
    t.same(await guess(account, app, 2, 9), { 401: 1, 429: 1 })
  })

  t.test('wrong second factors are told to the owner at the fifth', async (t) => {
    service.clock.advance(DAY)
    const { account, app } = await withTotp(service)
    await proveAddress(service, account.id)
    const notices = async () =>
      (await mailsTo(service, account.email)).filter(({ kind }) => kind === 'factor-guessed').length
    await guess(account, app, 4)
    t.equal(await notices(), 0)
    await guess(account, app, 4, 4)
    t.equal(await notices(), 1)
    t.ok(service.events('authn_factor_fail').some(({ userId }) => userId === account.id))
  })
})

t.test('only a second factor that was compared counts as wrong', async (t) => {
  const service = await startService(t)
  const { users, dataKeys } = service.services
  const { account, app } = await withTotp(service)
  const failures = async () => (await users.store.findById(account.id))?.totp?.failures
  const totp = app.wrongCode()
  const open = dataKeys.byId.bind(dataKeys)
  dataKeys.byId = () => Promise.reject(new Error('the keys are out of reach'))
  const ticket = await ticketOf(service, account)
  for (let count = 0; count < 12; count++) {
    const { status } = await service.post(FACTOR_SIGN_IN, { ticket, totp })
    t.ok(status >= 500, `an outage of the keys is no wrong code: ${status}`)
  }
  t.equal(await failures(), 0)
  dataKeys.byId = open

  const answers = await parallel(15, () => service.post(FACTOR_SIGN_IN, { ticket, totp }))
  t.same(statuses(answers), { 401: 10, 429: 5 })
  t.equal(await failures(), 10, 'and each that was compared counts, however many at once')
})

t.test('a sign-in with a second factor teaches the account its address', async (t) => {
  const service = await startService(t, { env: MAIL })
  const account = await service.signUp()
  await proveAddress(service, account.id)
  const { app } = await withTotp(service, account)
  const from = { remoteAddress: '203.0.113.77' }
  for (let count = 0; count < 3; count++) {
    t.equal((await signInWithFactor(service, account, { totp: app.nextCode() }, from)).status, 200)
  }
  const mails = await mailsTo(service, account.email)
  t.equal(mails.filter(({ kind }) => kind === 'new-device').length, 1, 'told of once')
})

t.test('a mail and a provider open no account that has a second factor', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const browser = new Browser(service)
  const person = newSubject()
  await providers.north.signIn(browser, person)
  const call = fromOwnPage(browser)
  const { body } = await service.post(TOTP, undefined, call)
  const code = new AuthenticatorApp(service, body.secret as string).code()
  recoveryCodesOf(await service.post(CONFIRM_TOTP, { code }, call))

  const other = new Browser(service)
  const visit = await providers.north.signIn(other, person)
  t.not(visit.headers.get('location'), '/dashboard')
  t.notOk(other.cookies()[ACCESS_COOKIE])
  t.notOk(other.cookies()[REFRESH_COOKIE])

  const answer = await service.post(CONFIRM, byCode(await askToSignIn(service, person.email)))
  t.match(answer, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
  t.notOk(answer.body.accessToken)
})

t.test('what a provider says of factors proves no second factor here', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north'], MAIL)
  const strict = await startService(t, {
    beside: service,
    env: { ...env, SECOND_FACTOR: 'required' },
  })
  const claims = { amr: ['pwd', 'otp', 'hwk', 'mfa'], acr: 'urn:latchkey:2' }
  const person = { ...newSubject(), claims }
  const first = new Browser(service)
  await providers.north.signIn(first, person)
  const { amr, acr } = decodeJwt(first.cookies()[ACCESS_COOKIE] ?? '')
  t.same([amr, acr], [['fed'], 'urn:latchkey:1'])

  const forced = new Browser(strict)
  await providers.north.signIn(forced, person)
  t.notOk(forced.cookies()[ACCESS_COOKIE], 'where the policy wants a factor')

  const call = fromOwnPage(first)
  const { body } = await service.post(TOTP, undefined, call)
  const code = new AuthenticatorApp(service, body.secret as string).code()
  recoveryCodesOf(await service.post(CONFIRM_TOTP, { code }, call))
  const held = new Browser(service)
  await providers.north.signIn(held, person)
  t.notOk(held.cookies()[ACCESS_COOKIE], 'where the account has one')
})

t.test('programs of others read the QR code and make the same one-time passwords', async (t) => {
  const service = await startService(t, { env: { BRAND_NAME: 'Köln & Söhne' } })
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const { secret, uri, qr } = (await service.post(TOTP, undefined, { token })).body as Enrolment
  const app = new AuthenticatorApp(service, secret)

  t.test('zbarimg reads the URI of an authenticator app’s QR code', async (t) => {
    const image = join(temporaryFolder(), 'qr.pgm')
    writeFileSync(image, pgmOf(qr))
    const read = await run(t, 'zbarimg', ['--quiet', '--raw', image])
    if (read !== undefined) t.equal(read.trim(), uri)
  })

  t.test('oathtool makes the one-time password of the secret', async (t) => {
    const at = new Date(service.clock()).toISOString()
    const made = await run(t, 'oathtool', ['--totp', '--base32', '--now', at, secret])
    if (made === undefined) return
    const code = made.trim()
    t.equal(code, app.code())
    const confirmed = await service.post(CONFIRM_TOTP, { code }, { token })
    t.equal(confirmed.status, 200)
    recoveryCodesOf(confirmed)
    service.clock.advance(30 * SECOND)
    const next = new Date(service.clock()).toISOString()
    const totp = (await run(t, 'oathtool', ['--totp', '--base32', '--now', next, secret]))?.trim()
    const tickets = await ticketsFor(service, account, 2)
    for (const [index, expected] of [200, 401].entries()) {
      const answer = await service.post(FACTOR_SIGN_IN, { ticket: tickets[index], totp })
      t.equal(answer.status, expected, 'once')
    }
  })
})

interface Enrolment {
  readonly secret: string
  readonly uri: string
  readonly qr: string
}

/** @returns what a program of the machine says; undefined where it is not there, which the test says. */
async function run(t: Test, program: string, args: string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(program, args)).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    t.pass(`skipped by name: ${program} is not installed`)
    return undefined
  }
}

/** The image as grey pixels, four for the side of a module. */
function pgmOf(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    dark[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  }
  const rows = dark.flatMap((row) => {
    const line = row.flatMap((isDark) => new Array<number>(4).fill(isDark ? 0 : 255)).join(' ')
    return [line, line, line, line]
  })
  return `P2\n${size * 4} ${size * 4}\n255\n${rows.join('\n')}\n`
}
