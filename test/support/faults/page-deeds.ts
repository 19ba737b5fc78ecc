import { newAddress } from '../address-change.js'
import { AuthenticatorApp, proveFactors } from '../factors.js'
import { Browser } from '../browser.js'
import { registeredApp } from '../apps.js'
import { newSubject } from '../identity-provider.js'
import { newPasskey } from '../passkeys.js'
import { type Answer, ISSUER, newAccount } from '../service.js'
import { addPasskey, addTotp, linkIdentity, mailed, trustBrowser } from './account-deeds.js'
import { lockTotp } from './admin-deeds.js'
import { REDIRECT, withConsent, withKey } from './machine-deeds.js'
import type { Deed } from './sweep.js'
import { type Fields, LOGIN, type Visitor } from './visitor.js'
import { expectStatus, type World } from './world.js'

const AUTH = '/api/auth'

/** Signs someone in on the page who is signed in as a program. */
async function onPage(visitor: Visitor): Promise<Visitor> {
  const { email, password } = visitor.account
  expectStatus(303, await visitor.send('/login', { email, password }))
  return visitor
}

/** Both at once: a token to prepare with, and cookies. */
const signedIn = async (world: World): Promise<Visitor> => onPage(await world.signedIn())

/** A page that anyone opens. */
const open =
  (path: string): Deed =>
  async (world) => {
    const visitor = world.stranger()
    return () => visitor.open(path)
  }

/** A page of someone's own. */
const own =
  (path: string): Deed =>
  async (world) => {
    const person = await world.onPages()
    return () => person.open(path)
  }

const administrators =
  (path: string): Deed =>
  async (world) => {
    const admin = await world.admin()
    return () => admin.open(path)
  }

/** A form that stands on a page of someone's own. */
const form =
  (page: string, action: string, values: Fields = {}): Deed =>
  async (world) => {
    const person = await world.onPages()
    const fields = await person.fill(page, action, values)
    return () => person.send(action, fields)
  }

/** A form of the page of a key. */
const ofKey =
  (action: string, values: Fields = {}, before?: string): Deed =>
  async (world) => {
    const { owner, id } = await withKey(world, await signedIn(world))
    const page = `/dashboard/keys/${id}`
    if (before !== undefined) {
      expectStatus(303, await owner.send(page + before, await owner.fill(page, page + before)))
    }
    const fields = await owner.fill(page, page + action, values)
    return () => owner.send(page + action, fields)
  }

/** A form of the page of an app. */
const ofApp =
  (action: string, values: Fields = {}): Deed =>
  async (world) => {
    const admin = await world.admin()
    const { client } = await registeredApp(world.service)
    const page = `/dashboard/apps/${client.clientId}`
    const fields = await admin.fill(page, page + action, values)
    return () => admin.send(page + action, fields)
  }

/** A form of the page of another person. */
const ofUser =
  (action: string, prepare?: (world: World, visitor: Visitor) => Promise<unknown>): Deed =>
  async (world) => {
    const person = await world.signedIn({ isProved: action !== '/verify-address' })
    await prepare?.(world, person)
    const admin = await world.admin()
    const page = `/dashboard/users/${person.account.id}`
    const fields = await admin.fill(page, page + action)
    return () => admin.send(page + action, fields)
  }

const beginRemoval = async (world: World, visitor: Visitor, days = 1) => {
  await addTotp(world, visitor)
  const admin = await world.admin()
  const { id } = visitor.account
  expectStatus(200, await admin.post(`/api/admin/users/${id}/factors-removal`))
  world.service.clock.advance(days * 86_400_000)
}

const disable = async (world: World, { account }: Visitor) => {
  const admin = await world.admin()
  const body = { status: 'disabled' }
  expectStatus(200, await admin.call('PATCH', `/api/admin/users/${account.id}`, body))
}

const promote = async (world: World, { account }: Visitor) => {
  const admin = await world.admin()
  const body = { role: 'admin' }
  expectStatus(200, await admin.call('PATCH', `/api/admin/users/${account.id}`, body))
}

/** Someone whose second factor is asked for by now. */
async function halfWay(world: World) {
  const person = await world.signedIn()
  const { app } = await addTotp(world, person)
  const { email, password } = person.account
  expectStatus(303, await person.send('/login', { email, password }))
  return { person, app }
}

/** Someone under a policy that wants a second factor, whose mailbox is proved in this browser. */
async function enrolling(world: World) {
  const person = await world.member({ service: world.strict })
  const { email } = person.account
  expectStatus(303, await person.send('/login/email', { email }))
  const { code } = await world.mailTo(person)
  expectStatus(303, await person.send('/login/email/confirm', { code }))
  return person
}

async function secretOf(person: Visitor, page: string): Promise<string> {
  const { text } = expectStatus(200, await person.open(page))
  const [, secret = ''] = /secret=([A-Z2-7]+)/.exec(text) ?? []
  if (secret === '') throw new Error(`${page} shows no secret`)
  return secret
}

/** Someone who goes to a provider, and is sent back to the callback that `walk` tells. */
function comer(world: World, subject = newSubject()) {
  const browser = new Browser(world.service)
  const person = world.stranger()
  const walk = async () => {
    const { pathname, search } = new URL(await world.provider.walk(browser, subject))
    person.keep(browser.cookies())
    return pathname + search
  }
  return { person, walk }
}

/** The way back from a provider. A flow that is spent when the store is unavailable is begun once more. */
async function comingBack(world: World, subject = newSubject()) {
  const { person, walk } = comer(world, subject)
  const callback = await walk()
  return async () => {
    const answer = await person.open(callback)
    return isExpired(answer) ? person.open(await walk()) : answer
  }
}

const isExpired = ({ headers }: Answer): boolean =>
  String(headers.location).includes('SIGN_IN_EXPIRED')

/** A provider's proof that an address is someone's whose account is another's. */
async function freeing(world: World) {
  const squatter = await world.member({ isProved: false })
  const { email } = squatter.account
  const { person: owner, walk } = comer(world, { ...newSubject(), email })
  const { headers } = expectStatus(302, await owner.open(await walk()))
  const location = new URL(String(headers.location), ISSUER)
  if (location.pathname !== '/login/free') throw new Error(`led to ${location.href}`)
  return { squatter, owner, location, walk }
}

/** A former holder of an address, who is asked for another. */
async function returning(world: World) {
  const { squatter, owner } = await freeing(world)
  expectStatus(303, await owner.send('/login/free'))
  const { email, password } = squatter.account
  const { headers } = expectStatus(303, await squatter.send('/login', { email, password }))
  if (!String(headers.location).startsWith('/login/readdress')) throw new Error('not led back')
  return squatter
}

/** What people do in a browser without scripts. */
export const PAGE_DEEDS: Readonly<Record<string, Deed>> = {
  'GET /': open('/'),
  'GET /assets/:file': async (world) => {
    const visitor = world.stranger()
    const { text } = await visitor.open('/login')
    const [path = ''] = /\/assets\/[^"]+/.exec(text) ?? []
    return () => visitor.open(path)
  },
  'GET /favicon.ico': open('/favicon.ico'),
  'GET /errors': open('/errors'),
  'GET /login': open('/login'),
  'POST /login': async (world) => {
    const person = await world.member()
    const { email, password } = person.account
    return () => person.send('/login', { email, password })
  },
  'GET /login/passkey': open('/login/passkey'),
  'POST /login/passkey': async (world) => {
    const person = await world.signedIn()
    const { passkey } = await addPasskey(world, person)
    return async () => {
      const asked = await person.post(`${LOGIN}/passkey/options`)
      if (asked.status !== 200) return asked
      return person.send('/login/passkey', { assertion: JSON.stringify(passkey.get(asked.body)) })
    }
  },
  'GET /login/address': open('/login/address'),
  'POST /login/address': async (world) => {
    const person = await world.member()
    return () => person.send('/login/address', { email: person.account.email })
  },
  'GET /register': open('/register'),
  'POST /register': async (world) => {
    const { email, password } = newAccount()
    const person = world.stranger()
    return () => person.send('/register', { email, password })
  },
  'GET /logout': own('/logout'),
  'POST /logout': async (world) => {
    const person = await world.onPages()
    return () => person.send('/logout')
  },
  'GET /login/email': open('/login/email'),
  'POST /login/email': async (world) => {
    const person = await world.member()
    return () => person.send('/login/email', { email: person.account.email })
  },
  'GET /login/email/confirm': open('/login/email/confirm'),
  'POST /login/email/confirm': async (world) => {
    const person = await world.member()
    expectStatus(303, await person.send('/login/email', { email: person.account.email }))
    const { code } = await world.mailTo(person)
    return () => person.send('/login/email/confirm', { code })
  },
  'GET /login/factor': async (world) => {
    const { person } = await halfWay(world)
    return () => person.open('/login/factor')
  },
  'POST /login/factor': async (world) => {
    const { person, app } = await halfWay(world)
    const totp = app.code()
    return () => person.send('/login/factor', { totp })
  },
  'GET /login/enrolment': async (world) => {
    const person = await enrolling(world)
    return () => person.open('/login/enrolment')
  },
  'POST /login/enrolment/totp': async (world) => {
    const person = await enrolling(world)
    return () => person.send('/login/enrolment/totp')
  },
  'GET /login/enrolment/totp': async (world) => {
    const person = await enrolling(world)
    expectStatus(303, await person.send('/login/enrolment/totp'))
    return () => person.open('/login/enrolment/totp')
  },
  'POST /login/enrolment/totp/confirm': async (world) => {
    const person = await enrolling(world)
    expectStatus(303, await person.send('/login/enrolment/totp'))
    const secret = await secretOf(person, '/login/enrolment/totp')
    const code = new AuthenticatorApp(world.service, secret).code()
    return () => person.send('/login/enrolment/totp/confirm', { code })
  },
  'POST /login/enrolment/passkeys/options': async (world) => {
    const person = await enrolling(world)
    return () => person.send('/login/enrolment/passkeys/options')
  },
  'POST /login/enrolment/passkeys': async (world) => {
    const person = await enrolling(world)
    const passkey = newPasskey(world.strict)
    return async () => {
      const asked = await person.send('/login/enrolment/passkeys/options')
      if (asked.status !== 200) return asked
      const attestation = JSON.stringify(passkey.create(asked.body))
      return person.send('/login/enrolment/passkeys', { attestation })
    }
  },
  'GET /step-up': own('/step-up'),
  'POST /step-up': async (world) => {
    const person = await world.onPages()
    const { password } = person.account
    return () => person.send('/step-up', { password })
  },
  'GET /consent': async (world) => {
    const { person, page } = await withConsent(world)
    return () => person.open(page)
  },
  'POST /consent': async (world) => {
    const { person, page, fields } = await withConsent(world)
    return () => person.send(page, fields)
  },
  'GET /oauth/logout': own('/oauth/logout'),
  'POST /oauth/logout': form('/oauth/logout', '/oauth/logout', { answer: 'yes' }),
  'GET /forgot': open('/forgot'),
  'POST /forgot': async (world) => {
    const person = await world.member()
    return () => person.send('/forgot', { email: person.account.email })
  },
  'GET /reset': open('/reset'),
  'POST /reset': async (world) => {
    const person = await world.member()
    const { ticket } = await mailed(world, person, `${AUTH}/password/forgot`)
    const newPassword = newAccount().password
    return () => person.send('/reset', { ticket, newPassword })
  },
  'GET /login/free': async (world) => {
    const { owner, location } = await freeing(world)
    return () => owner.open(location.pathname + location.search)
  },
  'POST /login/free': async (world) => {
    const { owner, walk } = await freeing(world)
    return async () => {
      const answer = await owner.send('/login/free')
      if (!isExpired(answer)) return answer
      await owner.open(await walk())
      return owner.send('/login/free')
    }
  },
  'GET /api/auth/acme/callback': (world) => comingBack(world),
  'GET /api/auth/acme/callback for an address that is held': async (world) => {
    const { email } = (await world.member({ isProved: false })).account
    return comingBack(world, { ...newSubject(), email })
  },
  'GET /login/readdress': async (world) => {
    const person = await returning(world)
    return () => person.open('/login/readdress')
  },
  'POST /login/readdress': async (world) => {
    const person = await returning(world)
    const email = newAddress()
    return () => person.send('/login/readdress', { email })
  },
  'GET /dashboard': own('/dashboard'),
  'POST /dashboard/name': form('/dashboard', '/dashboard/name', { name: 'Ada' }),
  'POST /dashboard/password': async (world) => {
    const person = await world.onPages()
    const [currentPassword, newPassword] = [person.account.password, newAccount().password]
    return () => person.send('/dashboard/password', { currentPassword, newPassword })
  },
  'GET /dashboard/data': own('/dashboard/data'),
  'POST /dashboard/delete': async (world) => {
    const person = await world.onPages()
    return () => person.send('/dashboard/delete', { confirm: 'on' })
  },
  'GET /.well-known/change-password': open('/.well-known/change-password'),
  'POST /dashboard/identities/:id/unlink': async (world) => {
    const person = await signedIn(world)
    const id = await linkIdentity(world, person)
    return () => person.send(`/dashboard/identities/${id}/unlink`)
  },
  'POST /dashboard/identities/:id/enable': async (world) => {
    const person = await world.signedIn()
    const id = await linkIdentity(world, person)
    const [currentPassword, newPassword] = [person.account.password, newAccount().password]
    expectStatus(204, await person.post(`${AUTH}/password`, { currentPassword, newPassword }))
    const { email } = person.account
    expectStatus(303, await person.send('/login', { email, password: newPassword }))
    return () => person.send(`/dashboard/identities/${id}/enable`)
  },
  'GET /account/factors': own('/account/factors'),
  'POST /account/factors/not-now': async (world) => {
    const person = await world.onPages()
    return () => person.send('/account/factors/not-now')
  },
  'POST /account/factors/totp': async (world) => {
    const person = await world.onPages()
    return () => person.send('/account/factors/totp')
  },
  'GET /account/factors/totp': async (world) => {
    const person = await world.onPages()
    expectStatus(303, await person.send('/account/factors/totp'))
    return () => person.open('/account/factors/totp')
  },
  'POST /account/factors/totp/confirm': async (world) => {
    const person = await world.onPages()
    expectStatus(303, await person.send('/account/factors/totp'))
    const secret = await secretOf(person, '/account/factors/totp')
    const code = new AuthenticatorApp(world.service, secret).code()
    return () => person.send('/account/factors/totp/confirm', { code })
  },
  'POST /account/factors/totp/remove': async (world) => {
    const person = await withFactor(world)
    return () => person.send('/account/factors/totp/remove')
  },
  'POST /account/factors/recovery-codes': async (world) => {
    const person = await withFactor(world)
    return () => person.send('/account/factors/recovery-codes')
  },
  'POST /account/factors/passkeys': async (world) => {
    const person = await signedIn(world)
    const passkey = newPasskey(world.service)
    return async () => {
      const asked = await person.script(`${AUTH}/passkeys/options`)
      if (asked.status !== 200) return asked
      const attestation = JSON.stringify(passkey.create(asked.body))
      return person.send('/account/factors/passkeys', { attestation })
    }
  },
  'POST /account/factors/passkeys/:id/rename': async (world) => {
    const person = await signedIn(world)
    const { id } = await addPasskey(world, person)
    await proveFactors(world.service, person.cookieToken)
    return () => person.send(`/account/factors/passkeys/${id}/rename`, { name: 'Desk' })
  },
  'POST /account/factors/passkeys/:id/remove': async (world) => {
    const person = await signedIn(world)
    const { id } = await addPasskey(world, person)
    await proveFactors(world.service, person.cookieToken)
    return () => person.send(`/account/factors/passkeys/${id}/remove`)
  },
  'POST /account/factors/devices/:id/end': async (world) => {
    const person = await world.signedIn()
    const { app } = await addTotp(world, person)
    await trustBrowser(person, app)
    const { body } = expectStatus(200, await person.call('GET', `${AUTH}/devices`))
    return () => person.send(`/account/factors/devices/${body.devices[0].id}/end`)
  },
  'GET /account/apps': own('/account/apps'),
  'POST /account/apps/withdraw': async (world) => {
    const { person, page, fields, clientId } = await withConsent(world)
    expectStatus(303, await person.send(page, fields))
    return () => person.send('/account/apps/withdraw', { clientId })
  },
  'GET /dashboard/sessions': own('/dashboard/sessions'),
  'POST /dashboard/sessions/end': async (world) => {
    const person = await world.onPages()
    return () => person.send('/dashboard/sessions/end')
  },
  'POST /dashboard/sessions/:id/end': async (world) => {
    const person = await signedIn(world)
    const { body } = expectStatus(200, await person.call('GET', `${AUTH}/sessions`))
    const { id } = body.sessions.find(({ current }: { current: boolean }) => current)
    return () => person.send(`/dashboard/sessions/${id}/end`)
  },
  'GET /account/activity': own('/account/activity'),
  'GET /dashboard/users/:id/activity': async (world) => {
    const admin = await world.admin()
    const { account } = await world.member()
    return () => admin.open(`/dashboard/users/${account.id}/activity`)
  },
  'GET /dashboard/keys': own('/dashboard/keys'),
  'POST /dashboard/keys': form('/dashboard/keys', '/dashboard/keys', { name: 'k' }),
  'GET /dashboard/keys/:id': async (world) => {
    const { owner, id } = await withKey(world, await signedIn(world))
    return () => owner.open(`/dashboard/keys/${id}`)
  },
  'POST /dashboard/keys/:id': ofKey('', { name: 'renamed' }),
  'POST /dashboard/keys/:id/rotate': ofKey('/rotate', { overlap: '3600' }),
  'POST /dashboard/keys/:id/disable': ofKey('/disable'),
  'POST /dashboard/keys/:id/enable': ofKey('/enable', {}, '/disable'),
  'POST /dashboard/keys/:id/delete': ofKey('/delete'),
  'GET /dashboard/apps': administrators('/dashboard/apps'),
  'POST /dashboard/apps': async (world) => {
    const admin = await world.admin()
    const values = { name: 'Orders', redirectUris: REDIRECT }
    const fields = await admin.fill('/dashboard/apps', '/dashboard/apps', values)
    return () => admin.send('/dashboard/apps', fields)
  },
  'GET /dashboard/apps/:id': async (world) => {
    const admin = await world.admin()
    const { client } = await registeredApp(world.service)
    return () => admin.open(`/dashboard/apps/${client.clientId}`)
  },
  'POST /dashboard/apps/:id': ofApp('', { name: 'Bills', redirectUris: REDIRECT }),
  'POST /dashboard/apps/:id/rotate': ofApp('/rotate', { overlap: '3600' }),
  'POST /dashboard/apps/:id/enable': async (world) => {
    const admin = await world.admin()
    const suspended = { suspendedReason: 'password_changed' } as const
    const { client } = await registeredApp(world.service, suspended)
    return () => admin.send(`/dashboard/apps/${client.clientId}/enable`)
  },
  'POST /dashboard/apps/:id/remove': ofApp('/remove'),
  'GET /dashboard/users': administrators('/dashboard/users'),
  'POST /dashboard/users': async (world) => {
    const admin = await world.admin()
    const { account } = await world.member()
    return () => admin.send('/dashboard/users', { query: account.email })
  },
  'GET /dashboard/users/:id': async (world) => {
    const admin = await world.admin()
    const { account } = await world.member()
    return () => admin.open(`/dashboard/users/${account.id}`)
  },
  'POST /dashboard/users/:id/disable': ofUser('/disable'),
  'POST /dashboard/users/:id/enable': ofUser('/enable', disable),
  'POST /dashboard/users/:id/promote': ofUser('/promote'),
  'POST /dashboard/users/:id/demote': ofUser('/demote', promote),
  'POST /dashboard/users/:id/password-reset': ofUser('/password-reset'),
  'POST /dashboard/users/:id/verify-address': ofUser('/verify-address'),
  'POST /dashboard/users/:id/release-address': ofUser('/release-address'),
  'POST /dashboard/users/:id/delete': ofUser('/delete'),
  'POST /dashboard/users/:id/factors-removal': ofUser('/factors-removal', addTotp),
  'POST /dashboard/users/:id/factors-removal/confirm': ofUser(
    '/factors-removal/confirm',
    beginRemoval,
  ),
  'POST /dashboard/users/:id/factors-removal/take-back': ofUser(
    '/factors-removal/take-back',
    beginRemoval,
  ),
  'POST /dashboard/users/:id/factors-unlock': ofUser('/factors-unlock', async (world, visitor) => {
    await addTotp(world, visitor)
    await lockTotp(world, visitor.account.id)
  }),
  'POST /dashboard/users/:id/end-sessions': ofUser('/end-sessions'),
  'GET /verify': open('/verify'),
  'POST /verify': async (world) => {
    const person = await world.signedIn({ isProved: false })
    const { ticket } = await mailed(world, person, `${AUTH}/email/verification`)
    await onPage(person)
    return () => person.send('/verify', { ticket })
  },
  'POST /verify/disown': async (world) => {
    const person = await world.signedIn({ isProved: false })
    const { ticket } = await mailed(world, person, `${AUTH}/email/verification`)
    const owner = world.stranger()
    return () => owner.send('/verify/disown', { ticket, notMine: 'on' })
  },
  'POST /dashboard/verification': async (world) => {
    const person = await world.onPages({ isProved: false })
    return () => person.send('/dashboard/verification')
  },
  'GET /dashboard/email': own('/dashboard/email'),
  'POST /dashboard/email': async (world) => {
    const person = await world.onPages()
    const newEmail = newAddress()
    return () => person.send('/dashboard/email', { newEmail })
  },
  'POST /dashboard/email/confirm': async (world) => {
    const person = await world.onPages()
    const newEmail = newAddress()
    expectStatus(303, await person.send('/dashboard/email', { newEmail }))
    const { code } = await world.mailTo(person, newEmail)
    return () => person.send('/dashboard/email/confirm', { code })
  },
  'GET /undo': open('/undo'),
  'POST /undo': async (world) => {
    const person = await world.signedIn()
    const newEmail = newAddress()
    expectStatus(202, await person.post(`${AUTH}/email`, { newEmail }))
    const { code } = await world.mailTo(person, newEmail)
    expectStatus(200, await person.post(`${AUTH}/email/confirm`, { code }))
    const { secret: ticket } = await world.mailTo(person)
    const { password } = person.account
    return () => person.send('/undo', { ticket, password })
  },
  'GET /keep-factors': open('/keep-factors'),
  'POST /keep-factors': async (world) => {
    const person = await world.signedIn()
    await beginRemoval(world, person, 0)
    const { secret: ticket } = await world.mailTo(person)
    return () => person.send('/keep-factors', { ticket })
  },
  'GET /invitation': open('/invitation'),
  'POST /invitation': async (world) => {
    const admin = await world.admin()
    const { email, password } = newAccount()
    expectStatus(201, await admin.post('/api/admin/users/invite', { email }))
    const { secret: ticket } = await world.mailTo(admin, email)
    const person = world.stranger()
    return () => person.send('/invitation', { ticket, password })
  },
  'GET /dashboard/invitations': administrators('/dashboard/invitations'),
  'POST /dashboard/invitations': async (world) => {
    const admin = await world.admin()
    const { email } = newAccount()
    return () => admin.send('/dashboard/invitations', { email, role: 'user' })
  },
  'POST /dashboard/invitations/resend': invited('/dashboard/invitations/resend'),
  'POST /dashboard/invitations/withdraw': invited('/dashboard/invitations/withdraw'),
}

function invited(path: string): Deed {
  return async (world) => {
    const admin = await world.admin()
    const { email } = newAccount()
    expectStatus(201, await admin.post('/api/admin/users/invite', { email }))
    world.service.clock.advance(1000)
    const fields = await admin.fill('/dashboard/invitations', path, { email })
    return () => admin.send(path, fields)
  }
}

/** Someone with a second factor, which was proved in the browser. */
async function withFactor(world: World): Promise<Visitor> {
  const person = await signedIn(world)
  await addTotp(world, person)
  await proveFactors(world.service, person.cookieToken)
  return person
}
