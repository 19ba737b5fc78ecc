import t, { type Test } from 'tap'
import {
  askForAddress,
  CHANGE,
  CONFIRM as CONFIRM_ADDRESS,
  newAddress,
} from '../support/address-change.js'
import { erasureOf } from '../support/administration.js'
import { signInToApp } from '../support/app-tokens.js'
import { authorize, newApp, requestOf, signedIn as enter } from '../support/authorization.js'
import { Browser } from '../support/browser.js'
import { MINUTE } from '../support/clock.js'
import {
  AuthenticatorApp,
  CONFIRM_TOTP,
  FACTOR_SIGN_IN,
  RECOVERY_CODES,
  proveFactors,
  ticketOf,
  TOTP,
  withTotp,
} from '../support/factors.js'
import { assertGone } from '../support/full-account.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { getData, KEYS, newAdmin } from '../support/keys.js'
import { deliveryOf, keyOfMail, lastMail, MAIL, messages } from '../support/mail.js'
import {
  ASK,
  askToSignIn,
  byCode,
  CONFIRM,
  newMember,
  OWN_SCRIPT,
} from '../support/mail-sign-in.js'
import { jarOf, submit } from '../support/pages.js'
import {
  addPasskey,
  assertionOf,
  CREATION,
  newPasskey,
  PASSKEY_SIGN_IN,
  PASSKEYS,
} from '../support/passkeys.js'
import { type EngineCall, type Fate, startProxy } from '../support/proxy.js'
import { type Account, type Answer, newAccount, startService } from '../support/service.js'
import { postForm } from '../support/social.js'

/** A person, and a request of theirs or about them. */
interface Prepared {
  readonly account: Account
  readonly addresses?: readonly string[]
  readonly keyIds?: readonly string[]
  /** Goes through the proxy. */
  readonly act: () => Promise<unknown>
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'])
const isWrite = ({ operation }: EngineCall) => WRITES.has(operation)

const ENV = { ...MAIL, EMAIL_VERIFICATION: 'optional' }

const proxy = await startProxy(t)
const { service, providers, env } = await startWithOpenProviders(t, ['north'], ENV)
/** Another instance, each of whose writes can be held. */
const slow = await startService(t, { beside: service, env, endpoint: proxy.endpoint })
/** The same where a registration waits for a mail. */
const strict = await startService(t, {
  beside: service,
  env: { ...env, EMAIL_VERIFICATION: 'required' },
  endpoint: proxy.endpoint,
})
const admin = await newAdmin(service)

const signedIn = async (account?: Account) => {
  const person = account ?? (await service.signUp())
  return { account: person, ...(await service.signIn(person)) }
}
const withKey = async () => {
  const { account, accessToken: token } = await signedIn()
  const { body } = await service.post(`${KEYS}/generate`, { name: 'k' }, { token })
  return { account, token, id: String(body.key.id), secret: String(body.apiKey) }
}
const ofKey =
  (act: (key: Awaited<ReturnType<typeof withKey>>) => Promise<unknown>) =>
  async (): Promise<Prepared> => {
    const key = await withKey()
    return { account: key.account, keyIds: [key.id], act: () => act(key) }
  }
/** A request of a person who has just signed in. */
const own = (method: string, url: string, body?: unknown) => async (): Promise<Prepared> => {
  const { account, accessToken: token } = await signedIn()
  return { account, act: () => slow.call(method, url, { token, body }) }
}
/** A request about a person by an administrator. */
const byAdmin = (method: string, path: string, body?: unknown) => async (): Promise<Prepared> => {
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(admin.account)
  const url = `/api/admin/users/${account.id}${path}`
  return { account, act: () => slow.call(method, url, { token, body }) }
}
const withOwnTotp = async () => {
  const person = await withTotp(service)
  await proveFactors(service, person.token)
  return person
}

/** Requests that are under way while their person is erased, each of which writes something. */
const DEEDS: Readonly<Record<string, () => Promise<Prepared>>> = {
  async 'a sign-in'() {
    const account = await service.signUp()
    const { email, password } = account
    return { account, act: () => slow.post('/api/auth/login', { email, password }) }
  },
  async 'a sign-in from an address that the account does not know'() {
    const { account } = await signedIn(await newMember(service))
    const { email, password } = account
    const call = { remoteAddress: '192.0.2.77' }
    return { account, act: () => slow.post('/api/auth/login', { email, password }, call) }
  },
  async 'a sign-in on a page, in place of another session'() {
    const account = await service.signUp()
    const { email, password } = account
    const cookies = jarOf(await submit(service, '/login', { email, password }))
    return { account, act: () => submit(slow, '/login', { email, password }, { cookies }) }
  },
  async 'a wrong password'() {
    const account = await service.signUp()
    const { email } = account
    const { password } = newAccount()
    return { account, act: () => slow.post('/api/auth/login', { email, password }) }
  },
  async 'the first step of a sign-in with two factors'() {
    const { account } = await withTotp(service)
    const { email, password } = account
    return { account, act: () => slow.post('/api/auth/login', { email, password }) }
  },
  async 'a second factor on a device that is to be trusted'() {
    const { account, app } = await withTotp(service)
    const ticket = await ticketOf(service, account)
    const body = { ticket, totp: app.code(), trustDevice: true, useCookies: true }
    return { account, act: () => slow.post(FACTOR_SIGN_IN, body, { headers: OWN_SCRIPT }) }
  },
  async 'a recovery code'() {
    const { account, recoveryCodes } = await withTotp(service)
    const ticket = await ticketOf(service, account)
    const body = { ticket, recoveryCode: recoveryCodes[0] }
    return { account, act: () => slow.post(FACTOR_SIGN_IN, body) }
  },
  async 'the fifth wrong second factor'() {
    const account = await newMember(service)
    const { app } = await withTotp(service, account)
    const ticket = await ticketOf(service, account)
    const wrong = (at = service) => at.post(FACTOR_SIGN_IN, { ticket, totp: app.wrongCode() })
    for (let tries = 0; tries < 4; tries++) await wrong()
    return { account, act: () => wrong(slow) }
  },
  async 'a sign-in by passkey'() {
    const { account, accessToken: token } = await signedIn()
    const passkey = newPasskey(service)
    await addPasskey(service, token, passkey)
    const assertion = await assertionOf(service, passkey)
    return { account, act: () => slow.post(PASSKEY_SIGN_IN, { assertion }) }
  },
  async 'a sign-in by the copy of a passkey'() {
    const { account, accessToken: token } = await signedIn(await newMember(service))
    const passkey = newPasskey(service)
    await addPasskey(service, token, passkey)
    const body = { assertion: await assertionOf(service, passkey, { counter: 9 }) }
    await service.post(PASSKEY_SIGN_IN, body)
    const assertion = await assertionOf(service, passkey, { counter: 2 })
    return { account, act: () => slow.post(PASSKEY_SIGN_IN, { assertion }) }
  },
  async 'the request of a mail to sign in with'() {
    const account = await newMember(service)
    return { account, act: () => slow.post(ASK, { email: account.email }) }
  },
  async 'a sign-in by the code of a mail'() {
    const account = await newMember(service)
    const mail = await askToSignIn(service, account.email)
    return { account, act: () => slow.post(CONFIRM, byCode(mail)) }
  },
  async 'a wrong code of a mail'() {
    const account = await newMember(service)
    const { flow, code } = await askToSignIn(service, account.email)
    const wrong = code === '00000000' ? '00000001' : '00000000'
    return { account, act: () => slow.post(CONFIRM, { flow, code: wrong }) }
  },
  async 'a forgotten password'() {
    const account = await service.signUp()
    return { account, act: () => slow.post('/api/auth/password/forgot', { email: account.email }) }
  },
  async 'a registration with the same address'() {
    const account = await service.signUp()
    const { email } = account
    const { password } = newAccount()
    return { account, act: () => strict.post('/api/auth/register', { email, password }) }
  },
  async 'a sign-in with an address that is not proved'() {
    const account = await service.signUp()
    const { email, password } = account
    return { account, act: () => strict.post('/api/auth/login', { email, password }) }
  },
  async 'a new password by the link of a mail'() {
    const account = await newMember(service)
    await service.post('/api/auth/password/forgot', { email: account.email })
    const { secret: ticket } = await lastMail(service, account.email)
    const body = { ticket, newPassword: newAccount().password }
    return { account, act: () => slow.post('/api/auth/password/reset', body) }
  },
  async 'a proof of an address'() {
    const { account, accessToken: token } = await signedIn()
    await service.post('/api/auth/email/verification', undefined, { token })
    const { secret: ticket } = await lastMail(service, account.email)
    const act = () => slow.post('/api/auth/email/verification/confirm', { ticket }, { token })
    return { account, act }
  },
  async 'a mailbox’s owner who disowns the account'() {
    const { account, accessToken: token } = await signedIn()
    await service.post('/api/auth/email/verification', undefined, { token })
    const { secret: ticket } = await lastMail(service, account.email)
    return { account, act: () => slow.post('/api/auth/email/verification/disown', { ticket }) }
  },
  'the request to verify an address': own('POST', '/api/auth/email/verification'),
  async 'the request of another address'() {
    const { account, accessToken: token } = await signedIn()
    const newEmail = newAddress()
    const act = () => slow.post(CHANGE, { newEmail }, { token })
    return { account, addresses: [account.email, newEmail], act }
  },
  async 'the request of the person’s address by another account'() {
    const account = await service.signUp()
    const { accessToken: token } = await signedIn()
    const act = () => slow.post(CHANGE, { newEmail: account.email }, { token })
    return { account, addresses: [], act }
  },
  async 'a change of address'() {
    const { account, accessToken: token } = await signedIn(await newMember(service))
    const newEmail = newAddress()
    const { code } = await askForAddress(service, token, newEmail)
    const act = () => slow.post(CONFIRM_ADDRESS, { code }, { token })
    return { account, addresses: [account.email, newEmail], act }
  },
  async 'a refresh'() {
    const { account, refreshToken } = await signedIn()
    return { account, act: () => slow.post('/api/auth/refresh', { refreshToken }) }
  },
  async 'a refresh token that is used again'() {
    const { account, refreshToken } = await signedIn()
    await service.post('/api/auth/refresh', { refreshToken })
    service.clock.advance(MINUTE)
    return { account, act: () => slow.post('/api/auth/refresh', { refreshToken }) }
  },
  'a sign-out': own('POST', '/api/auth/logout'),
  'the end of all sessions': own('DELETE', '/api/auth/sessions'),
  'a change of name': own('PATCH', '/api/profile', { name: 'Ada' }),
  async 'a change of password'() {
    const { account, accessToken: token } = await signedIn(await newMember(service))
    const { password: newPassword } = newAccount()
    const body = { currentPassword: account.password, newPassword }
    return { account, act: () => slow.post('/api/auth/password', body, { token }) }
  },
  async 'a wrong current password'() {
    const { account, accessToken: token } = await signedIn()
    const { password } = newAccount()
    const body = { currentPassword: password, newPassword: newAccount().password }
    return { account, act: () => slow.post('/api/auth/password', body, { token }) }
  },
  'the beginning of a step-up': own('POST', '/api/auth/step-up'),
  async 'a step-up'() {
    const { account, accessToken: token } = await signedIn()
    const { body } = await service.post('/api/auth/step-up', undefined, { token })
    const proof = { ticket: body.ticket, password: account.password }
    return { account, act: () => slow.post(FACTOR_SIGN_IN, proof, { token }) }
  },
  'the beginning of an enrolment': own('POST', TOTP),
  async 'an enrolment'() {
    const { account, accessToken: token } = await signedIn(await newMember(service))
    const { body } = await service.post(TOTP, undefined, { token })
    const app = new AuthenticatorApp(service, body.secret)
    return { account, act: () => slow.post(CONFIRM_TOTP, { code: app.code() }, { token }) }
  },
  async 'new recovery codes'() {
    const { account, token } = await withOwnTotp()
    return { account, act: () => slow.post(RECOVERY_CODES, undefined, { token }) }
  },
  async 'the removal of a factor'() {
    const { account, token } = await withOwnTotp()
    return { account, act: () => slow.delete(TOTP, { token }) }
  },
  'the options of a passkey': own('POST', CREATION),
  async 'a passkey'() {
    const { account, accessToken: token } = await signedIn()
    const { body } = await service.post(CREATION, undefined, { token })
    const attestation = newPasskey(service).create(body)
    return { account, act: () => slow.post(PASSKEYS, { attestation }, { token }) }
  },
  async 'a sign-in at a provider'() {
    const [subject, browser] = [newSubject(), new Browser(service)]
    await providers.north.signIn(browser, subject)
    const account = await profileOf(browser)
    const other = new Browser(slow)
    const callback = await providers.north.walk(other, subject)
    // By then it is a new person, who gets an account with the same address.
    return { account, addresses: [], act: () => other.visit(callback) }
  },
  async 'an identity that is linked'() {
    const account = await service.signUp()
    const { email, password } = account
    const browser = new Browser(slow)
    browser.setCookies(jarOf(await submit(service, '/login', { email, password })))
    const subject = { ...newSubject(), email }
    const callback = await providers.north.walk(browser, subject, '?link=true')
    return { account, act: () => browser.visit(callback) }
  },
  async 'an app that is let in'() {
    const [account, client] = [await service.signUp(), await newApp(service)]
    const cookies = await enter(service, account)
    return { account, act: () => authorize(slow, requestOf(client), { cookies }) }
  },
  async 'an app’s code'() {
    const app = await signInToApp(service)
    const held = await app.newCode()
    const { account, client } = app
    const form = {
      grant_type: 'authorization_code',
      client_id: client.clientId,
      code: held.code,
      redirect_uri: held.record.redirectUri,
      code_verifier: held.verifier,
    }
    return { account, act: () => postForm(slow, 'token', form) }
  },
  async 'an app’s refresh'() {
    const app = await signInToApp(service)
    const { refresh_token } = await app.tokens({ scopes: ['openid', 'offline_access'] })
    const { account, client } = app
    const form = { grant_type: 'refresh_token', client_id: client.clientId, refresh_token }
    return { account, act: () => postForm(slow, 'token', form) }
  },
  'a new API key': own('POST', `${KEYS}/generate`, { name: 'k' }),
  'the rotation of an API key': ofKey(({ token, id }) =>
    slow.post(`${KEYS}/${id}/rotate`, { overlapSeconds: 60 }, { token }),
  ),
  'a change of an API key': ofKey(({ token, id }) =>
    slow.call('PATCH', `${KEYS}/${id}`, { token, body: { name: 'other' } }),
  ),
  'the deletion of an API key': ofKey(({ token, id }) => slow.delete(`${KEYS}/${id}`, { token })),
  'a call with an API key': ofKey(async ({ secret }) => {
    await getData(slow, secret)
    await slow.services.keyUsage.flush()
  }),
  'a call with an API key that is counted later': ofKey(async ({ secret }) => {
    await getData(slow, secret)
    await getData(slow, secret)
    await slow.services.keyUsage.flush()
  }),
  'an administrator’s end of all sessions': byAdmin('DELETE', '/sessions'),
  'an administrator’s change': byAdmin('PATCH', '', { status: 'disabled' }),
  async 'an administrator’s removal of lost factors'() {
    const { account } = await withTotp(service, await newMember(service))
    const { accessToken: token } = await service.signIn(admin.account)
    const url = `/api/admin/users/${account.id}/factors-removal`
    return { account, act: () => slow.post(url, undefined, { token }) }
  },
  'an administrator’s mail of a password link': byAdmin('POST', '/password-reset'),
  'an administrator’s word for an address': byAdmin('POST', '/verify-address'),
  'an address that an administrator takes': byAdmin('POST', '/release-address'),
  async 'a mail that is sent'() {
    const { account, accessToken: token } = await signedIn(await newMember(service))
    await service.post(`${KEYS}/generate`, { name: 'k' }, { token })
    const mails = await messages(service)
    const [notice] = mails.filter(({ to, account: id }) => to === account.email && id !== undefined)
    if (!notice) throw new Error('there is no notice')
    const delivery = deliveryOf(slow)
    return { account, act: () => delivery.deliver(keyOfMail(notice)) }
  },
}

/** They leave a session, which a second look of the erase takes away. */
const OPENS_SESSION = new Set([
  'a sign-in',
  'a sign-in from an address that the account does not know',
  'a sign-in on a page, in place of another session',
  'a sign-in at a provider',
])

async function profileOf(browser: Browser): Promise<Account> {
  const { user } = (await service.get('/api/profile', fromOwnPage(browser))).body
  return { id: String(user.id), email: String(user.email), password: '' }
}

/** Erases the person at one write of a deed after the other, before it reaches the store. */
async function race(
  t: Test,
  prepare: () => Promise<Prepared>,
  opensSession: boolean,
): Promise<void> {
  for (let at = 1; ; at++) {
    const { account, addresses = [account.email], keyIds = [], act } = await prepare()
    let writes = 0
    proxy.decide(async (call): Promise<Fate> => {
      if (isWrite(call) && ++writes === at) await erase(account)
      return 'pass'
    })
    const answer = (await act()) as Partial<Answer> | undefined
    proxy.decide(() => 'pass')
    service.clock.advance(MINUTE)
    if (writes < at) {
      t.ok(at > 1, 'it writes something')
      return
    }
    const token = answer?.body?.accessToken
    if (token !== undefined) {
      const { status } = await service.get('/api/profile', { token })
      t.equal(status, 401, 'a session of no account opens nothing')
    }
    if (opensSession) await erasureOf(service).again(account.id)
    await assertGone(t, service, { account, addresses, keyIds })
  }
}

async function erase({ id }: Account): Promise<void> {
  const user = await service.services.users.store.findById(id)
  if (!user) throw new Error('the account is gone')
  await erasureOf(service).erase(user, () => [])
}

for (const [deed, prepare] of Object.entries(DEEDS)) {
  t.test(`an erase in the middle of ${deed} leaves nothing that opens anything`, (t) =>
    race(t, prepare, OPENS_SESSION.has(deed)),
  )
}

/** A request of an administrator about another person; it is the administrator who is erased. */
const asAdmin =
  (act: (token: string, person: Account) => Promise<unknown>) => async (): Promise<Prepared> => {
    const { account } = await newAdmin(service)
    const person = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    return { account, act: () => act(token, person) }
  }
const onUser = (method: string, path: string, body?: unknown) =>
  asAdmin((token, { id }) => slow.call(method, `/api/admin/users/${id}${path}`, { token, body }))
const onKey = (method: string, path: string, body?: unknown) =>
  asAdmin(async (token, person) => {
    const { accessToken } = await service.signIn(person)
    const made = await service.post(`${KEYS}/generate`, { name: 'k' }, { token: accessToken })
    return slow.call(method, `${KEYS}/${made.body.key.id}${path}`, { token, body })
  })

const ACTS: Readonly<Record<string, () => Promise<Prepared>>> = {
  'the end of another’s sessions': onUser('DELETE', '/sessions'),
  'a change of another’s status': onUser('PATCH', '', { status: 'disabled' }),
  'the deletion of another': onUser('DELETE', ''),
  'the mail of a password link': onUser('POST', '/password-reset'),
  'their word for an address': onUser('POST', '/verify-address'),
  'the release of an address': onUser('POST', '/release-address'),
  'the removal of lost factors': asAdmin(async (token, { id, email, password }) => {
    await withTotp(service, { id, email, password })
    return slow.post(`/api/admin/users/${id}/factors-removal`, undefined, { token })
  }),
  'the enabling of an identity': asAdmin(async (token, person) => {
    const { id, email, password } = person
    // What its end tells of is suspended.
    await service.signIn(person)
    service.clock.advance(MINUTE)
    const browser = new Browser(service)
    browser.setCookies(jarOf(await submit(service, '/login', { email, password })))
    await providers.north.signIn(browser, { ...newSubject(), email }, '?link=true')
    const { password: newPassword } = newAccount()
    const body = { currentPassword: password, newPassword }
    await service.post('/api/auth/password', body, fromOwnPage(browser))
    const user = await service.services.users.store.findById(id)
    const identityId = user?.identities?.[0]?.id
    const path = `/api/admin/users/${id}/identities/${identityId}`
    return slow.call('PATCH', path, { token, body: { status: 'active' } })
  }),
  'an invitation': asAdmin((token) =>
    slow.post('/api/admin/users/invite', { email: newAddress() }, { token }),
  ),
  'the registration of an app': asAdmin((token) => {
    const redirectUris = ['https://orders.example.com/callback']
    return slow.post('/api/admin/clients', { name: 'Orders', redirectUris }, { token })
  }),
  'a change of another’s key': onKey('PATCH', '', { status: 'disabled' }),
  'the rotation of another’s key': onKey('POST', '/rotate', { overlapSeconds: 60 }),
  'the deletion of another’s key': onKey('DELETE', ''),
}

for (const [deed, prepare] of Object.entries(ACTS)) {
  t.test(`an administrator who is erased in the middle of ${deed} is named by nothing`, (t) =>
    race(t, prepare, false),
  )
}
