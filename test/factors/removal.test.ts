import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { FACTOR_SIGN_IN, FACTORS, proveFactors, withTotp } from '../support/factors.js'
import { newOwner, setAdminSince } from '../support/keys.js'
import { lastMail, MAIL, mailsTo } from '../support/mail.js'
import { addPasskey, PASSKEYS, signInWith, withPasskey } from '../support/passkeys.js'
import { type Service, startService } from '../support/service.js'
import {
  acts,
  CANCEL,
  credentials,
  hasFactors,
  LOGIN,
  mailOf,
  NEEDS_FACTOR,
  NEEDS_SECOND,
  NOT_FOUND,
  refused,
  start,
  storedOf,
  TOO_NEW,
} from '../support/removal.js'

const WEEK = 7 * DAY
const YEARS_AGO = '2020-01-01T00:00:00.000Z'

t.test(
  'an administrator begins the removal of factors; the first sign-in after 24 hours does it',
  async (t) => {
    const { service, ada, account, begin, confirm, signIn } = await start(t)
    service.clock.advance(MINUTE)
    const begunAt = service.clock()
    const begun = await begin()
    t.match(begun, {
      status: 200,
      body: {
        user: {
          id: account.id,
          factorsRemoval: {
            by: ada.id,
            confirmedBy: null,
            beganAt: new Date(begunAt).toISOString(),
            effectiveAt: new Date(begunAt + DAY).toISOString(),
            isOwnerTold: true,
          },
        },
      },
    })
    t.match(await lastMail(service, account.email), {
      kind: 'factors-removal-begun',
      ticket: { kind: 'factors-removal', userId: account.id },
    })
    service.clock.advance(HOUR)
    const again = await begin()
    t.same(again.body, begun.body, 'beginning again changes nothing')
    t.match(await confirm(ada), NEEDS_SECOND, 'the same administrator twice is not two')
    t.same(acts(service), ['begin_factors_removal'])

    service.clock.advance(DAY - HOUR - 1)
    t.match(await signIn(), NEEDS_FACTOR, 'the last moment before')
    t.ok(await hasFactors(service, account.id))
    service.clock.advance(1)
    const before = await storedOf(service, account.id)
    const done = await signIn()
    t.equal(done.status, 200)
    const after = await storedOf(service, account.id)
    for (const name of [
      'totp',
      'recoveryCodes',
      'factorsRemoval',
      'passkeys',
      'trustedDevices',
    ] as const) {
      t.equal(after?.[name], undefined, name)
    }
    t.equal(after?.epoch, (before?.epoch ?? 0) + 1)
    t.equal(after?.factorsVersion, (before?.factorsVersion ?? 0) + 1)
    t.match(service.events('authn_factors_removed'), [{ userId: account.id }])
    const kinds = (await mailsTo(service, account.email)).map(({ kind }) => kind)
    t.ok(kinds.includes('factors-removed'))
    const { accessToken: token } = done.body
    t.match(await service.get(FACTORS, { token }), {
      status: 200,
      body: { totp: null, passkeys: [], recoveryCodesLeft: 0 },
    })
  },
)

t.test('another administrator confirms the removal of factors at once', async (t) => {
  const { service, bob, account, token, begin, confirm, signIn } = await start(t)
  await begin()
  const half = await signIn()
  t.match(half, NEEDS_FACTOR)
  const confirmed = await confirm(bob)
  t.match(confirmed, { status: 200, body: { user: { factorsRemoval: null } } })
  t.notMatch(confirmed.text, account.email.toUpperCase())
  t.equal((await service.get('/api/auth/sessions', { token })).status, 401, 'sessions end')
  const { ticket } = half.body
  const late = await service.post(FACTOR_SIGN_IN, { ticket, totp: '000000' })
  t.match(late, refused(401, 'FACTOR_INVALID'), 'and half sign-ins')
  t.equal((await signIn()).status, 200)
  t.same(acts(service), ['begin_factors_removal', 'confirm_factors_removal'])
  t.match(service.events('authn_factors_removed'), [{ userId: account.id }])
  t.match(await confirm(bob), refused(404, 'FACTOR_NOT_FOUND'))
})

t.test('the removal of factors takes passkeys too, which can be made again', async (t) => {
  const { service, ada, bob, begin, confirm } = await start(t)
  const { account, passkey } = await withPasskey(service)
  t.equal((await begin(ada, account.id)).status, 200)
  t.equal((await confirm(bob, account.id)).status, 200)
  t.equal((await signInWith(service, passkey)).status, 401)
  const { status, body } = await service.post(LOGIN, credentials(account))
  t.equal(status, 200)
  const { accessToken: token } = body
  t.same((await service.get(PASSKEYS, { token })).body.passkeys, [])
  t.equal((await addPasskey(service, token, passkey)).status, 201, 'nothing keeps its place')
})

t.test('the administrator who began a removal of factors confirms it after 24 hours', async (t) => {
  const { service, ada, account, begin, confirm } = await start(t)
  await begin()
  service.clock.advance(DAY - 1)
  t.match(await confirm(ada), NEEDS_SECOND)
  service.clock.advance(1)
  t.match(await confirm(ada), { status: 200, body: { user: { factorsRemoval: null } } })
  t.notOk(await hasFactors(service, account.id))
})

t.test('the owner takes back the removal of factors by the mail, without a session', async (t) => {
  const { service, ada, bob, account, begin, confirm, signIn } = await start(t)
  await begin()
  const { secret: ticket } = await lastMail(service, account.email)
  t.equal((await service.post(CANCEL, { ticket })).status, 204)
  t.match(service.events('authn_factors_removal_cancelled'), [{ userId: account.id }])
  t.match(await service.post(CANCEL, { ticket }), refused(400, 'TICKET_INVALID'))
  for (const by of [ada, bob]) t.match(await confirm(by), NOT_FOUND)
  service.clock.advance(DAY)
  t.match(await signIn(), NEEDS_FACTOR, 'it never takes effect')
  t.match(await confirm(ada), NOT_FOUND)

  await begin()
  t.match(await service.post(CANCEL, { ticket }), refused(400, 'TICKET_INVALID'), 'each its own')
  service.clock.advance(3 * DAY)
  const { secret } = await lastMail(service, account.email)
  t.equal((await service.post(CANCEL, { ticket: secret })).status, 204, 'while it is under way')
  t.match(await signIn(), NEEDS_FACTOR)
})

t.test('an administrator takes back the removal of factors', async (t) => {
  const { service, bob, account, begin, confirm, takeBack, signIn } = await start(t)
  t.match(await takeBack(bob), NOT_FOUND)
  await begin()
  t.match(await takeBack(bob), { status: 200, body: { user: { factorsRemoval: null } } })
  const { secret: ticket } = await lastMail(service, account.email)
  t.match(await service.post(CANCEL, { ticket }), refused(400, 'TICKET_INVALID'))
  service.clock.advance(DAY)
  t.match(await signIn(), NEEDS_FACTOR)
  t.match(await confirm(bob), NOT_FOUND)
  t.same(acts(service), ['begin_factors_removal', 'take_back_factors_removal'])
})

t.test('a change of factors ends the removal of factors', async (t) => {
  const { service, bob, account, app, begin, confirm, signIn } = await start(t)
  const { body } = await signIn()
  const totp = app.nextCode()
  const completed = await service.post(FACTOR_SIGN_IN, { ticket: body.ticket, totp })
  await begin()
  const { accessToken: token } = completed.body
  const made = await service.post(`${FACTORS}/recovery-codes`, undefined, { token })
  t.equal(made.status, 200)
  t.match(await confirm(bob), NOT_FOUND)
  service.clock.advance(DAY)
  t.match(await signIn(), NEEDS_FACTOR)
  const { secret: ticket } = await mailOf(service, account, 'factors-removal-begun')
  t.match(await service.post(CANCEL, { ticket }), refused(400, 'TICKET_INVALID'))
})

t.test('who has begun a removal of factors is an administrator when it is done', async (t) => {
  const { service, ada, bob, account, begin, confirm, signIn } = await start(t)
  const { store } = service.services.users
  await begin()
  await store.change(ada.id, { role: 'user' })
  t.match(await confirm(bob), NOT_FOUND)
  t.match(await confirm(ada), refused(403, 'FORBIDDEN'))
  service.clock.advance(DAY)
  t.match(await signIn(), NEEDS_FACTOR)
  t.match(await begin(bob), { status: 200, body: { user: { factorsRemoval: { by: bob.id } } } })
  await store.change(ada.id, { role: 'admin', status: 'disabled' })
  await store.change(ada.id, { status: 'active' })
  await setAdminSince(service, ada.id, YEARS_AGO)
  t.equal((await confirm(ada)).status, 200)
  t.notOk(await hasFactors(service, account.id))
})

t.test('the removal of an administrator’s factors takes another one and 24 hours', async (t) => {
  const { service, ada, bob, account, token, ...more } = await start(t)
  const { begin, confirm, takeBack, signIn } = more
  const { store } = service.services.users
  await store.change(account.id, { role: 'admin' })
  await proveFactors(service, token)
  const own = (method: string, path: string) =>
    service.call(method, `/api/admin/users/${account.id}${path}`, { token })
  t.match(await own('POST', '/factors-removal'), refused(409, 'OWN_FACTORS'))
  await begin()
  t.match(await own('POST', '/factors-removal/confirm'), refused(409, 'OWN_FACTORS'))
  t.match(await confirm(bob), {
    status: 200,
    body: { user: { factorsRemoval: { confirmedBy: bob.id } } },
  })
  t.ok(await hasFactors(service, account.id), 'not before the 24 hours')
  t.match(await signIn(), NEEDS_FACTOR)
  service.clock.advance(DAY)
  await store.change(bob.id, { role: 'user' })
  t.match(await signIn(), NEEDS_FACTOR, 'the word of who is no administrator any more')
  t.match(await confirm(ada), NEEDS_SECOND)
  await store.change(bob.id, { role: 'admin' })
  t.match(await signIn(), NEEDS_FACTOR, 'nor of one who has just got the role again')
  await setAdminSince(service, bob.id, YEARS_AGO)
  t.equal((await signIn()).status, 200)
  t.notOk(await hasFactors(service, account.id))
  t.match(await takeBack(ada), refused(404, 'FACTOR_NOT_FOUND'))
})

t.test('24 hours alone do not remove the factors of an administrator', async (t) => {
  const { service, ada, bob, account, begin, confirm, signIn } = await start(t)
  await service.services.users.store.change(account.id, { role: 'admin' })
  await begin()
  service.clock.advance(DAY)
  t.match(await signIn(), NEEDS_FACTOR)
  t.match(await confirm(ada), NEEDS_SECOND)
  t.match(await confirm(bob), { status: 200, body: { user: { factorsRemoval: null } } })
  t.notOk(await hasFactors(service, account.id))
})

t.test(
  'an administrator who confirms a removal of factors does not make the second of two',
  async (t) => {
    const { service, ada, account, ...more } = await start(t)
    const { begin, confirm, takeBack, signIn } = more
    const { store } = service.services.users
    const mallory = await newOwner(service)
    const promoted = await ada.admin('PATCH', `/${mallory.id}`, { role: 'admin' })
    t.equal(promoted.status, 200)

    await begin(ada)
    const early = await confirm(mallory)
    t.match(early, TOO_NEW)
    t.match(early.body.detail, /^The administrator who confirms it must have had the role since /)
    await takeBack(ada)
    t.equal((await begin(mallory)).status, 200, 'they may begin it at an ordinary account')
    const beginner = await confirm(ada)
    t.match(beginner, TOO_NEW, 'and are not the first of two either')
    t.match(beginner.body.detail, /^The administrator who begins it must .*takes effect after /)
    await takeBack(ada)

    await store.change(account.id, { role: 'admin' })
    t.match(await begin(mallory), TOO_NEW)
    await begin(ada)
    t.match(await confirm(mallory), TOO_NEW)
    service.clock.advance(DAY)
    t.match(await confirm(mallory), TOO_NEW)
    t.match(await signIn(), NEEDS_FACTOR)
    t.ok(await hasFactors(service, account.id))

    service.clock.advance(6 * DAY)
    t.match(await confirm(mallory), NOT_FOUND, 'a removal does not live that long')
    await begin(ada)
    t.equal((await confirm(mallory)).status, 200, 'after seven days they count')
    service.clock.advance(DAY)
    t.equal((await signIn()).status, 200)
  },
)

t.test(
  'to confirm a removal of factors, one with an unknown or broken role time gets the role again',
  async (t) => {
    const { service, ada, bob, begin, confirm, takeBack } = await start(t)
    const { store } = service.services.users
    const losses: Readonly<Record<string, () => Promise<unknown>>> = {
      'an earlier version': () => setAdminSince(service, bob.id),
      'disabled and enabled': async () => {
        await store.change(bob.id, { status: 'disabled' })
        await ada.admin('PATCH', `/${bob.id}`, { status: 'active' })
        // The session has ended: Bob signs in again.
        service.clock.advance(10 * MINUTE)
      },
      'another role meanwhile': async () => {
        await ada.admin('PATCH', `/${bob.id}`, { role: 'user' })
        await ada.admin('PATCH', `/${bob.id}`, { role: 'admin' })
      },
    }
    for (const [loss, lose] of Object.entries(losses)) {
      await lose()
      await begin(ada)
      t.match(await confirm(bob), TOO_NEW, loss)
      await takeBack(ada)
      t.equal((await ada.admin('PATCH', `/${bob.id}`, { role: 'admin' })).status, 200)
      service.clock.advance(WEEK - 1)
      await begin(ada)
      t.match(await confirm(bob), TOO_NEW, `${loss}: seven days`)
      await takeBack(ada)
      await ada.admin('PATCH', `/${bob.id}`, { role: 'admin' })
      service.clock.advance(1)
      const { account } = await withTotp(service)
      await begin(ada, account.id)
      t.equal((await confirm(bob, account.id)).status, 200, `${loss}: and no more`)
    }
  },
)

t.test(
  'who was an administrator until lately keeps an administrator’s rules for removing factors',
  async (t) => {
    const { service, ada, bob, account, ...more } = await start(t)
    const { begin, confirm, takeBack, signIn } = more
    const { store } = service.services.users
    const change = (changes: object) => ada.admin('PATCH', `/${account.id}`, changes)
    await store.change(account.id, { role: 'admin' })
    t.match(await change({ role: 'user' }), { body: { user: { isAdminAccount: true } } })
    await begin(ada)
    t.match(await confirm(bob), { body: { user: { factorsRemoval: { confirmedBy: bob.id } } } })
    await takeBack(ada)
    await begin(ada)
    service.clock.advance(DAY)
    t.match(await signIn(), NEEDS_FACTOR)
    t.match(await confirm(ada), NEEDS_SECOND)
    for (const how of ['password-reset', 'verify-address', 'release-address']) {
      t.match(await ada.admin('POST', `/${account.id}/${how}`), refused(403, 'ADMIN_ACCOUNT'), how)
    }
    await change({ role: 'admin' })
    t.match(await signIn(), NEEDS_FACTOR)

    await change({ role: 'user' })
    service.clock.advance(WEEK)
    t.equal((await ada.admin('POST', `/${account.id}/verify-address`)).status, 200)
    await begin(ada)
    service.clock.advance(DAY)
    t.equal((await signIn()).status, 200)
  },
)

t.test('a person who has just shown a factor keeps it through a removal of factors', async (t) => {
  const { service, account, app, begin, signIn } = await start(t)
  await begin()
  service.clock.advance(DAY - MINUTE)
  const { body } = await signIn()
  service.clock.advance(MINUTE)
  const totp = app.nextCode()
  const { status } = await service.post(FACTOR_SIGN_IN, { ticket: body.ticket, totp })
  t.equal(status, 200)
  t.ok(await hasFactors(service, account.id))
})

t.test('what administrators may not do at a removal of factors', async (t) => {
  const { service, ada, account, begin, confirm } = await start(t)
  const other = await service.signUp()
  t.match(await begin(ada, other.id), refused(404, 'FACTOR_NOT_FOUND'))
  t.match(await begin(ada, 'unknown'), refused(404, 'USER_NOT_FOUND'))
  t.match(await confirm(ada), NOT_FOUND)
  const { accessToken } = await service.signIn(other)
  for (const [method, path] of [
    ['POST', 'factors-removal'],
    ['DELETE', 'factors-removal'],
    ['POST', 'factors-removal/confirm'],
    ['POST', 'factors/unlock'],
  ] as const) {
    const url = `/api/admin/users/${account.id}/${path}`
    t.match(await service.call(method, url, { token: accessToken }), refused(403, 'FORBIDDEN'), url)
  }
  const { refreshToken } = await service.signIn(ada.account)
  service.clock.advance(15 * MINUTE)
  const { body } = await service.post('/api/auth/refresh', { refreshToken })
  for (const path of ['factors-removal', 'factors-removal/confirm', 'factors/unlock']) {
    const url = `/api/admin/users/${account.id}/${path}`
    const late = await service.post(url, undefined, { token: body.accessToken })
    t.match(late, refused(401, 'RECENT_SIGN_IN_REQUIRED'), path)
  }
  t.same(acts(service), [], 'what was not done is not recorded')
  t.same(await mailsTo(service, account.email).then((mails) => mails.map(({ kind }) => kind)), [])
})

t.test('the answer to a removal of factors says where the owner can’t be told', async (t) => {
  const { service, bob, account, begin, confirm } = await start(t, {})
  const untold = { status: 200, body: { user: { factorsRemoval: { isOwnerTold: false } } } }
  t.match(await begin(), untold)
  const { body } = await bob.admin('GET', `/${account.id}`)
  t.equal(body.user.factorsRemoval.isOwnerTold, false)
  t.match(await service.post(CANCEL, { ticket: 'x' }), refused(404, 'MAIL_NOT_CONFIGURED'))
  t.equal((await confirm(bob)).status, 200)

  const mailed = await start(t)
  await mailed.bob.admin('POST', `/${mailed.account.id}/release-address`)
  t.match(await mailed.begin(), untold, 'without an address')
})

t.test('after a removal of factors the sign-in enrols as the policy says', async (t) => {
  const { service, account, begin } = await start(t)
  await begin()
  service.clock.advance(DAY)
  const strict = await startService(t, {
    env: { ...MAIL, SECOND_FACTOR: 'required' },
    beside: service,
    clock: service.clock,
  })
  const enrolment = refused(401, 'SECOND_FACTOR_ENROLMENT_REQUIRED')
  const first = await strict.post(LOGIN, credentials(account))
  t.match(first, enrolment)
  t.notOk(await hasFactors(service, account.id))
  const { code } = await mailOf(service, account, 'sign-in')
  const { flow } = first.body
  const second = await strict.post('/api/auth/login/email/confirm', { flow, code })
  t.match(second, enrolment, 'the code of a mail comes first')
  const { ticket } = second.body
  const secret = await strict.post('/api/auth/login/enrolment/totp', { ticket })
  t.equal(secret.status, 200)
})

t.test(
  'an administrator lets second factors be tried again after too many failed one-time passwords',
  async (t) => {
    const { service, ada, account, app, signIn } = await start(t)
    await setFailures(service, account.id, 100)
    const shown = await ada.admin('GET', `/${account.id}`)
    t.equal(shown.body.user.isTotpLocked, true)
    const half = await signIn()
    t.match(half.body.factors, ['recovery-code'])
    const unlocked = await ada.admin('POST', `/${account.id}/factors/unlock`)
    t.match(unlocked, { status: 200, body: { user: { isTotpLocked: false } } })
    t.same(acts(service), ['unlock_factors'])
    const { body } = await signIn()
    const completed = await service.post(FACTOR_SIGN_IN, {
      ticket: body.ticket,
      totp: app.nextCode(),
    })
    t.equal(completed.status, 200)
    const other = await service.signUp()
    const none = await ada.admin('POST', `/${other.id}/factors/unlock`)
    t.match(none, refused(404, 'FACTOR_NOT_FOUND'))
  },
)

async function setFailures({ client, config }: Service, id: string, count: number): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${id}` },
      UpdateExpression: 'SET totp.failures = :count',
      ExpressionAttributeValues: { ':count': count },
    }),
  )
}
