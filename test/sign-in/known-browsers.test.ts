import t, { type Test } from 'tap'
import { changeAddress, UNDO } from '../support/address-change.js'
import { MINUTE } from '../support/clock.js'
import { lastMail, MAIL, mailsTo, proveAddress } from '../support/mail.js'
import {
  ASK,
  askToSignIn,
  byCode,
  CONFIRM,
  knownBrowser,
  newMember,
  OWN_SCRIPT,
} from '../support/mail-sign-in.js'
import { jarOf } from '../support/pages.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

type Cookies = Readonly<Record<string, string>>

const LOGIN = '/api/auth/login'
const RESET = '/api/auth/password/reset'
const AWAY = '192.0.2.200'

/** Asks for a mail as a stranger elsewhere does. */
async function mailFor(service: Service, url: string, email: string) {
  service.clock.advance(MINUTE)
  await service.post(url, { email })
  return lastMail(service, email)
}

async function resetPassword(service: Service, account: Account): Promise<Account> {
  const { secret: ticket } = await mailFor(service, '/api/auth/password/forgot', account.email)
  const { password } = newAccount()
  t.equal((await service.post(RESET, { ticket, newPassword: password })).status, 204)
  return { ...account, password }
}

/** Whether the account has more tries for a browser than strangers have, all of which are used up. */
async function hasTries(service: Service, { email }: Account, cookies: Cookies): Promise<boolean> {
  const wrong = { email, password: newAccount().password }
  for (let index = 0; index < 3; index++)
    await service.post(LOGIN, wrong, { remoteAddress: `198.51.100.${index}` })
  const call = { cookies, remoteAddress: AWAY }
  await service.post(LOGIN, wrong, call)
  return (await service.post(LOGIN, wrong, call)).status === 401
}

/** The same for mails. */
async function hasMails(service: Service, { email }: Account, cookies: Cookies): Promise<boolean> {
  for (let times = 0; times < 3; times++) await service.post(ASK, { email })
  const before = (await mailsTo(service, email)).length
  await service.post(ASK, { email }, { cookies })
  return (await mailsTo(service, email)).length > before
}

/** The same for codes. */
async function hasCodes(service: Service, account: Account, cookies: Cookies): Promise<boolean> {
  const mail = await askToSignIn(service, account.email)
  const code = mail.code === '00000000' ? '00000001' : '00000000'
  for (let times = 0; times < 2; times++) {
    const { flow } = (await service.post(ASK, { email: account.email })).body
    for (let tries = 0; tries < 5; tries++) await service.post(CONFIRM, { flow, code })
  }
  return (await service.post(CONFIRM, byCode(mail), { cookies })).status === 200
}

async function checkKnown(
  t: Test,
  service: Service,
  account: Account,
  { cookies, isKnown }: { readonly cookies: Cookies; readonly isKnown: boolean },
): Promise<void> {
  t.equal(await hasTries(service, account, cookies), isKnown, 'passwords')
  service.clock.advance(61 * MINUTE)
  t.equal(await hasMails(service, account, cookies), isKnown, 'mails')
  service.clock.advance(61 * MINUTE)
  t.equal(await hasCodes(service, account, cookies), isKnown, 'codes')
}

t.test('a sign-in in a browser that the account knows', async (t) => {
  const env = { ...MAIL, RATE_LIMIT_PER_ACCOUNT: '3' }
  const service = await startService(t, { env })

  /** How the owner of the mailbox gets an account that a stranger has made, or was in. */
  const takings: Record<string, (account: Account) => Promise<unknown>> = {
    'a password by mail': (account) => resetPassword(service, account),
    '“I did not create this account”': async (account) => {
      const session = await service.signIn(account)
      service.clock.advance(MINUTE)
      const call = { token: session.accessToken }
      t.equal((await service.post('/api/auth/email/verification', {}, call)).status, 202)
      const { secret: ticket } = await lastMail(service, account.email)
      const disown = '/api/auth/email/verification/disown'
      t.equal((await service.post(disown, { ticket })).status, 204)
    },
    'a sign-in by mail that starts over': async (account) => {
      const mail = await askToSignIn(service, account.email)
      const taken = await service.post(CONFIRM, { ...byCode(mail), startOver: true })
      t.equal(taken.status, 200)
    },
    'an address change that is undone': async (account) => {
      await proveAddress(service, account.id)
      const { notice } = await changeAddress(service, account)
      const { secret: ticket } = notice
      const undone = await service.post(UNDO, { ticket, password: account.password })
      t.equal(undone.status, 200)
      const user = await service.services.users.store.findById(account.id)
      t.equal(user?.knownAddresses, undefined, 'nor does it know an address')
    },
  }
  for (const [what, take] of Object.entries(takings))
    t.test(
      `a browser that the account knew is a stranger’s at sign-in after ${what}`,
      async (t) => {
        const account = await service.signUp()
        const cookies = await knownBrowser(service, account)
        await take(account)
        service.clock.advance(61 * MINUTE)
        await checkKnown(t, service, account, { cookies, isKnown: false })
      },
    )

  t.test(
    'a browser in which the new owner took the account over is known at sign-in',
    async (t) => {
      const account = await service.signUp()
      const squatters = await knownBrowser(service, account)
      const asked = await service.post(
        ASK,
        { email: account.email, useCookies: true },
        { headers: OWN_SCRIPT },
      )
      const { code } = await lastMail(service, account.email)
      const confirm = { code, flow: asked.body.flow, startOver: true, useCookies: true }
      const answer = await service.post(CONFIRM, confirm, {
        headers: OWN_SCRIPT,
        cookies: { ...squatters, ...jarOf(asked) },
      })
      t.equal(answer.status, 200)
      const { '__Host-latchkey_device': device = '' } = jarOf(answer)
      const cookies = { '__Host-latchkey_device': device }
      await checkKnown(t, service, account, { cookies, isKnown: true })
    },
  )

  const changes: Record<string, (account: Account) => Promise<unknown>> = {
    'a new password': async (account) => {
      const { accessToken: token } = await service.signIn(account)
      const body = { currentPassword: account.password, newPassword: newAccount().password }
      t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
    },
    'a forgotten one': (account) => resetPassword(service, account),
  }
  for (const [what, change] of Object.entries(changes))
    t.test(`a browser is still known at sign-in after ${what}`, async (t) => {
      const account = await newMember(service)
      const cookies = await knownBrowser(service, account)
      await change(account)
      service.clock.advance(61 * MINUTE)
      await checkKnown(t, service, account, { cookies, isKnown: true })
    })
})
