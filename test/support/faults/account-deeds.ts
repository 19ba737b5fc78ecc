import { AuthenticatorApp, proveFactors, recoveryCodesOf } from '../factors.js'
import { newAddress } from '../address-change.js'
import { newPasskey } from '../passkeys.js'
import type { SoftPasskey } from '../authenticator.js'
import { type Answer, newAccount } from '../service.js'
import type { Deed } from './sweep.js'
import { LOGIN, type Visitor } from './visitor.js'
import { expectStatus, type World } from './world.js'

const AUTH = '/api/auth'
const FACTORS = `${AUTH}/factors`
const PASSKEYS = `${AUTH}/passkeys`
const HALF_MINUTE = 30_000

/** Adds an authenticator app to the account of someone who is signed in, and lets them have proved it. */
export async function addTotp({ service }: World, visitor: Visitor) {
  const { body } = expectStatus(200, await visitor.post(`${FACTORS}/totp`))
  const app = new AuthenticatorApp(service, body.secret as string)
  const path = `${FACTORS}/totp/confirm`
  const confirmed = expectStatus(200, await visitor.post(path, { code: app.code() }))
  service.clock.advance(HALF_MINUTE)
  await proveFactors(service, visitor.token ?? '')
  return { app, recoveryCodes: recoveryCodesOf(confirmed) }
}

/** Adds a passkey likewise. */
export async function addPasskey({ service }: World, visitor: Visitor) {
  const passkey = newPasskey(service)
  const attestation = await attestationOf(visitor, passkey, `${PASSKEYS}/options`)
  const { body } = expectStatus(201, await visitor.post(PASSKEYS, { attestation }))
  await proveFactors(service, visitor.token ?? '')
  return { passkey, id: body.passkey.id as string }
}

async function attestationOf(visitor: Visitor, passkey: SoftPasskey, path: string, body?: object) {
  const options = expectStatus(200, await visitor.post(path, body))
  return passkey.create(options.body)
}

/**
 * A ceremony from its options to its answer. The answer to a challenge is judged once, so that a browser which gets a 503
 * asks for another challenge.
 */
async function ceremony(
  visitor: Visitor,
  options: string,
  body: object | undefined,
  present: (options: any) => Promise<Answer>,
): Promise<Answer> {
  const asked = await visitor.post(options, body)
  return asked.status === 200 ? present(asked.body) : asked
}

/** The ticket of a sign-in that lacks something. */
async function halfWay(visitor: Visitor): Promise<string> {
  const { email, password } = visitor.account
  return expectStatus(401, await visitor.post(LOGIN, { email, password })).body.ticket as string
}

/** What a mail has that a person has asked for. */
export async function mailed(world: World, visitor: Visitor, path: string, body?: object) {
  const { email } = visitor.account
  const asked = expectStatus(202, await visitor.post(path, body ?? { email }))
  const { code, secret: ticket } = await world.mailTo(visitor)
  return { flow: asked.body.flow as string, code, ticket }
}

const reading =
  (path: string): Deed =>
  async (world) => {
    const person = await world.signedIn()
    return () => person.call('GET', path)
  }

/** Someone under a policy that wants a second factor, whose mailbox is proved. */
async function enrolling(world: World) {
  const { strict } = world
  const person = await world.member({ service: strict })
  const { flow, code } = await mailed(world, person, `${LOGIN}/email`)
  const { body } = expectStatus(401, await person.post(`${LOGIN}/email/confirm`, { flow, code }))
  return { person, ticket: body.ticket as string }
}

/** Signing up and in, and what a person does with their own account, as programs ask for it. */
export const ACCOUNT_DEEDS: Readonly<Record<string, Deed>> = {
  'POST /api/auth/register': async (world) => {
    const { email, password } = newAccount()
    const person = world.stranger()
    return () => person.post(`${AUTH}/register`, { email, password })
  },
  'POST /api/auth/login': async (world) => {
    const person = await world.member()
    const { email, password } = person.account
    return () => person.post(LOGIN, { email, password })
  },
  'POST /api/auth/password': async (world) => {
    const person = await world.signedIn()
    const [currentPassword, newPassword] = [person.account.password, newAccount().password]
    return () => person.post(`${AUTH}/password`, { currentPassword, newPassword })
  },
  'POST /api/auth/password/check': async (world) => {
    const { password } = newAccount()
    const person = world.stranger()
    return () => person.post(`${AUTH}/password/check`, { password })
  },
  'POST /api/auth/password/forgot': async (world) => {
    const person = await world.member()
    const { email } = person.account
    return () => person.post(`${AUTH}/password/forgot`, { email })
  },
  'POST /api/auth/password/reset': async (world) => {
    const person = await world.signedIn()
    const { ticket } = await mailed(world, person, `${AUTH}/password/forgot`)
    const newPassword = newAccount().password
    return () => person.post(`${AUTH}/password/reset`, { ticket, newPassword })
  },
  'POST /api/auth/login/email': async (world) => {
    const person = await world.member()
    const { email } = person.account
    return () => person.post(`${LOGIN}/email`, { email })
  },
  'POST /api/auth/login/email/confirm': async (world) => {
    const person = await world.member()
    const { flow, code } = await mailed(world, person, `${LOGIN}/email`)
    return () => person.post(`${LOGIN}/email/confirm`, { flow, code })
  },
  'POST /api/auth/email/verification': async (world) => {
    const person = await world.signedIn({ isProved: false })
    return () => person.post(`${AUTH}/email/verification`)
  },
  'POST /api/auth/email/verification/confirm': async (world) => {
    const person = await world.signedIn({ isProved: false })
    const { ticket } = await mailed(world, person, `${AUTH}/email/verification`)
    return () => person.post(`${AUTH}/email/verification/confirm`, { ticket })
  },
  'POST /api/auth/email/verification/disown': async (world) => {
    const person = await world.signedIn({ isProved: false })
    const { ticket } = await mailed(world, person, `${AUTH}/email/verification`)
    return () => world.stranger().post(`${AUTH}/email/verification/disown`, { ticket })
  },
  'POST /api/auth/invitation/accept': async (world) => {
    const admin = await world.admin()
    const { email, password } = newAccount()
    expectStatus(201, await admin.post('/api/admin/users/invite', { email }))
    const { secret: ticket } = await world.mailTo(admin, email)
    const person = world.stranger()
    return () => person.post(`${AUTH}/invitation/accept`, { ticket, password })
  },
  'POST /api/auth/email': async (world) => {
    const person = await world.signedIn()
    const newEmail = newAddress()
    return () => person.post(`${AUTH}/email`, { newEmail })
  },
  'POST /api/auth/email/confirm': async (world) => {
    const person = await world.signedIn()
    const newEmail = newAddress()
    expectStatus(202, await person.post(`${AUTH}/email`, { newEmail }))
    const { code } = await world.mailTo(person, newEmail)
    return () => person.post(`${AUTH}/email/confirm`, { code })
  },
  'POST /api/auth/email/undo': async (world) => {
    const person = await world.signedIn()
    const newEmail = newAddress()
    expectStatus(202, await person.post(`${AUTH}/email`, { newEmail }))
    const { code } = await world.mailTo(person, newEmail)
    expectStatus(200, await person.post(`${AUTH}/email/confirm`, { code }))
    const { secret: ticket } = await world.mailTo(person)
    const { password } = person.account
    return () => person.post(`${AUTH}/email/undo`, { ticket, password })
  },
  'GET /api/profile': reading('/api/profile'),
  'PATCH /api/profile': async (world) => {
    const person = await world.signedIn()
    return () => person.call('PATCH', '/api/profile', { name: 'Ada' })
  },
  'GET /api/account/export': reading('/api/account/export'),
  'DELETE /api/account': async (world) => {
    const person = await world.signedIn()
    return () => person.call('DELETE', '/api/account')
  },
  'GET /api/account/events': reading('/api/account/events'),
  'POST /api/auth/refresh': async (world) => {
    const person = await world.signedIn()
    const { refreshToken } = person
    return () => person.post(`${AUTH}/refresh`, { refreshToken })
  },
  'POST /api/auth/logout': async (world) => {
    const person = await world.signedIn()
    return () => person.post(`${AUTH}/logout`)
  },
  'GET /api/auth/sessions': reading(`${AUTH}/sessions`),
  'DELETE /api/auth/sessions/:id': async (world) => {
    const person = await world.signedIn()
    const { email, password } = person.account
    const { body } = await person.call('GET', `${AUTH}/sessions`)
    expectStatus(200, await person.post(LOGIN, { email, password }))
    return () => person.call('DELETE', `${AUTH}/sessions/${body.sessions[0].id}`)
  },
  'DELETE /api/auth/sessions': async (world) => {
    const person = await world.signedIn()
    return () => person.call('DELETE', `${AUTH}/sessions`)
  },
  'GET /api/auth/factors': reading(FACTORS),
  'POST /api/auth/factors/totp': async (world) => {
    const person = await world.signedIn()
    return () => person.post(`${FACTORS}/totp`)
  },
  'POST /api/auth/factors/totp/confirm': async (world) => {
    const person = await world.signedIn()
    const { body } = await person.post(`${FACTORS}/totp`)
    const code = new AuthenticatorApp(world.service, body.secret as string).code()
    return () => person.post(`${FACTORS}/totp/confirm`, { code })
  },
  'DELETE /api/auth/factors/totp': async (world) => {
    const person = await world.signedIn()
    await addTotp(world, person)
    return () => person.call('DELETE', `${FACTORS}/totp`)
  },
  'POST /api/auth/factors/recovery-codes': async (world) => {
    const person = await world.signedIn()
    await addTotp(world, person)
    return () => person.post(`${FACTORS}/recovery-codes`)
  },
  'GET /api/auth/devices': reading(`${AUTH}/devices`),
  'DELETE /api/auth/devices/:id': async (world) => {
    const person = await world.signedIn()
    const { app } = await addTotp(world, person)
    await trustBrowser(person, app)
    const { body } = expectStatus(200, await person.call('GET', `${AUTH}/devices`))
    return () => person.call('DELETE', `${AUTH}/devices/${body.devices[0].id}`)
  },
  'POST /api/auth/login/factor': async (world) => {
    const person = await world.signedIn()
    const { app } = await addTotp(world, person)
    const ticket = await halfWay(person)
    const totp = app.code()
    return () => person.post(`${LOGIN}/factor`, { ticket, totp })
  },
  'POST /api/auth/login/factor by a recovery code': async (world) => {
    const person = await world.signedIn()
    const { recoveryCodes } = await addTotp(world, person)
    const ticket = await halfWay(person)
    const [recoveryCode] = recoveryCodes
    return () => person.post(`${LOGIN}/factor`, { ticket, recoveryCode })
  },
  'POST /api/auth/login/factor by a passkey': async (world) => {
    const person = await world.signedIn()
    const { passkey } = await addPasskey(world, person)
    const ticket = await halfWay(person)
    return () =>
      ceremony(person, `${LOGIN}/passkey/options`, undefined, (options) =>
        person.post(`${LOGIN}/factor`, { ticket, assertion: passkey.get(options) }),
      )
  },
  'POST /api/auth/step-up': async (world) => {
    const person = await world.signedIn()
    await addTotp(world, person)
    return () => person.post(`${AUTH}/step-up`)
  },
  'POST /api/auth/login/factor in a session': async (world) => {
    const person = await world.signedIn()
    const { app } = await addTotp(world, person)
    const { body } = expectStatus(200, await person.post(`${AUTH}/step-up`))
    const totp = app.code()
    return () => person.post(`${LOGIN}/factor`, { ticket: body.ticket, totp })
  },
  'POST /api/auth/login/enrolment/totp': async (world) => {
    const { person, ticket } = await enrolling(world)
    return () => person.post(`${LOGIN}/enrolment/totp`, { ticket })
  },
  'POST /api/auth/login/enrolment/totp/confirm': async (world) => {
    const { person, ticket } = await enrolling(world)
    const { body } = expectStatus(200, await person.post(`${LOGIN}/enrolment/totp`, { ticket }))
    const code = new AuthenticatorApp(world.service, body.secret as string).code()
    return () => person.post(`${LOGIN}/enrolment/totp/confirm`, { ticket, code })
  },
  'POST /api/auth/login/enrolment/passkeys/options': async (world) => {
    const { person, ticket } = await enrolling(world)
    return () => person.post(`${LOGIN}/enrolment/passkeys/options`, { ticket })
  },
  'POST /api/auth/login/enrolment/passkeys': async (world) => {
    const { person, ticket } = await enrolling(world)
    const path = `${LOGIN}/enrolment/passkeys`
    const passkey = newPasskey(world.strict)
    return () =>
      ceremony(person, `${path}/options`, { ticket }, (options) =>
        person.post(path, { ticket, attestation: passkey.create(options) }),
      )
  },
  'POST /api/auth/passkeys/options': async (world) => {
    const person = await world.signedIn()
    return () => person.post(`${PASSKEYS}/options`)
  },
  'POST /api/auth/passkeys': async (world) => {
    const person = await world.signedIn()
    const passkey = newPasskey(world.service)
    return () =>
      ceremony(person, `${PASSKEYS}/options`, undefined, (options) =>
        person.post(PASSKEYS, { attestation: passkey.create(options) }),
      )
  },
  'GET /api/auth/passkeys': reading(PASSKEYS),
  'PATCH /api/auth/passkeys/:id': async (world) => {
    const person = await world.signedIn()
    const { id } = await addPasskey(world, person)
    return () => person.call('PATCH', `${PASSKEYS}/${id}`, { name: 'Desk' })
  },
  'DELETE /api/auth/passkeys/:id': async (world) => {
    const person = await world.signedIn()
    const { id } = await addPasskey(world, person)
    return () => person.call('DELETE', `${PASSKEYS}/${id}`)
  },
  'POST /api/auth/login/passkey/options': async (world) => {
    const person = world.stranger()
    return () => person.post(`${LOGIN}/passkey/options`)
  },
  'POST /api/auth/login/passkey': async (world) => {
    const person = await world.signedIn()
    const { passkey } = await addPasskey(world, person)
    return () =>
      ceremony(person, `${LOGIN}/passkey/options`, undefined, (options) =>
        person.post(`${LOGIN}/passkey`, { assertion: passkey.get(options) }),
      )
  },
  'POST /api/auth/factors/removal/cancel': async (world) => {
    const admin = await world.admin()
    const person = await world.signedIn()
    await addTotp(world, person)
    const path = `/api/admin/users/${person.account.id}/factors-removal`
    expectStatus(200, await admin.post(path))
    const { secret: ticket } = await world.mailTo(person)
    return () => person.post(`${FACTORS}/removal/cancel`, { ticket })
  },
  'GET /api/auth/identities': reading(`${AUTH}/identities`),
  'PATCH /api/auth/identities/:id': async (world) => {
    const person = await world.signedIn()
    const id = await linkIdentity(world, person)
    const [currentPassword, newPassword] = [person.account.password, newAccount().password]
    const path = `${AUTH}/password`
    expectStatus(204, await person.post(path, { currentPassword, newPassword }))
    return () => person.call('PATCH', `${AUTH}/identities/${id}`, { status: 'active' })
  },
  'DELETE /api/auth/identities/:id': async (world) => {
    const person = await world.signedIn()
    const id = await linkIdentity(world, person)
    return () => person.call('DELETE', `${AUTH}/identities/${id}`)
  },
  'GET /api/protected': reading('/api/protected'),
  'GET /.well-known/passkey-endpoints': async (world) => {
    const person = world.stranger()
    return () => person.call('GET', '/.well-known/passkey-endpoints')
  },
}

/** Lets a browser need no second factor for a while. */
export async function trustBrowser(person: Visitor, app: AuthenticatorApp): Promise<void> {
  const { email, password } = person.account
  expectStatus(303, await person.send('/login', { email, password }))
  const fields = { totp: app.nextCode(), trustDevice: 'on' }
  expectStatus(303, await person.send('/login/factor', fields))
  app.nextCode()
}

/** Lets a person sign in at a provider too. */
export async function linkIdentity({ service }: World, { account, token }: Visitor) {
  const identity = {
    provider: 'acme',
    issuer: 'https://idp.example.com',
    subject: account.id,
    emailVerified: false,
    domains: [],
  }
  await service.services.identities.link({ language: 'en' }, { id: account.id, epoch: 0 }, identity)
  const { body } = await service.get(`${AUTH}/identities`, { token: token ?? '' })
  return body.identities[0].id as string
}
