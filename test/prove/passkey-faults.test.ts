import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import t, { type Test } from 'tap'
import type { SoftPasskey } from '../support/authenticator.js'
import {
  AuthenticatorApp,
  FACTOR_SIGN_IN,
  proveFactors,
  signInWithFactor,
  ticketOf,
} from '../support/factors.js'
import { MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember } from '../support/mail-sign-in.js'
import {
  addPasskey,
  assertionOf,
  CREATION,
  newPasskey,
  PASSKEY_SIGN_IN,
  PASSKEYS,
  signInWith,
} from '../support/passkeys.js'
import { startProxy } from '../support/proxy.js'
import { type Account, type Answer, type Service, startService } from '../support/service.js'
import { assertWhole, type Deed } from '../support/store-faults.js'

const LOGIN = '/api/auth/login'
const ENROLMENT = '/api/auth/login/enrolment'

interface Holder {
  readonly account: Account
  readonly passkey: SoftPasskey
}

t.test('with a fault of the store at any call of', async (t) => {
  const proxy = await startProxy(t)
  const { endpoint } = proxy
  const service = await startService(t, { endpoint, env: MAIL })
  const env = { ...MAIL, SECOND_FACTOR: 'required' }
  const strict = await startService(t, { endpoint, env, beside: service })
  const whole = <World>(deed: string, parts: Deed<World>) =>
    t.test(deed, (t) => assertWhole(t, { proxy, service }, parts))

  whole<Holder>('the making of a passkey, it is whole, or was not made', {
    async prepare() {
      const { account, token } = await member(service)
      const { body } = await service.post(CREATION, undefined, { token })
      const passkey = newPasskey(service)
      const attestation = passkey.create(body)
      return { account, passkey, act: () => service.post(PASSKEYS, { attestation }, { token }) }
    },
    async check(t, holder, { status }) {
      assertFaultless(t, status, 201)
      const isAdded = await assertEnrolled(t, service, holder)
      if (status === 201) t.ok(isAdded)
      t.equal((await signInWith(service, holder.passkey)).status, isAdded ? 200 : 401)
      const { body } = await service.post(LOGIN, credentials(holder.account))
      if (isAdded) t.same(body.factors, ['passkey', 'recovery-code'])
      else t.ok(body.accessToken, 'the person gets in')
    },
  })

  whole<Holder>('a sign-in by a passkey, it opens one session, or none', {
    async prepare() {
      const holder = await withPasskey(service)
      const assertion = await assertionOf(service, holder.passkey)
      return { ...holder, act: () => service.post(PASSKEY_SIGN_IN, { assertion }) }
    },
    check: checkSignIn,
  })

  whole<Holder>('a second step by a passkey, it opens one session, or none', {
    async prepare() {
      const holder = await withPasskey(service)
      const ticket = await ticketOf(service, holder.account)
      const assertion = await assertionOf(service, holder.passkey)
      return { ...holder, act: () => service.post(FACTOR_SIGN_IN, { ticket, assertion }) }
    },
    check: checkSignIn,
  })

  whole<Holder>('a sign-in by a forged assertion, it opens nothing', {
    async prepare() {
      const holder = await withPasskey(service)
      const signer = newPasskey(service)
      const assertion = await assertionOf(service, holder.passkey, { signer })
      return { ...holder, act: () => service.post(PASSKEY_SIGN_IN, { assertion }) }
    },
    async check(t, { passkey }, { status, body }) {
      t.ok([401, 503].includes(status), String(status))
      t.notOk(body.accessToken)
      t.equal((await signInWith(service, passkey)).status, 200)
    },
  })

  whole<Holder>('the removal of a passkey, it is whole, or was not made', {
    async prepare() {
      const holder = await withPasskey(service)
      await proveFactors(service, holder.token)
      const { body } = await service.get(PASSKEYS, { token: holder.token })
      const path = `${PASSKEYS}/${body.passkeys[0].id}`
      return { ...holder, act: () => service.delete(path, { token: holder.token }) }
    },
    async check(t, holder, { status }) {
      assertFaultless(t, status, 204)
      const { passkeys = [], recoveryCodes } = await userOf(service, holder.account)
      const isRemoved = passkeys.length === 0
      if (status === 204) t.ok(isRemoved)
      t.equal(recoveryCodes?.size ?? 0, isRemoved ? 0 : 10, 'codes go with the passkey')
      t.equal(await isReserved(service, holder.passkey), !isRemoved, 'and its credential')
      t.equal((await signInWith(service, holder.passkey)).status, isRemoved ? 401 : 200)
      const { status: entered } = await service.post(LOGIN, credentials(holder.account))
      t.equal(entered, isRemoved ? 200 : 401, 'the person gets in')
    },
  })

  whole<Holder>('an enrolment of a passkey that the policy wants, it is whole, or was not made', {
    async prepare() {
      const account = await newMember(service)
      const ticket = await enrolling(strict, account)
      const { body } = await strict.post(`${ENROLMENT}/passkeys/options`, { ticket })
      const passkey = newPasskey(strict)
      const attestation = passkey.create(body)
      const act = () => strict.post(`${ENROLMENT}/passkeys`, { ticket, attestation })
      return { account, passkey, act }
    },
    async check(t, holder, { status, body }) {
      assertFaultless(t, status, 200)
      t.equal(body.accessToken !== undefined, status === 200)
      const isAdded = await assertEnrolled(t, service, holder)
      if (status === 200) t.ok(isAdded)
      t.equal((await signInWith(strict, holder.passkey)).status, isAdded ? 200 : 401)
      if (!isAdded) await assertEnrolsAnew(t, strict, holder.account)
    },
  })

  interface AppHolder {
    readonly account: Account
    readonly app: AuthenticatorApp
  }
  whole<AppHolder>('an enrolment of an app that the policy wants, it is whole, or was not made', {
    async prepare() {
      const account = await newMember(service)
      const ticket = await enrolling(strict, account)
      const { body } = await strict.post(`${ENROLMENT}/totp`, { ticket })
      const app = new AuthenticatorApp(strict, body.secret as string)
      const code = app.code()
      const act = () => strict.post(`${ENROLMENT}/totp/confirm`, { ticket, code })
      return { account, app, act }
    },
    async check(t, { account, app }, { status, body }) {
      assertFaultless(t, status, 200)
      t.equal(body.accessToken !== undefined, status === 200)
      const { totp, recoveryCodes } = await userOf(service, account)
      t.equal(recoveryCodes?.size ?? 0, totp ? 10 : 0, 'codes come with the app')
      if (status === 200) t.ok(totp)
      if (!totp) return assertEnrolsAnew(t, strict, account)
      const next = await signInWithFactor(strict, account, { totp: app.nextCode() })
      t.equal(next.status, 200, 'the person gets in')
    },
  })

  async function checkSignIn(t: Test, { account, passkey }: Holder, answer: Answer) {
    assertFaultless(t, answer.status, 200)
    t.equal(answer.body.accessToken !== undefined, answer.status === 200)
    const { passkeys, recoveryCodes } = await userOf(service, account)
    t.same([passkeys?.length, recoveryCodes?.size], [1, 10])
    t.equal((await signInWith(service, passkey)).status, 200, 'the person gets in')
  }
})

function assertFaultless(t: Test, status: number, success: number): void {
  t.ok([success, 503].includes(status), String(status))
}

/** @returns whether the passkey is there: all of it, or nothing. */
async function assertEnrolled(t: Test, service: Service, { account, passkey }: Holder) {
  const { passkeys = [], recoveryCodes, factorsVersion = 0 } = await userOf(service, account)
  const isAdded = passkeys.length > 0
  t.equal(recoveryCodes?.size ?? 0, isAdded ? 10 : 0, 'codes come with the passkey')
  t.equal(factorsVersion, isAdded ? 1 : 0)
  t.equal(await isReserved(service, passkey), isAdded, 'and its credential is taken')
  const told = (await mailsTo(service, account.email)).filter(({ kind }) => kind === 'factor-added')
  t.equal(told.length, isAdded ? 1 : 0, 'and its owner is told')
  return isAdded
}

/** Nothing that was begun keeps a person from beginning again. */
async function assertEnrolsAnew(t: Test, service: Service, account: Account): Promise<void> {
  const ticket = await enrolling(service, account)
  const { body } = await service.post(`${ENROLMENT}/totp`, { ticket })
  const code = new AuthenticatorApp(service, body.secret as string).code()
  const { status } = await service.post(`${ENROLMENT}/totp/confirm`, { ticket, code })
  t.equal(status, 200, 'the person enrols again')
}

async function member(service: Service) {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  return { account, token: (await service.signIn(account)).accessToken }
}

async function withPasskey(service: Service): Promise<Holder & { readonly token: string }> {
  const { account, token } = await member(service)
  const passkey = newPasskey(service)
  const { status } = await addPasskey(service, token, passkey)
  if (status !== 201) throw new Error(`the passkey was answered ${status}`)
  return { account, passkey, token }
}

/** The ticket that comes after the code of a mail. */
async function enrolling(service: Service, { email }: Account): Promise<string> {
  const { body } = await service.post(CONFIRM, byCode(await askToSignIn(service, email)))
  return body.ticket as string
}

async function isReserved({ client, config }: Service, { id }: SoftPasskey): Promise<boolean> {
  const Key = { pk: { S: `CREDENTIAL#${id.toString('base64url')}` } }
  const read = { TableName: config.tables.users, Key, ConsistentRead: true }
  return (await client.send(new GetItemCommand(read))).Item !== undefined
}

async function userOf({ services }: Service, { id }: Account) {
  const user = await services.users.store.findById(id)
  if (!user) throw new Error('the account is gone')
  return user
}

const credentials = ({ email, password }: Account) => ({ email, password })
