import t from 'tap'
import {
  askForAddress,
  changeAddress,
  CONFIRM as CONFIRM_ADDRESS,
  UNDO,
} from '../support/address-change.js'
import { MINUTE } from '../support/clock.js'
import {
  addTotp,
  proveFactors,
  RECOVERY_CODES,
  recoveryCodesOf,
  signInWithFactor,
  withTotp,
} from '../support/factors.js'
import { newAdmin } from '../support/keys.js'
import { lastMail, MAIL } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { addPasskey, newPasskey, signInWith } from '../support/passkeys.js'
import { newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'

/** An account with another person's address, factors in it, and the ticket that this person's mailbox has got. */
async function squat(service: Service) {
  const { email, password } = newAccount()
  service.clock.advance(MINUTE)
  const { body } = await service.post('/api/auth/register', { email, password })
  const { secret: ticket } = await lastMail(service, email)
  const account = { id: body.user.id as string, email, password }
  const { accessToken: token } = await service.signIn(account)
  const passkey = newPasskey(service)
  t.equal((await addPasskey(service, token, passkey)).status, 201)
  await proveFactors(service, token)
  await addTotp(service, token)
  return { ...account, ticket, passkey }
}

const KINDS = [
  ...['totp', 'pendingTotp', 'passkeys', 'webauthnId', 'recoveryCodes', 'recoveryCodesAt'],
  ...['trustedDevices', 'factorsRemoval', 'factorsVersion'],
]

const factorsOf = (user: object = {}) =>
  Object.fromEntries(
    Object.entries(user).filter(([name, value]) => KINDS.includes(name) && value !== undefined),
  )

t.test('the second factors of a squatter go with all that was in the account', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { users } = service.services
  const takings: Readonly<
    Record<string, (squatted: { email: string; ticket: string }) => Promise<unknown>>
  > = {
    'disowning it': ({ ticket }) => service.post('/api/auth/email/verification/disown', { ticket }),
    'a new password': async ({ email }) => {
      service.clock.advance(MINUTE)
      await service.post('/api/auth/password/forgot', { email })
      const { secret: ticket } = await lastMail(service, email)
      return service.post('/api/auth/password/reset', {
        ticket,
        newPassword: newAccount().password,
      })
    },
    'a mail to sign in with': async ({ email }) => {
      const mail = byCode(await askToSignIn(service, email))
      const { status } = await service.post(CONFIRM, { ...mail, startOver: true })
      t.equal(status, 200, 'which needs no factor of theirs')
    },
  }
  for (const [taking, take] of Object.entries(takings)) {
    const squatted = await squat(service)
    t.equal((await signInWith(service, squatted.passkey)).status, 200)
    const believer = await newAdmin(service)
    const begun = await believer.admin('POST', `/${squatted.id}/factors-removal`)
    t.equal(begun.status, 200, 'an administrator believes the squatter')
    await take(squatted)
    const user = await users.store.findById(squatted.id)
    t.equal(user?.email, squatted.email)
    t.same(factorsOf(user), {}, taking)
    const { status, body } = await signInWith(service, squatted.passkey)
    t.match([status, body.code], [401, 'FACTOR_INVALID'], `${taking}: nor does it sign in`)
    const owner = await service.signUp()
    const { accessToken } = await service.signIn(owner)
    const moved = await addPasskey(service, accessToken, squatted.passkey)
    t.equal(moved.status, 201, `${taking}: its credential is free`)
  }
})

t.test('undoing a change of address leaves no second factor that was added since', async (t) => {
  const service = await startService(t, { env: MAIL })
  const account = await newMember(service)
  const changed = await changeAddress(service, account)
  const { accessToken: token } = await service.signIn(changed.account)
  const passkey = newPasskey(service)
  t.equal((await addPasskey(service, token, passkey)).status, 201)
  await proveFactors(service, token)
  await addTotp(service, token)
  const { password, email } = account
  const undone = await service.post(UNDO, { ticket: changed.notice.secret, password })
  t.equal(undone.status, 200)
  const removed = service.events('authn_factor_removed')
  t.ok(removed.every(({ userId }) => userId === account.id))
  t.same(new Set(removed.map(({ factor }) => factor)), new Set(['totp', 'passkey']))
  t.equal((await signInWith(service, passkey)).status, 401)
  t.equal((await service.post(LOGIN, { email, password })).status, 200)
})

t.test('undoing a change of address keeps second factors from before', async (t) => {
  const service = await startService(t, { env: MAIL })
  const account = await newMember(service)
  const { token } = await withTotp(service, account)
  await proveFactors(service, token)
  const { code } = await askForAddress(service, token, newAccount().email)
  service.clock.advance(MINUTE)
  t.equal((await service.post(CONFIRM_ADDRESS, { code }, { token })).status, 200)
  const { secret: ticket } = await lastMail(service, account.email)
  const { password, email } = account
  t.equal((await service.post(UNDO, { ticket, password })).status, 200)
  const { body } = await service.post(LOGIN, { email, password })
  t.equal(body.code, 'SECOND_FACTOR_REQUIRED')
})

t.test(
  'undoing a change of address keeps no recovery codes that a thief has made since',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const account = await newMember(service)
    const { token, app } = await withTotp(service, account)
    await proveFactors(service, token)
    const { code } = await askForAddress(service, token, newAccount().email)
    service.clock.advance(MINUTE)
    t.equal((await service.post(CONFIRM_ADDRESS, { code }, { token })).status, 200)
    const replaced = await service.post(RECOVERY_CODES, undefined, { token })
    const [recoveryCode = ''] = recoveryCodesOf(replaced)
    const { secret: ticket } = await lastMail(service, account.email)
    const { password } = account
    t.equal((await service.post(UNDO, { ticket, password })).status, 200)
    const planted = await signInWithFactor(service, account, { recoveryCode })
    t.match(planted, { status: 401, body: { code: 'FACTOR_INVALID' } })
    t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
  },
)
