import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { DAY, MINUTE } from '../support/clock.js'
import { FACTOR_SIGN_IN, FACTORS } from '../support/factors.js'
import { lastMail, MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { newMember } from '../support/mail-sign-in.js'
import {
  addPasskey,
  assertionOf,
  newPasskey,
  PASSKEYS,
  signInWith,
  withPasskey,
} from '../support/passkeys.js'
import type { SoftPasskey } from '../support/authenticator.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const SUSPENDED = { status: 401, body: { code: 'PASSKEY_SUSPENDED' } }

async function reset(service: Service, account: Account): Promise<Account> {
  service.clock.advance(MINUTE)
  await service.post('/api/auth/password/forgot', { email: account.email })
  const { secret: ticket } = await lastMail(service, account.email)
  const { password } = newAccount()
  const how = { ticket, newPassword: password }
  const { status } = await service.post('/api/auth/password/reset', how)
  t.equal(status, 204)
  return { ...account, password }
}

/** Password first, then the passkey. */
async function signInWithBoth(
  service: Service,
  { email, password }: Account,
  passkey: SoftPasskey,
): Promise<string> {
  const begun = await service.post(LOGIN, { email, password })
  t.match(begun, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
  const { ticket } = begun.body
  const assertion = await assertionOf(service, passkey)
  const { status, body } = await service.post(FACTOR_SIGN_IN, { ticket, assertion })
  t.equal(status, 200)
  return body.accessToken as string
}

t.test('a passkey that was added shortly before a reset signs no one in alone', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { account, passkey: own } = await withPasskey(service)
  await proveAddress(service, account.id)
  service.clock.advance(8 * DAY)
  const { body } = await signInWith(service, own)
  const thief = newPasskey(service)
  const added = await addPasskey(service, body.accessToken, thief, { name: 'Blue key' })
  t.match(added, { status: 201, body: { passkey: { status: 'active' } } })
  service.clock.advance(MINUTE)
  t.equal((await signInWith(service, thief)).status, 200)

  const changed = await reset(service, account)
  const refused = await signInWith(service, thief)
  t.match(refused, SUSPENDED)
  t.ok(refused.headers['www-authenticate'])
  t.match(service.events('authn_factor_fail').at(-1), { reason: 'suspended_passkey' })
  t.match(service.events('authn_passkeys_suspended'), [
    { userId: account.id, count: 1, reason: 'password_reset' },
  ])
  const notices = await mailsTo(service, account.email)
  const notice = notices.find(({ kind }) => kind === 'password-changed')
  t.same(notice?.facts?.suspendedPasskeys, ['Blue key'], 'the notice names it')
  const older = await signInWith(service, own)
  t.equal(older.status, 200, 'an older one does')
  for (const path of [PASSKEYS, FACTORS]) {
    const { body: list } = await service.get(path, { token: older.body.accessToken })
    t.match(list.passkeys, [
      { status: 'active' },
      { id: added.body.passkey.id, status: 'suspended' },
    ])
  }

  await signInWithBoth(service, changed, thief)
  t.match(service.events('authn_passkey_suspension_lifted'), [{ userId: account.id }])
  t.equal((await signInWith(service, thief)).status, 200, 'with the password it works again')
})

t.test('a suspended passkey locks out no one who has no password', async (t) => {
  const service = await startService(t, { env: MAIL })
  const account = await newMember(service)
  const { accessToken: token } = await service.signIn(account)
  const passkey = newPasskey(service)
  t.equal((await addPasskey(service, token, passkey)).status, 201)
  await withoutPassword(service, account)
  const changed = await reset(service, account)
  t.match(await signInWith(service, passkey), SUSPENDED)
  await signInWithBoth(service, changed, passkey)
  t.equal((await signInWith(service, passkey)).status, 200)
})

t.test('a forged use of a suspended passkey lifts nothing', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { account, passkey } = await withPasskey(service)
  await proveAddress(service, account.id)
  const { email, password } = await reset(service, account)
  const { body } = await service.post(LOGIN, { email, password })
  const forged = await assertionOf(service, passkey, { signer: newPasskey(service) })
  const wrong = { ticket: body.ticket, assertion: forged }
  t.match(await service.post(FACTOR_SIGN_IN, wrong), { body: { code: 'FACTOR_INVALID' } })
  t.match(await signInWith(service, passkey), SUSPENDED)
})

t.test('passkeys at a change of password', async (t) => {
  const service = await startService(t)
  const change = async (more: object) => {
    const { account, passkey } = await withPasskey(service)
    service.clock.advance(MINUTE)
    const { body } = await signInWith(service, passkey)
    const how = { currentPassword: account.password, newPassword: newAccount().password, ...more }
    const token = body.accessToken as string
    const changed = await service.post('/api/auth/password', how, { token })
    t.equal(changed.status, 204)
    return { passkey, token, account: { ...account, password: how.newPassword } }
  }

  t.test(
    'a change of password suspends a new passkey, until the session that goes on proves it',
    async (t) => {
      const { passkey, token } = await change({})
      t.match(await signInWith(service, passkey), SUSPENDED)
      const { body } = await service.post('/api/auth/step-up', undefined, { token })
      const assertion = await assertionOf(service, passkey)
      const proof = { ticket: body.ticket, assertion }
      t.equal((await service.post(FACTOR_SIGN_IN, proof, { token })).status, 200)
      t.equal((await signInWith(service, passkey)).status, 200)
    },
  )

  t.test('a change of password leaves passkeys, where its owner says so', async (t) => {
    const { passkey } = await change({ suspendRecentCredentials: false })
    t.equal((await signInWith(service, passkey)).status, 200)
  })
})

/** As an account is that was made at a provider. */
async function withoutPassword({ client, config }: Service, { id }: Account): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${id}` },
      UpdateExpression: 'REMOVE passwordHash',
    }),
  )
}
