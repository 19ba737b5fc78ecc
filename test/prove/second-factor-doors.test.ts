import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { FLAGS, type SoftPasskey } from '../support/authenticator.js'
import { Browser } from '../support/browser.js'
import { MINUTE } from '../support/clock.js'
import { describedService } from '../support/described-service.js'
import { addTotp, FACTOR_SIGN_IN } from '../support/factors.js'
import {
  newSubject,
  type OpenProvider,
  startWithOpenProviders,
  type Subject,
} from '../support/identity-provider.js'
import { ACCEPT, inviteByCommandLine } from '../support/invitations.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM } from '../support/mail-sign-in.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { jarOf, submit } from '../support/pages.js'
import { addPasskey, assertionOf, newPasskey, signInWith } from '../support/passkeys.js'
import { REVOCATION } from '../support/revocation.js'
import { withRoutes } from '../support/routes.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const VERIFICATION = '/api/auth/email/verification'
const ENROLMENT = '/api/auth/login/enrolment'
const PROVIDER = 'GET /api/auth/acme/callback'

/** A person with an account, whom a provider knows too. */
interface Person extends Account {
  readonly subject: Subject
  /** A passkey that they have made, whether or not the account has it. */
  readonly passkey: SoftPasskey
}

/** A way in, as a person goes it who proves no second factor, unless the door is one. */
interface Door {
  /** The route at its end, by its method and path. */
  readonly at: string
  readonly enter: (service: Service, person: Person) => Promise<unknown>
  /** Whether it proves two factors by itself. */
  readonly isPasskey?: boolean
}

const HELD = {
  nothing: async () => undefined,
  'an authenticator app': (service: Service, token: string) => addTotp(service, token),
  'a passkey': (service: Service, token: string, passkey: SoftPasskey) =>
    addPasskey(service, token, passkey),
}

/** Routes that ask for no session, and open none for any body. */
const OPEN_NOTHING = `
GET / | GET /.well-known/change-password | GET /.well-known/jwks.json
GET /.well-known/openid-configuration | GET /.well-known/passkey-endpoints
GET /api/auth/acme | GET /assets/:file | GET /consent | GET /errors | GET /favicon.ico | GET /forgot
GET /healthz | GET /invitation | GET /keep-factors | GET /login | GET /login/address | GET /login/email
GET /login/email/confirm | GET /login/enrolment | GET /login/enrolment/totp | GET /login/factor
GET /login/free | GET /login/passkey | GET /login/readdress | GET /logout
GET /.well-known/oauth-authorization-server | GET /oauth/authorize | GET /oauth/logout | GET /openapi.json
GET /register | GET /reset | GET /step-up | GET /undo | GET /verify
POST /api/auth/email/undo | POST /api/auth/email/verification/disown
POST /api/auth/factors/removal/cancel | POST /api/auth/login/email
POST /api/auth/login/enrolment/passkeys/options | POST /api/auth/login/enrolment/totp
POST /api/auth/login/passkey/options | POST /api/auth/password/check
POST /api/auth/password/forgot | POST /api/auth/refresh | POST /api/auth/register
POST /consent | POST /oauth/authorize
POST /forgot | POST /keep-factors | POST /login/address | POST /login/email
POST /login/enrolment/passkeys/options | POST /login/enrolment/totp | POST /login/readdress
POST /logout | POST /oauth/logout | POST /oauth/revoke | POST /reset | POST /step-up | POST /undo | POST /verify/disown`
  .split(/[|\n]/)
  .map((route) => route.trim())
  .filter((route) => route !== '')

/** Routes that open the first session of an account, which has no factor yet. */
const FIRST: Readonly<
  Record<string, (service: Service, provider: OpenProvider) => Promise<unknown>>
> = {
  'POST /api/auth/email/verification/confirm': async (service) => {
    const { email, password } = newAccount()
    const { body } = await service.post('/api/auth/register', { email, password })
    const { code } = await lastMail(service, email)
    return service.post('/api/auth/email/verification/confirm', { flow: body.flow, code })
  },
  'POST /api/auth/invitation/accept': async (service) => {
    const { ticket } = await inviteByCommandLine(service)
    return service.post(ACCEPT, { ticket, password: newAccount().password })
  },
  'POST /invitation': async (service) => {
    const { ticket } = await inviteByCommandLine(service)
    return submit(service, '/invitation', { ticket, password: newAccount().password })
  },
  'POST /verify': async (service) => {
    const { email, password } = newAccount()
    const cookies = jarOf(await submit(service, '/register', { email, password }))
    const { code } = await lastMail(service, email)
    return submit(service, '/verify', { code }, { cookies })
  },
  'POST /login/free': async (service, provider) => {
    const { email } = await service.signUp()
    const browser = new Browser(service)
    await provider.signIn(browser, { ...newSubject(), email })
    return submit(service, '/login/free', {}, { cookies: browser.cookies() })
  },
}

/** What leads to an account whose address is not proved, by someone who proves no second factor. */
const UNPROVED: Readonly<
  Record<string, (service: Service, account: Account, given: Given) => Promise<unknown>>
> = {
  'POST /api/auth/email/verification/confirm': async (service, { email }, { token }) => {
    const { body } = await service.post(VERIFICATION, undefined, { token })
    const { code } = await lastMail(service, email)
    const confirmed = await service.post(`${VERIFICATION}/confirm`, { flow: body.flow, code })
    t.equal(confirmed.status, 200, 'the address is proved, and no more')
    return confirmed
  },
  'POST /verify': async (service, { email }, { token }) => {
    await service.post(VERIFICATION, undefined, { token })
    const { secret: ticket } = await lastMail(service, email)
    return submit(service, '/verify', { ticket })
  },
  'POST /login/free': async (service, { email }, { provider }) => {
    const browser = new Browser(service)
    await provider.signIn(browser, { ...newSubject(), email })
    return submit(service, '/login/free', {}, { cookies: browser.cookies() })
  },
}

interface Given {
  /** Of a session of the account. */
  readonly token: string
  readonly provider: OpenProvider
}

/** It starts an app of its own to see which headers helmet sets. */
const PROBE = 'http/helmet-headers.ts'

/** The routes that anyone can call: pages but for those of a person's own, and what says that it takes no credential. */
async function openRoutes(): Promise<string[]> {
  const start = () => describedService({ ...optionalRoutes(), ...MAIL })
  const { app, routes } = await withRoutes(start)
  await app.close()
  const open = routes.filter(({ method, url, file, schema }) => {
    if (method === 'HEAD' || file === PROBE || /^\/(dashboard|account)(\/|$)/.test(url))
      return false
    if (schema === undefined || schema.hide === true || url === REVOCATION) return true
    return schema.security?.length === 0
  })
  return open.map(({ method, url }) => `${method} ${url}`)
}

const POLICIES = ['optional', 'administrators', 'required'] as const
const ROLES = ['user', 'admin'] as const

async function countSessions({ client, config }: Service, userId?: string): Promise<number> {
  const scan = { TableName: config.tables.refreshTokens, ConsistentRead: true }
  const ofUser = userId !== undefined && {
    FilterExpression: 'userId = :user',
    ExpressionAttributeValues: { ':user': { S: userId } },
  }
  const { Count = 0 } = await client.send(new ScanCommand({ ...scan, ...ofUser, Select: 'COUNT' }))
  return Count
}

const DOORS: Readonly<Record<string, Door>> = {
  password: {
    at: 'POST /api/auth/login',
    enter: (service, { email, password }) => service.post(LOGIN, { email, password }),
  },
  'a page': {
    at: 'POST /login',
    enter: (service, { email, password }) => submit(service, '/login', { email, password }),
  },
  'registering again': {
    at: 'POST /register',
    enter: (service, { email, password }) => submit(service, '/register', { email, password }),
  },
  mail: {
    at: 'POST /api/auth/login/email/confirm',
    enter: (service, { email }) => confirmMail(service, email),
  },
  'a page by mail': {
    at: 'POST /login/email/confirm',
    enter: (service, { email }) => confirmOnPage(service, email),
  },
  'a reset': {
    at: 'POST /api/auth/password/reset',
    enter: async (service, { email }) => {
      service.clock.advance(MINUTE)
      await service.post('/api/auth/password/forgot', { email })
      const { secret: ticket } = await lastMail(service, email)
      const { password } = newAccount()
      await service.post('/api/auth/password/reset', { ticket, newPassword: password })
      return service.post(LOGIN, { email, password })
    },
  },
  'a second step by the password again': {
    at: 'POST /api/auth/login/factor',
    enter: async (service, { email, password }) => {
      const { body } = await service.post(LOGIN, { email, password })
      const { ticket = 'none' } = body
      await service.post(FACTOR_SIGN_IN, { ticket, password })
      return service.post(FACTOR_SIGN_IN, { ticket, totp: '000000' })
    },
  },
  'a page of the second step': {
    at: 'POST /login/factor',
    enter: async (service, { email, password }) => {
      const cookies = jarOf(await submit(service, '/login', { email, password }))
      return submit(service, '/login/factor', { totp: '000000', password }, { cookies })
    },
  },
  'an app that was not confirmed': {
    at: 'POST /api/auth/login/enrolment/totp/confirm',
    enter: async (service, { email }) => {
      const ticket = await confirmMail(service, email)
      await service.post(`${ENROLMENT}/totp`, { ticket })
      return service.post(`${ENROLMENT}/totp/confirm`, { ticket, code: '000000' })
    },
  },
  'a page of an app that was not confirmed': {
    at: 'POST /login/enrolment/totp/confirm',
    enter: async (service, { email }) => {
      const cookies = await confirmOnPage(service, email)
      await submit(service, '/login/enrolment/totp', {}, { cookies })
      return submit(service, '/login/enrolment/totp/confirm', { code: '000000' }, { cookies })
    },
  },
  'a passkey that verified no one': {
    at: 'POST /api/auth/login/enrolment/passkeys',
    enter: async (service, { email }) => {
      const ticket = await confirmMail(service, email)
      const { body } = await service.post(`${ENROLMENT}/passkeys/options`, { ticket })
      if (!body.challenge) return undefined
      const attestation = newPasskey(service).create(body, { flags: FLAGS.UP | FLAGS.AT })
      return service.post(`${ENROLMENT}/passkeys`, { ticket, attestation })
    },
  },
  'a page of a passkey that verified no one': {
    at: 'POST /login/enrolment/passkeys',
    enter: async (service, { email }) => {
      const cookies = await confirmOnPage(service, email)
      const { body } = await submit(service, '/login/enrolment/passkeys/options', {}, { cookies })
      if (!body?.challenge) return undefined
      const made = newPasskey(service).create(body, { flags: FLAGS.UP | FLAGS.AT })
      const attestation = JSON.stringify(made)
      return submit(service, '/login/enrolment/passkeys', { attestation }, { cookies })
    },
  },
  'a passkey': {
    at: 'POST /api/auth/login/passkey',
    isPasskey: true,
    enter: (service, { passkey }) => signInWith(service, passkey),
  },
  'a page by a passkey': {
    at: 'POST /login/passkey',
    isPasskey: true,
    enter: async (service, { passkey }) => {
      const assertion = JSON.stringify(await assertionOf(service, passkey))
      return submit(service, '/login/passkey', { assertion })
    },
  },
}

/** @returns the ticket of an enrolment, where one is wanted. */
async function confirmMail(service: Service, email: string): Promise<string> {
  const { body } = await service.post(CONFIRM, byCode(await askToSignIn(service, email)))
  return body.ticket ?? 'none'
}

/** @returns the cookies that the browser has then. */
async function confirmOnPage(service: Service, email: string): Promise<Record<string, string>> {
  service.clock.advance(MINUTE)
  const cookies = jarOf(await submit(service, '/login/email', { email }))
  const { code } = await lastMail(service, email)
  return {
    ...cookies,
    ...jarOf(await submit(service, '/login/email/confirm', { code }, { cookies })),
  }
}

t.test('each route that anyone can call is a door of these, or opens nothing', async (t) => {
  const known = [
    ...Object.values(DOORS).map(({ at }) => at),
    ...Object.keys(FIRST),
    ...OPEN_NOTHING,
    PROVIDER,
  ]
  t.same((await openRoutes()).sort(), known.sort())
})

t.test('what is no door opens nothing', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { email, password, id } = await service.signUp()
  await proveAddress(service, id)
  const before = await countSessions(service)
  for (const route of OPEN_NOTHING) {
    const [method = '', url = ''] = route.split(' ')
    const fields = { email, password, currentPassword: password, newPassword: password }
    if (method === 'GET') await service.get(`${url}?${new URLSearchParams({ email, password })}`)
    else if (url.startsWith('/api/')) await service.post(url, fields)
    else await submit(service, url, fields)
    t.equal(await countSessions(service), before, route)
  }
})

t.test('no door opens a session without the factors that the policy wants', async (t) => {
  const { service: lax, providers, env } = await startWithOpenProviders(t, ['north'], MAIL)
  const doors: Readonly<Record<string, Door>> = {
    ...DOORS,
    provider: {
      at: PROVIDER,
      enter: (service, { subject }) => providers.north.signIn(new Browser(service), subject),
    },
  }
  for (const SECOND_FACTOR of POLICIES) {
    const service = await startService(t, { beside: lax, env: { ...env, ...MAIL, SECOND_FACTOR } })
    // A registration opens a session by its mail where the address has to be proved first.
    const proving = { ...env, ...MAIL, SECOND_FACTOR, EMAIL_VERIFICATION: 'required' }
    const first = await startService(t, { beside: lax, env: proving })
    for (const [route, enter] of Object.entries(FIRST)) {
      const before = await countSessions(first)
      await enter(first, providers.north)
      const more = (await countSessions(first)) - before
      t.equal(more, SECOND_FACTOR === 'required' ? 0 : 1, `${SECOND_FACTOR}, ${route}`)
    }
    for (const role of ROLES) {
      for (const [held, give] of Object.entries(HELD)) {
        const isWanted =
          SECOND_FACTOR === 'required' || (SECOND_FACTOR === 'administrators' && role === 'admin')
        const opens = held === 'nothing' && !isWanted ? 1 : 0
        for (const [door, { enter, isPasskey }] of Object.entries(doors)) {
          const account = await lax.signUp()
          await proveAddress(lax, account.id)
          const subject = { ...newSubject(), email: account.email }
          const person = { ...account, subject, passkey: newPasskey(lax) }
          await providers.north.signIn(new Browser(lax), person.subject)
          const { accessToken } = await lax.signIn(account)
          await give(lax, accessToken, person.passkey)
          await lax.services.users.store.change(account.id, { role })
          const before = await countSessions(lax)
          await enter(service, person)
          const more = (await countSessions(lax)) - before
          const expected = isPasskey ? Number(held === 'a passkey') : opens
          t.equal(more, expected, `${SECOND_FACTOR}, ${role} with ${held}, by ${door}`)
        }
      }
    }
  }
})

t.test('nor does what proves or frees an address', async (t) => {
  const { service: lax, providers, env } = await startWithOpenProviders(t, ['north'], MAIL)
  for (const SECOND_FACTOR of POLICIES) {
    const service = await startService(t, { beside: lax, env: { ...env, ...MAIL, SECOND_FACTOR } })
    for (const role of ROLES) {
      for (const [held, give] of Object.entries(HELD)) {
        for (const [route, enter] of Object.entries(UNPROVED)) {
          const account = await lax.signUp()
          const { accessToken: token } = await lax.signIn(account)
          await give(lax, token, newPasskey(lax))
          await lax.services.users.store.change(account.id, { role })
          const before = await countSessions(lax)
          const own = await countSessions(lax, account.id)
          await enter(service, account, { token, provider: providers.north })
          const what = `${SECOND_FACTOR}, ${role} with ${held}, by ${route}`
          t.equal(await countSessions(lax, account.id), own, what)
          // Of the new account that gets a freed address, and has no factor. Administrators keep theirs.
          const isFreed = route === 'POST /login/free' && role === 'user'
          const opens = isFreed && SECOND_FACTOR !== 'required' ? 1 : 0
          t.equal((await countSessions(lax)) - before, opens, `${what}: of others`)
        }
      }
    }
  }
})
