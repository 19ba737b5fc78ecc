import t, { type Test } from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { Browser } from '../support/browser.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { AuthenticatorApp, loseRecoveryCodes, withTotp } from '../support/factors.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { lastMail, MAIL } from '../support/mail.js'
import { newMember } from '../support/mail-sign-in.js'
import type { SoftPasskey } from '../support/authenticator.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { assertionOf, CREATION, newPasskey, withPasskey } from '../support/passkeys.js'
import type { Account, Answer, Service } from '../support/service.js'
import { startService } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'
import { openSession } from '../support/opened-session.js'

const STEP = '/login/factor'
const FACTORS = '/account/factors'
const STEP_UP = '/step-up'
const HALF = '__Host-latchkey_half'

type Jar = Record<string, string>

/** The first step of a sign-in. @returns the cookies of the browser. */
async function begin(
  service: Service,
  { email, password }: Account,
  fields: Readonly<Record<string, string | string[]>> = {},
  cookies: Jar = {},
): Promise<Jar> {
  const answer = await submit(service, '/login', { email, password, ...fields }, { cookies })
  t.match(answer, { status: 303, headers: { location: STEP } })
  t.notMatch(answer.headers.location, 'ticket', 'the ticket is in no URL')
  return { ...cookies, ...jarOf(answer) }
}

/** The codes that a page shows once. */
function shownCodes({ text }: Answer): string[] {
  const codes = (/<pre [^>]*id="codes"[^>]*>([^<]*)</.exec(text)?.[1] ?? '').trim().split('\n')
  for (const code of codes) recordSecret('factor', code)
  return codes
}

/** The app that was given the secret of a page. */
function appOf(service: Service, { text }: Answer): AuthenticatorApp {
  const [, shown = ''] = /<code id="secret"[^>]*>([^<]*)</.exec(text) ?? []
  recordSecret('factor', shown)
  return new AuthenticatorApp(service, shown.replaceAll(' ', ''))
}

/** What the script of a page says of where it comes from. */
const ownOrigin = ({ config }: Service) => ({ origin: config.issuer })

const hasSession = async (service: Service, cookies: Jar): Promise<boolean> =>
  (await service.get('/dashboard', { cookies })).status === 200

t.test('the second-step page of a sign-in', async (t) => {
  const service = await startService(t)

  t.test(
    'the second-step page takes the code of the app, and ends where the person wanted to be',
    async (t) => {
      const { account, app } = await withTotp(service)
      const cookies = await begin(service, account, { returnTo: '/dashboard/keys' })
      t.notOk(await hasSession(service, cookies), 'half a sign-in opens nothing')
      const page = await service.get(STEP, { cookies })
      t.match(page, { status: 200, text: en['secondStep.title'] })
      t.notMatch(page.text, cookies[HALF])
      const german = await service.get(STEP, { cookies, headers: { 'accept-language': 'de' } })
      t.match(german.text, de['secondStep.title'])

      const wrong = await submit(service, STEP, { totp: app.wrongCode() }, { cookies })
      t.equal(wrong.status, 401)
      t.same(complaints(wrong), [en['field.totp.wrong']], 'beside the field')
      t.match(wrong.text, /<input type="text" [^>]*name="totp"[^>]* aria-invalid="true"/)
      const empty = await submit(service, STEP, {}, { cookies })
      t.equal(empty.status, 400)
      t.same(complaints(empty), [en['field.totp.wrong']])

      const done = await submit(service, STEP, { totp: app.code() }, { cookies })
      t.match(done, { status: 303, headers: { location: '/dashboard/keys' } })
      t.ok(await hasSession(service, jarOf(done)))
      const dropped = done.cookies.find(({ name }) => name === HALF)
      t.equal(dropped?.value, '', 'the half sign-in is gone')
    },
  )

  t.test(
    'the second-step page in a second tab, after the first, finds the person signed in',
    async (t) => {
      const { account, app } = await withTotp(service)
      const cookies = await begin(service, account)
      const first = await submit(service, STEP, { totp: app.code() }, { cookies })
      const jar = { ...jarOf(first) }
      for (const second of [
        await service.get(STEP, { cookies: jar }),
        await submit(service, STEP, { totp: app.nextCode() }, { cookies: jar }),
      ]) {
        t.match(second, { status: 303, headers: { location: '/dashboard' } })
      }
    },
  )

  t.test(
    'the second-step page, too late, leads back to the sign-in page, which says why',
    async (t) => {
      const { account, app } = await withTotp(service)
      const cookies = await begin(service, account, { returnTo: '/dashboard/keys' })
      service.clock.advance(5 * MINUTE + SECOND)
      const back = '/login?error=SIGN_IN_EXPIRED&returnTo=%2Fdashboard%2Fkeys'
      t.equal((await service.get(STEP, { cookies })).headers.location, back)
      const late = await submit(service, STEP, { totp: app.code() }, { cookies })
      t.match(late, { status: 303, headers: { location: back } })
      const none = await service.get(STEP)
      t.equal(none.headers.location, '/login?error=SIGN_IN_EXPIRED')
      t.match((await service.get(back)).text, en['error.SIGN_IN_EXPIRED'])
    },
  )

  t.test(
    'another person who signs in in that browser does not find the second-step page of the first',
    async (t) => {
      const { account } = await withTotp(service)
      const cookies = await begin(service, account)
      const other = await service.signUp()
      const { email, password } = other
      const signedIn = await submit(service, '/login', { email, password }, { cookies })
      t.equal(signedIn.cookies.find(({ name }) => name === HALF)?.value, '')
    },
  )

  t.test(
    'the second-step page takes a recovery code as people spell it; the last two say so',
    async (t) => {
      const { account, recoveryCodes } = await withTotp(service)
      const use = async (code: string) => {
        const cookies = await begin(service, account)
        return submit(service, STEP, { recoveryCode: code }, { cookies })
      }
      const [first = '', ...others] = recoveryCodes
      const done = await use(first.toLowerCase().replaceAll('-', ' '))
      t.match(done, { status: 303, headers: { location: '/dashboard' } })
      const again = await use(first)
      t.equal(again.status, 401)
      t.same(complaints(again), [en['field.recoveryCode.wrong']])
      t.match(again.text, /<details class="other" open/)
      for (const code of others.slice(0, 6)) t.equal((await use(code)).status, 303)
      const few = await use(others[6] as string)
      t.match(few, { status: 200, text: 'You have 2 recovery codes left.' })
      t.ok(await hasSession(service, jarOf(few)))
      const page = await service.get(FACTORS, { cookies: jarOf(few) })
      t.match(page.text, 'You have 2 recovery codes left.')
      t.match(page.text, en['factors.codes.few'])
    },
  )

  t.test(
    'the second-step page does not ask again on a trusted device, until its person ends that',
    async (t) => {
      const { account, app } = await withTotp(service)
      const cookies = await begin(service, account)
      t.match((await service.get(STEP, { cookies })).text, en['secondStep.trust'])
      const form = { totp: app.code(), trustDevice: 'yes' }
      const jar = jarOf(await submit(service, STEP, form, { cookies }))
      const { email, password } = account
      const again = await submit(service, '/login', { email, password }, { cookies: jar })
      t.match(again, { status: 303, headers: { location: '/dashboard' } })
      const signedIn = { ...jar, ...jarOf(again) }
      const page = await service.get(FACTORS, { cookies: signedIn })
      t.match(page.text, en['devices.title'])
      const [, end = ''] =
        /action="(\/account\/factors\/devices\/[^"]+\/end)"/.exec(page.text) ?? []
      const ended = await submit(service, end, {}, { cookies: signedIn })
      t.equal(ended.headers.location, `${FACTORS}?done=DEVICE_ENDED`)
      await begin(service, account, {}, jar)
    },
  )

  t.test('the second-step page offers no trust on a computer that others use', async (t) => {
    const { account } = await withTotp(service)
    const cookies = await begin(service, account, { keepSignedIn: 'no' })
    t.notMatch((await service.get(STEP, { cookies })).text, en['secondStep.trust'])
  })
})

t.test(
  '“Keep me signed in” is ticked on the sign-in page; without it the cookies end with the browser',
  async (t) => {
    const service = await startService(t)
    const { email, password } = await service.signUp()
    const { text } = await service.get('/login')
    t.match(text, /<input type="checkbox" name="keepSignedIn" value="yes" checked/)
    const agesOf = async (keepSignedIn: string | string[] | undefined) => {
      const form = { email, password, ...(keepSignedIn !== undefined && { keepSignedIn }) }
      const { cookies } = await submit(service, '/login', form)
      return cookies.find(({ name }) => name.endsWith('_refresh'))?.maxAge
    }
    t.equal(await agesOf('no'), undefined)
    t.ok(await agesOf(['no', 'yes']))
    t.ok(await agesOf(undefined), 'a form without the box')
    const wrong = await submit(service, '/login', { email, password: 'x', keepSignedIn: 'no' })
    t.notMatch(wrong.text, /value="yes" checked/, 'the box stays as it was')
  },
)

t.test(
  'without “Keep me signed in” the cookies of the enrolment page end with the browser too',
  async (t) => {
    const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
    const { email, password } = await newMember(service)
    const signIn = { email, password, keepSignedIn: 'no' }
    const asked = await submit(service, '/login', signIn)
    t.match(asked, { status: 303, headers: { location: '/login/email?done=ENROLMENT_MAILED' } })
    const { code: mailed } = await lastMail(service, email)
    const mail = { code: mailed }
    const proved = await submit(service, '/login/email/confirm', mail, { cookies: jarOf(asked) })
    const cookies = jarOf(proved)
    await submit(service, '/login/enrolment/totp', {}, { cookies })
    const app = appOf(service, await service.get('/login/enrolment/totp', { cookies }))
    const form = { code: app.code() }
    const entered = await submit(service, '/login/enrolment/totp/confirm', form, { cookies })
    shownCodes(entered)
    const refresh = entered.cookies.find(({ name }) => name.endsWith('_refresh'))
    t.ok(refresh)
    t.equal(refresh?.maxAge, undefined)
  },
)

t.test('the page of a person’s own second factors', async (t) => {
  const service = await startService(t)
  const enter = async ({ email, password }: Account) =>
    jarOf(await submit(service, '/login', { email, password }))

  t.test(
    'the account page offers a new account a second factor, until its person wants none now',
    async (t) => {
      const cookies = await enter(await service.signUp())
      t.match((await service.get('/dashboard', { cookies })).text, en['factors.offer'])
      const later = await submit(service, `${FACTORS}/not-now`, {}, { cookies })
      t.equal(later.headers.location, '/dashboard')
      const jar = { ...cookies, ...jarOf(later) }
      t.notMatch((await service.get('/dashboard', { cookies: jar })).text, en['factors.offer'])
    },
  )

  t.test(
    'the page of second factors sets up an app, shows it again, confirms and removes it',
    async (t) => {
      const account = await service.signUp()
      const [cookies, other] = [await enter(account), await enter(account)]
      t.match((await service.get('/dashboard', { cookies })).text, `href="${FACTORS}"`)
      const empty = await service.get(`${FACTORS}/totp`, { cookies })
      t.equal(empty.headers.location, FACTORS, 'nothing waits to be confirmed')
      const begun = await submit(service, `${FACTORS}/totp`, {}, { cookies })
      t.match(begun, { status: 303, headers: { location: `${FACTORS}/totp` } })
      const page = await service.get(`${FACTORS}/totp`, { cookies })
      t.match(page, { status: 200, text: '<svg' })
      t.ok(Buffer.byteLength(page.text) <= 30_000, 'it is no heavier than other pages')
      const app = appOf(service, page)
      const again = await service.get(`${FACTORS}/totp`, { cookies })
      t.equal(again.text, page.text, 'the page can be loaded again')
      const confirm = `${FACTORS}/totp/confirm`
      const wrong = await submit(service, confirm, { code: app.wrongCode() }, { cookies })
      t.equal(wrong.status, 401)
      t.same(complaints(wrong), [en['field.totp.wrong']])
      t.match(wrong.text, '<svg', 'with the same picture')
      const done = await submit(service, confirm, { code: app.code() }, { cookies })
      t.equal(done.status, 201)
      t.equal(shownCodes(done).length, 10)
      t.match(done.text, `data-path="${FACTORS}"`)
      const list = await service.get(FACTORS, { cookies })
      t.match(list.text, 'You have 10 recovery codes left.')

      // Another session has begun before, with the password alone.
      const remove = `${FACTORS}/totp/remove`
      const held = await submit(service, remove, {}, { cookies: other })
      const asks = `${STEP_UP}?returnTo=${encodeURIComponent(FACTORS)}`
      t.equal(held.headers.location, asks)
      t.match((await service.get(asks, { cookies: other })).text, en['field.totp'])
      const proof = { totp: app.nextCode(), returnTo: FACTORS }
      const proved = await submit(service, STEP_UP, proof, { cookies: other })
      t.equal(proved.headers.location, `${FACTORS}?done=STEPPED_UP`)
      const jar = { ...other, ...jarOf(proved) }
      t.equal(
        (await service.get(asks, { cookies: jar })).headers.location,
        FACTORS,
        'once is enough',
      )
      const removed = await submit(service, remove, {}, { cookies: jar })
      t.equal(removed.headers.location, `${FACTORS}?done=FACTOR_REMOVED`)
      t.ok(await service.signIn(account), 'the password is enough again')
    },
  )

  t.test('the page of second factors replaces the recovery codes', async (t) => {
    const { account, app, recoveryCodes } = await withTotp(service)
    const half = await begin(service, account)
    const cookies = jarOf(await submit(service, STEP, { totp: app.code() }, { cookies: half }))
    const made = await submit(service, `${FACTORS}/recovery-codes`, {}, { cookies })
    t.equal(made.status, 201)
    const [code = ''] = shownCodes(made)
    const use = async (recoveryCode: string) =>
      submit(service, STEP, { recoveryCode }, { cookies: await begin(service, account) })
    t.equal((await use(recoveryCodes[0] as string)).status, 401)
    t.equal((await use(code)).status, 303)
  })
})

t.test('the step-up page', async (t) => {
  const service = await startService(t)

  t.test('the step-up page of an account without a second factor takes the password', async (t) => {
    const { email, password } = await service.signUp()
    const signedIn = jarOf(await submit(service, '/login', { email, password }))
    service.clock.advance(16 * MINUTE)
    const cookies = jarOf(await service.get('/dashboard', { cookies: signedIn }))
    const key = { name: 'export', scopes: 'data:read' }
    const late = await submit(service, '/dashboard/keys', key, { cookies })
    const { location } = late.headers
    t.equal(location, `${STEP_UP}?returnTo=%2Fdashboard%2Fkeys`)
    t.match((await service.get(String(location), { cookies })).text, en['stepUp.title'])
    const returnTo = '/dashboard/keys'
    const wrong = await submit(service, STEP_UP, { password: 'x', returnTo }, { cookies })
    t.equal(wrong.status, 401)
    t.same(complaints(wrong), [en['stepUp.wrongPassword']])
    const right = await submit(service, STEP_UP, { password, returnTo }, { cookies })
    t.equal(right.headers.location, '/dashboard/keys?done=STEPPED_UP')
    const jar = { ...cookies, ...jarOf(right) }
    t.equal((await submit(service, '/dashboard/keys', key, { cookies: jar })).status, 201)
  })

  t.test('the step-up page leads to our own pages alone', async (t) => {
    const { email, password } = await service.signUp()
    const cookies = jarOf(await submit(service, '/login', { email, password }))
    for (const returnTo of ['https://evil.example/', '//evil.example', '/api/auth/sessions']) {
      const path = `${STEP_UP}?${new URLSearchParams({ returnTo }).toString()}`
      t.equal((await service.get(path, { cookies })).headers.location, '/dashboard', returnTo)
    }
    t.match((await service.get(STEP_UP)).headers.location, /^\/login\?/)
  })
})

t.test('the enrolment page, where the policy wants a second factor', async (t) => {
  const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
  const PAGE = '/login/enrolment'

  /** The password, and the code of the mail. */
  const arrive = async (t: Test, { email, password }: Account, returnTo: string) => {
    const asked = await submit(service, '/login', { email, password, returnTo })
    t.match(asked.headers, { location: '/login/email?done=ENROLMENT_MAILED' })
    const cookies = jarOf(asked)
    const mailed = await service.get('/login/email?done=ENROLMENT_MAILED', { cookies })
    t.match(mailed.text, en['done.ENROLMENT_MAILED'])
    const { code } = await lastMail(service, email)
    const proved = await submit(service, '/login/email/confirm', { code }, { cookies })
    t.match(proved, { status: 303, headers: { location: PAGE } })
    return { ...cookies, ...jarOf(proved) }
  }

  t.test(
    'the enrolment page sets up a factor after the code of a mail, and its person is in',
    async (t) => {
      const account = await newMember(service)
      const cookies = await arrive(t, account, '/dashboard/keys')
      t.notOk(await hasSession(service, cookies))
      t.match(await service.get(PAGE, { cookies }), { status: 200, text: en['enrolment.title'] })
      t.equal((await service.get(`${PAGE}/totp`, { cookies })).headers.location, PAGE)
      const begun = await submit(service, `${PAGE}/totp`, {}, { cookies })
      t.equal(begun.headers.location, `${PAGE}/totp`)
      const page = await service.get(`${PAGE}/totp`, { cookies })
      const app = appOf(service, page)
      t.equal((await service.get(`${PAGE}/totp`, { cookies })).text, page.text)
      const confirm = `${PAGE}/totp/confirm`
      const wrong = await submit(service, confirm, { code: app.wrongCode() }, { cookies })
      t.equal(wrong.status, 401)
      t.same(complaints(wrong), [en['field.totp.wrong']])
      const done = await submit(service, confirm, { code: app.code() }, { cookies })
      t.equal(done.status, 201)
      t.equal(shownCodes(done).length, 10)
      t.match(done.text, 'href="/dashboard/keys"', 'and goes on')
      const jar = jarOf(done)
      t.ok(await hasSession(service, jar))
      t.equal((await service.get(PAGE, { cookies: jar })).headers.location, '/dashboard')

      service.clock.advance(MINUTE)
      const second = await begin(service, account)
      const { text } = await service.get(STEP, { cookies: second })
      t.match(text, en['secondStep.trust'], 'for half a day')
    },
  )

  t.test('the enrolment page, too late, begins again', async (t) => {
    const account = await newMember(service)
    const cookies = await arrive(t, account, '/dashboard')
    service.clock.advance(15 * MINUTE + SECOND)
    for (const answer of [
      await service.get(PAGE, { cookies }),
      await submit(service, `${PAGE}/totp`, {}, { cookies }),
    ]) {
      t.match(answer.headers.location, '/login?error=SIGN_IN_EXPIRED')
    }
  })
})

t.test(
  'the page of a user shows administrators their second factors, and trusts no device',
  async (t) => {
    const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'administrators' } })
    const { account, app, recoveryCodes } = await withTotp(service)
    const other = await service.signUp()
    const user = await service.services.users.store.findByEmail(account.email)
    const found = await service.services.users.store.findByEmail(other.email)
    if (!user || !found) throw new Error('there is no such user')
    await service.services.users.store.change(user.id, { role: 'admin' })
    const half = await begin(service, account)
    t.notMatch((await service.get(STEP, { cookies: half })).text, en['secondStep.trust'])
    const cookies = jarOf(await submit(service, STEP, { totp: app.code() }, { cookies: half }))
    const own = await service.get(`/dashboard/users/${user.id}`, { cookies })
    t.match(own.text, 'authenticator app, recovery codes')
    for (const code of recoveryCodes) t.notMatch(own.text, code)
    const theirs = await service.get(`/dashboard/users/${found.id}`, { cookies })
    t.match(theirs.text, `<dt>Second factors</dt><dd>${en['users.factors.none']}</dd>`)
  },
)

t.test('pages with passkeys, whose answers a script puts into forms', async (t) => {
  const service = await startService(t)
  const PASSKEYS = `${FACTORS}/passkeys`

  /** The answer of a browser to the options that the script gets. */
  const made = async (passkey: SoftPasskey, path: string, cookies: Jar) => {
    const options = await service.post(path, undefined, { cookies, headers: ownOrigin(service) })
    t.equal(options.status, 200, path)
    return JSON.stringify(passkey.create(options.body))
  }
  const used = async (passkey: SoftPasskey) => JSON.stringify(await assertionOf(service, passkey))

  t.test(
    'the page of second factors makes, names and removes passkeys, and one signs in',
    async (t) => {
      const { email, password } = await service.signUp()
      const cookies = jarOf(await submit(service, '/login', { email, password }))
      t.match((await service.get('/login')).text, 'autocomplete="username webauthn"')
      const passkey = newPasskey(service)
      const attestation = await made(passkey, CREATION, cookies)
      const added = await submit(service, PASSKEYS, { attestation, name: 'Laptop' }, { cookies })
      t.equal(added.status, 201)
      t.equal(shownCodes(added).length, 10)
      const form = { assertion: await used(passkey), returnTo: '/dashboard/keys' }
      const entered = await submit(service, '/login/passkey', form)
      t.match(entered, { status: 303, headers: { location: '/dashboard/keys' } })
      const jar = jarOf(entered)
      const again = await submit(service, '/login/passkey', form)
      t.equal(again.status, 401, 'its challenge is used up')
      t.same(complaints(again), [en['problem.FACTOR_INVALID']])
      const nothing = await submit(service, '/login/passkey', { assertion: '{' })
      t.equal(nothing.status, 400)
      for (const garbage of ['', '{', '[]', '{"id":1}']) {
        const refused = await submit(service, PASSKEYS, { attestation: garbage }, { cookies: jar })
        t.equal(refused.status, 400, garbage)
        t.same(complaints(refused), [en['passkey.attestation.failed']])
      }

      const { text } = await service.get(FACTORS, { cookies: jar })
      t.match(text, 'Laptop')
      const [, path = ''] =
        /action="(\/account\/factors\/passkeys\/[^"]+)\/rename"/.exec(text) ?? []
      const renamed = await submit(service, `${path}/rename`, { name: 'Desk' }, { cookies: jar })
      t.equal(renamed.headers.location, `${FACTORS}?done=PASSKEY_RENAMED`)
      t.match((await service.get(FACTORS, { cookies: jar })).text, 'Desk')
      const removed = await submit(service, `${path}/remove`, {}, { cookies: jar })
      t.equal(removed.headers.location, `${FACTORS}?done=FACTOR_REMOVED`)
      const gone = await submit(service, `${path}/remove`, {}, { cookies: jar })
      t.same(complaints(gone), [en['problem.FACTOR_NOT_FOUND']])
    },
  )

  t.test('the second-step page and the step-up page take a passkey', async (t) => {
    const { account, passkey } = await withPasskey(service)
    const cookies = await begin(service, account)
    t.match((await service.get(STEP, { cookies })).text, en['passkey.use'])
    const wrong = { assertion: await used(newPasskey(service)) }
    const refused = await submit(service, STEP, wrong, { cookies })
    t.same(complaints(refused), [en['problem.FACTOR_INVALID']])
    const done = await submit(service, STEP, { assertion: await used(passkey) }, { cookies })
    t.match(done, { status: 303, headers: { location: '/dashboard' } })
    service.clock.advance(16 * MINUTE)
    const jar = jarOf(await service.get('/dashboard', { cookies: jarOf(done) }))
    const proof = { assertion: await used(passkey), returnTo: FACTORS }
    const proved = await submit(service, STEP_UP, proof, { cookies: jar })
    t.equal(proved.headers.location, `${FACTORS}?done=STEPPED_UP`)
  })

  t.test(
    'the enrolment page takes a passkey as the first factor of an account that has to have one',
    async (t) => {
      const strict = await startService(t, {
        beside: service,
        env: { ...MAIL, SECOND_FACTOR: 'required' },
      })
      const { email, password } = await newMember(strict)
      const asked = jarOf(await submit(strict, '/login', { email, password }))
      const { code } = await lastMail(strict, email)
      const confirmed = await submit(strict, '/login/email/confirm', { code }, { cookies: asked })
      const cookies = { ...asked, ...jarOf(confirmed) }
      const PAGE = '/login/enrolment/passkeys'
      const headers = ownOrigin(strict)
      const lost = await strict.call('POST', `${PAGE}/options`, { headers })
      t.equal(lost.headers.location, '/login?error=SIGN_IN_EXPIRED', 'the ticket is the browser’s')
      const options = await strict.call('POST', `${PAGE}/options`, { headers, cookies })
      t.equal(options.status, 200)
      const attestation = JSON.stringify(newPasskey(strict).create(options.body))
      const done = await submit(strict, PAGE, { attestation }, { cookies })
      t.equal(done.status, 201)
      t.equal(shownCodes(done).length, 10)
      t.ok(await hasSession(strict, jarOf(done)))
    },
  )
})

t.test('a sign-in at a provider goes on at the second-step page', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const person = newSubject()
  await providers.north.signIn(new Browser(service), person)
  const user = await service.services.users.find(person.email)
  if (!user) throw new Error('there is no such user')
  const { refreshToken } = await openSession(service, user)
  const own = { '__Host-latchkey_refresh': refreshToken }
  const opened = { ...own, ...jarOf(await service.get('/dashboard', { cookies: own })) }
  await submit(service, `${FACTORS}/totp`, {}, { cookies: opened })
  const app = appOf(service, await service.get(`${FACTORS}/totp`, { cookies: opened }))
  const code = app.code()
  const done = await submit(service, `${FACTORS}/totp/confirm`, { code }, { cookies: opened })
  t.equal(shownCodes(done).length, 10)

  const browser = new Browser(service)
  const visit = await providers.north.signIn(browser, person)
  t.equal(visit.headers.get('location'), STEP)
  const cookies = browser.cookies()
  t.notOk(await hasSession(service, cookies))
  const entered = await submit(service, STEP, { totp: app.nextCode() }, { cookies })
  t.match(entered, { status: 303, headers: { location: '/dashboard' } })
  t.ok(await hasSession(service, jarOf(entered)))
})

t.test('pages of a service without passkeys offer none', async (t) => {
  const service = await startService(t, { env: { PASSKEYS: 'off' } })
  const { email, password } = await service.signUp()
  const signIn = await service.get('/login')
  t.notMatch(signIn.text, en['login.passkey'])
  t.notMatch(signIn.text, 'webauthn')
  const cookies = jarOf(await submit(service, '/login', { email, password }))
  t.notMatch((await service.get(FACTORS, { cookies })).text, en['passkeys.add'])
})

t.test('a page says what to do where no second factor can be used', async (t) => {
  const service = await startService(t)
  const off = await startService(t, { env: { PASSKEYS: 'off' }, beside: service })
  const { account } = await withPasskey(service)
  const { email, password } = account
  const cookies = jarOf(await submit(off, '/login', { email, password }))
  t.notMatch((await off.get(STEP, { cookies })).text, en['passkey.use'])
  await loseRecoveryCodes(service, account)
  const { text } = await off.get(STEP, { cookies })
  t.match(text, en['secondStep.none'])
})
