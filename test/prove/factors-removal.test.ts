import t from 'tap'
import { DAY, MINUTE } from '../support/clock.js'
import { type Owner, setAdminSince } from '../support/keys.js'
import { lastMail, MAIL, mailsTo } from '../support/mail.js'
import { startProxy } from '../support/proxy.js'
import { type Answer } from '../support/service.js'
import { parallel } from '../support/tally.js'
import {
  CANCEL,
  hasFactors,
  isRemoval,
  loseFactors,
  mailOf,
  NEEDS_FACTOR,
  NOT_FOUND,
  refused,
  start,
  storedOf,
} from '../support/removal.js'

t.test('no ticket of another kind takes it back', async (t) => {
  const { service, account, begin } = await start(t)
  await begin()
  service.clock.advance(MINUTE)
  await service.post('/api/auth/password/forgot', { email: account.email })
  const { secret: ticket, kind } = await lastMail(service, account.email)
  t.equal(kind, 'password-reset')
  t.match(await service.post(CANCEL, { ticket }), refused(400, 'TICKET_INVALID'))
  t.match(await service.post(CANCEL, { ticket: 'x' }), refused(400, 'TICKET_INVALID'))
  t.ok((await storedOf(service, account.id))?.factorsRemoval)
})

t.test('it lapses after seven days', async (t) => {
  const { service, bob, account, begin, confirm, signIn } = await start(t)
  await begin()
  service.clock.advance(7 * DAY)
  t.match(await confirm(bob), NOT_FOUND)
  t.match(await signIn(), NEEDS_FACTOR)
  const { body } = await bob.admin('GET', `/${account.id}`)
  t.equal(body.user.factorsRemoval, null)
  t.match(await begin(), { status: 200, body: { user: { factorsRemoval: { isOwnerTold: true } } } })
})

t.test('who becomes an administrator meanwhile has their rules', async (t) => {
  const proxy = await startProxy(t)
  const given = await start(t, { env: MAIL, endpoint: proxy.endpoint })
  const { service, bob, account, begin, confirm } = given
  await begin()
  await bob.admin('GET', `/${account.id}`)
  let isPromoted = false
  proxy.decide(async (call) => {
    if (!isPromoted && isRemoval(call)) {
      isPromoted = true
      await service.services.users.store.change(account.id, { role: 'admin' })
    }
    return 'pass' as const
  })
  t.match(await confirm(bob), {
    status: 200,
    body: { user: { role: 'admin', factorsRemoval: { confirmedBy: bob.id } } },
  })
  t.ok(await hasFactors(service, account.id))
})

t.test('many at once', async (t) => {
  const { service, ada, bob, account, begin, confirm, signIn } = await start(t)
  const begun = await parallel(10, (at) => begin(at % 2 === 0 ? ada : bob))
  t.same(new Set(begun.map(({ status }) => status)), new Set([200]))
  t.equal(new Set(begun.map(({ body }) => body.user.factorsRemoval.by)).size, 1, 'one begins it')
  const told = (await mailsTo(service, account.email)).map(({ kind }) => kind)
  t.equal(told.filter((kind) => kind === 'factors-removal-begun').length, 1, 'one mail')

  service.clock.advance(DAY)
  const epoch = (await storedOf(service, account.id))?.epoch ?? 0
  const [answers] = await Promise.all([parallel(5, signIn), parallel(3, () => confirm(bob))])
  for (const { status } of answers) t.ok([200, 401].includes(status))
  t.equal((await signIn()).status, 200)
  t.equal((await storedOf(service, account.id))?.epoch, epoch + 1, 'it is done once')
  const mails = (await mailsTo(service, account.email)).map(({ kind }) => kind)
  t.equal(mails.filter((kind) => kind === 'factors-removed').length, 1)
})

t.test('taken back and confirmed at once, one of both holds', async (t) => {
  const { service, bob, account, begin, confirm, signIn } = await start(t)
  await begin()
  const { secret: ticket } = await lastMail(service, account.email)
  const [cancelled, confirmed] = await Promise.all([service.post(CANCEL, { ticket }), confirm(bob)])
  const isCancelled = cancelled.status === 204
  t.equal(confirmed.status === 200, !isCancelled)
  t.equal(await hasFactors(service, account.id), isCancelled)
  t.equal((await signIn()).status, isCancelled ? 401 : 200)
})

t.test('who is demoted while it is written does nothing', async (t) => {
  const proxy = await startProxy(t)
  const { service, ada, bob, account, begin, confirm, takeBack } = await start(t, {
    env: MAIL,
    endpoint: proxy.endpoint,
  })
  const { store } = service.services.users
  const whileDemoted = async (admin: Owner, use: () => ReturnType<typeof begin>) => {
    await admin.admin('GET', `/${account.id}`)
    let isDemoted = false
    proxy.decide(async (call) => {
      if (!isDemoted && isRemoval(call)) {
        isDemoted = true
        await store.change(admin.id, { role: 'user' })
      }
      return 'pass' as const
    })
    const answer = await use()
    proxy.decide(() => 'pass')
    await store.change(admin.id, { role: 'admin' })
    await setAdminSince(service, admin.id, '2020-01-01T00:00:00.000Z')
    return answer
  }
  const forbidden = refused(403, 'FORBIDDEN')
  t.match(await whileDemoted(ada, () => begin()), forbidden)
  t.notOk((await storedOf(service, account.id))?.factorsRemoval)
  await begin()
  t.match(await whileDemoted(bob, () => confirm(bob)), forbidden)
  t.match(await whileDemoted(ada, () => confirm(bob)), NOT_FOUND, 'nor does who began it')
  t.match(await whileDemoted(bob, () => takeBack(bob)), forbidden)
  t.ok(await hasFactors(service, account.id))
  t.ok((await storedOf(service, account.id))?.factorsRemoval)
})

/** How the store misbehaves from some call of a request on, or at that call alone. */
const FAULTS = [
  { fate: 'fail', isLasting: true },
  { fate: 'lose-answer', isLasting: false },
] as const

t.test('with a fault of the store at any call of a removal', async (t) => {
  const proxy = await startProxy(t)
  const { service, ada, bob } = await start(t, { env: MAIL, endpoint: proxy.endpoint })
  type Case = Awaited<ReturnType<typeof loseFactors>>
  const deeds: Readonly<Record<string, (lost: Case, ticket: string) => Promise<Answer>>> = {
    begin: (lost) => lost.begin(),
    confirm: (lost) => lost.confirm(bob),
    'take back': (lost) => lost.takeBack(ada),
    cancel: (_lost, ticket) => service.post(CANCEL, { ticket }),
    'sign in': (lost) => lost.signIn(),
  }
  for (const [deed, act] of Object.entries(deeds)) {
    t.test(deed, async (t) => {
      for (const { fate, isLasting } of FAULTS) {
        let isOver = false
        for (let at = 1; !isOver; at++) {
          const lost = await loseFactors(service, ada)
          const { account } = lost
          if (deed !== 'begin') await lost.begin()
          const ticket =
            deed === 'cancel' ? await mailOf(service, account, 'factors-removal-begun') : undefined
          if (deed === 'sign in') service.clock.advance(DAY)
          for (const admin of [ada, bob]) await admin.admin('GET', `/${account.id}`)
          const before = await storedOf(service, account.id)
          let calls = 0
          proxy.decide(() => {
            calls++
            return calls === at || (isLasting && calls > at) ? fate : 'pass'
          })
          const answer = await act(lost, ticket?.secret ?? '')
          proxy.decide(() => 'pass')
          isOver = calls < at
          const what = `${fate} at call ${at}: ${answer.status}`
          t.ok(answer.status < 500 || answer.status === 503, what)
          if (isOver) t.ok(answer.status < 300, what)
          const after = await storedOf(service, account.id)
          const left = [after?.totp, after?.recoveryCodes].filter((each) => each !== undefined)
          const isRemoved = left.length === 0
          t.ok(isRemoved || left.length === 2, `${what}: all factors or none`)
          t.equal(after?.epoch, (before?.epoch ?? 0) + (isRemoved ? 1 : 0), `${what}: the sessions`)
          const kinds = (await mailsTo(service, account.email)).map(({ kind }) => kind)
          t.equal(kinds.includes('factors-removed'), isRemoved, `${what}: the mail about it`)
          const isBegun = after?.factorsRemoval !== undefined
          if (deed === 'begin') t.equal(kinds.includes('factors-removal-begun'), isBegun, what)
          t.equal(
            (await lost.signIn()).status,
            isRemoved || (isBegun && deed === 'sign in') ? 200 : 401,
          )
        }
      }
    })
  }
})
