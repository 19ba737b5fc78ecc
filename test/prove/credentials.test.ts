import { randomUUID } from 'node:crypto'
import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { signInToApp } from '../support/app-tokens.js'
import { forgerFor } from '../support/forge.js'
import { getData, newAdmin, newOwner } from '../support/keys.js'
import { MAIL } from '../support/mail.js'
import { ORDERS } from '../support/resources.js'
import { REVOCATION } from '../support/revocation.js'
import { basic, machineToken } from '../support/social.js'
import { type Answer, type Call, ISSUER, newAccount, type Service } from '../support/service.js'
import { startService } from '../support/service.js'

const OWN = { origin: ISSUER }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const API = {
  RESOURCES: JSON.stringify({ [ORDERS]: { scopes: { 'orders:read': ['user', 'admin'] } } }),
}

/** Whatever a caller may have in hand. All but the administrator's token belongs to one user. */
interface Held {
  readonly userId: string
  readonly email: string
  readonly password: string
  readonly userToken: string
  readonly adminToken: string
  readonly machineToken: string
  readonly accessCookie: string
  readonly refreshToken: string
  readonly refreshCookie: string
  readonly key: { readonly id: string; readonly secret: string }
  readonly expiredToken: string
  readonly endedToken: string
  /** Genuine, but for one claim about the sign-in. */
  readonly oddTokens: Readonly<Record<'acr' | 'amr' | 'authTime', string>>
  /** Of an app that the user has let in. */
  readonly app: {
    readonly token: string
    readonly apiToken: string
    readonly refreshToken: string
    readonly idToken: string
  }
  /** A session of the user's that none of the tokens belongs to. */
  readonly spareSession: string
  /** Id of an identity of the user's at some provider. */
  readonly identity: string
}

/** Each kind of credential, as it is sent. */
const KINDS = {
  none: () => ({}),
  'user access token': ({ userToken }) => ({ token: userToken }),
  'admin access token': ({ adminToken }) => ({ token: adminToken }),
  'machine token': ({ machineToken }) => ({ token: machineToken }),
  'access cookie': ({ accessCookie }) => byCookie(ACCESS_COOKIE, accessCookie),
  'user access token as x-api-key': ({ userToken }) => byKeyHeader(userToken),
  'machine token in the access cookie': ({ machineToken }) => byCookie(ACCESS_COOKIE, machineToken),
  'refresh token': ({ refreshToken }) => ({ token: refreshToken }),
  'refresh token in the access cookie': ({ refreshToken }) => byCookie(ACCESS_COOKIE, refreshToken),
  'refresh cookie': ({ refreshCookie }) => byCookie(REFRESH_COOKIE, refreshCookie),
  'API key as x-api-key': ({ key }) => byKeyHeader(key.secret),
  'API key as bearer': ({ key }) => ({ token: key.secret }),
  'API key as Basic': ({ key }) => ({ headers: { authorization: basic(key) } }),
  'API key in the access cookie': ({ key }) => byCookie(ACCESS_COOKIE, key.secret),
  'app token': ({ app }) => ({ token: app.token }),
  'app token for an API': ({ app }) => ({ token: app.apiToken }),
  'refresh token of an app': ({ app }) => ({ token: app.refreshToken }),
  'ID token': ({ app }) => ({ token: app.idToken }),
  'app token in the access cookie': ({ app }) => byCookie(ACCESS_COOKIE, app.token),
  'refresh token of an app in the refresh cookie': ({ app }) =>
    byCookie(REFRESH_COOKIE, app.refreshToken),
  'ID token in the access cookie': ({ app }) => byCookie(ACCESS_COOKIE, app.idToken),
  'expired access token': ({ expiredToken }) => ({ token: expiredToken }),
  'token of an ended session': ({ endedToken }) => ({ token: endedToken }),
  'token whose acr is a number': ({ oddTokens }) => ({ token: oddTokens.acr }),
  'token whose amr is text': ({ oddTokens }) => ({ token: oddTokens.amr }),
  'token of a sign-in to come': ({ oddTokens }) => ({ token: oddTokens.authTime }),
} satisfies Record<string, (held: Held) => Call>

type Kind = keyof typeof KINDS

interface Endpoint {
  readonly takes: readonly Kind[]
  /** Whether a good request leaves a credential behind that no longer works. */
  readonly ends?: boolean
  /** What a request with a good credential gets, where it is not a success. */
  readonly gets?: RegExp
  /** What makes the request a good one, but for the credential. */
  readonly request?: (held: Held) => {
    readonly id?: string
    readonly identityId?: string
    readonly body?: unknown
  }
}

const USER: readonly Kind[] = ['user access token', 'access cookie']
const ANY_USER: readonly Kind[] = [...USER, 'admin access token']
/** A bearer token stands on its own for its 15 minutes where nothing is changed. */
const STATELESS: readonly Kind[] = [...ANY_USER, 'token of an ended session']
const CLIENT: readonly Kind[] = ['API key as Basic']

const ofUser = ({ userId }: Held) => ({ id: userId })
const ofKey = ({ key }: Held) => ({ id: key.id })
const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields).toString() })

/** What the schema takes, and proves nothing. */
const NO_ATTESTATION = {
  id: 'none',
  rawId: 'none',
  type: 'public-key',
  response: { clientDataJSON: 'none', attestationObject: 'none' },
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'GET /api/profile': { takes: STATELESS },
  'PATCH /api/profile': { takes: ANY_USER, request: () => ({ body: { name: 'Ada' } }) },
  'GET /api/account/export': { takes: ANY_USER },
  'DELETE /api/account': { takes: USER, ends: true },
  'DELETE /api/admin/users/{id}': {
    takes: ['admin access token'],
    request: ofUser,
    ends: true,
  },
  'GET /api/protected': { takes: STATELESS },
  'GET /api/admin': { takes: ['admin access token'] },
  'POST /api/admin/users/find': {
    takes: ['admin access token'],
    request: ({ email }) => ({ body: { email } }),
  },
  'GET /api/admin/users': { takes: ['admin access token'] },
  'POST /api/admin/users/search': {
    takes: ['admin access token'],
    request: () => ({ body: { query: 'ada' } }),
  },
  'POST /api/admin/users/invite': {
    takes: ['admin access token'],
    request: () => ({ body: { email: 'ada@invited.example' } }),
  },
  'GET /api/admin/invitations': { takes: ['admin access token'] },
  'POST /api/admin/invitations/resend': {
    takes: ['admin access token'],
    request: () => ({ body: { email: 'ada@invited.example' } }),
  },
  'POST /api/admin/invitations/withdraw': {
    takes: ['admin access token'],
    request: () => ({ body: { email: 'ada@invited.example' } }),
  },
  'GET /api/admin/users/{id}/keys': { takes: ['admin access token'], request: ofUser },
  'GET /api/admin/users/{id}/sessions': { takes: ['admin access token'], request: ofUser },
  'GET /api/admin/users/{id}': { takes: ['admin access token'], request: ofUser },
  'GET /api/admin/users/{id}/events': { takes: ['admin access token'], request: ofUser },
  'PATCH /api/admin/users/{id}': {
    takes: ['admin access token'],
    request: (held) => ({ ...ofUser(held), body: { status: 'active' } }),
    ends: true,
  },
  'PATCH /api/admin/users/{id}/identities/{identityId}': {
    takes: ['admin access token'],
    request: (held) => ({
      ...ofUser(held),
      identityId: held.identity,
      body: { status: 'active' },
    }),
  },
  'POST /api/admin/users/{id}/factors-removal': {
    takes: ['admin access token'],
    request: ofUser,
    gets: /^404$/,
  },
  'POST /api/admin/users/{id}/factors-removal/confirm': {
    takes: ['admin access token'],
    request: ofUser,
    gets: /^404$/,
  },
  'DELETE /api/admin/users/{id}/factors-removal': {
    takes: ['admin access token'],
    request: ofUser,
    gets: /^404$/,
  },
  'POST /api/admin/users/{id}/factors/unlock': {
    takes: ['admin access token'],
    request: ofUser,
    gets: /^404$/,
  },
  'POST /api/admin/users/{id}/password-reset': {
    takes: ['admin access token'],
    request: ofUser,
  },
  'POST /api/admin/users/{id}/verify-address': {
    takes: ['admin access token'],
    request: ofUser,
  },
  'POST /api/admin/users/{id}/release-address': {
    takes: ['admin access token'],
    request: ofUser,
    ends: true,
  },
  'DELETE /api/admin/users/{id}/sessions': {
    takes: ['admin access token'],
    request: ofUser,
    ends: true,
  },
  'GET /api/admin/clients': { takes: ['admin access token'] },
  'POST /api/admin/clients': {
    takes: ['admin access token'],
    request: () => ({ body: { name: 'Orders', redirectUris: ['https://orders.example.com/'] } }),
  },
  'GET /api/admin/clients/{id}': {
    takes: ['admin access token'],
    request: () => ({ id: 'none' }),
    gets: /^404$/,
  },
  'PATCH /api/admin/clients/{id}': {
    takes: ['admin access token'],
    request: () => ({ id: 'none', body: { name: 'Orders' } }),
    gets: /^404$/,
  },
  'POST /api/admin/clients/{id}/secret': {
    takes: ['admin access token'],
    request: () => ({ id: 'none' }),
    gets: /^404$/,
  },
  'DELETE /api/admin/clients/{id}': {
    takes: ['admin access token'],
    request: () => ({ id: 'none' }),
    gets: /^404$/,
  },
  'GET /api/data': { takes: ['API key as x-api-key'] },
  'GET /api/key': { takes: ['API key as x-api-key'] },
  'GET /api/key/usage': { takes: ['API key as x-api-key'] },
  'POST /api/auth/logout': { takes: [...STATELESS, 'refresh cookie'], ends: true },
  'GET /api/account/events': { takes: ANY_USER },
  'GET /api/auth/sessions': { takes: ANY_USER },
  'DELETE /api/auth/sessions': { takes: ANY_USER, ends: true },
  'DELETE /api/auth/sessions/{id}': {
    takes: USER,
    ends: true,
    request: ({ spareSession }) => ({ id: spareSession }),
  },
  'GET /api/auth/identities': { takes: ANY_USER },
  'PATCH /api/auth/identities/{id}': {
    takes: USER,
    request: ({ identity }) => ({ id: identity, body: { status: 'active' } }),
  },
  'DELETE /api/auth/identities/{id}': {
    takes: USER,
    ends: true,
    request: ({ identity }) => ({ id: identity }),
  },
  'POST /api/auth/email': {
    takes: ANY_USER,
    request: () => ({ body: { newEmail: newAccount().email } }),
  },
  'POST /api/auth/email/confirm': {
    takes: ANY_USER,
    request: () => ({ body: { code: '00000000' } }),
    gets: /^400$/,
  },
  'POST /api/auth/email/verification': { takes: ANY_USER },
  'POST /api/auth/step-up': { takes: ANY_USER },
  'GET /api/auth/devices': { takes: ANY_USER },
  'DELETE /api/auth/devices/{id}': {
    takes: ANY_USER,
    request: ({ spareSession }) => ({ id: spareSession }),
    gets: /^404$/,
  },
  'GET /api/auth/consents': { takes: ANY_USER },
  'DELETE /api/auth/consents/{clientId}': {
    takes: ANY_USER,
    request: () => ({ id: 'none' }),
    gets: /^404$/,
  },
  'GET /api/auth/factors': { takes: ANY_USER },
  'POST /api/auth/factors/totp': { takes: ANY_USER },
  'POST /api/auth/factors/totp/confirm': {
    takes: ANY_USER,
    request: () => ({ body: { code: 'none' } }),
    gets: /^40[14]$/,
  },
  'DELETE /api/auth/factors/totp': { takes: ANY_USER, gets: /^404$/ },
  'POST /api/auth/factors/recovery-codes': { takes: ANY_USER, gets: /^404$/ },
  'POST /api/auth/passkeys/options': { takes: ANY_USER },
  'POST /api/auth/passkeys': {
    takes: ANY_USER,
    request: () => ({ body: { attestation: NO_ATTESTATION } }),
    gets: /^401$/,
  },
  'GET /api/auth/passkeys': { takes: ANY_USER },
  'PATCH /api/auth/passkeys/{id}': {
    takes: ANY_USER,
    request: () => ({ id: 'none', body: { name: 'Phone' } }),
    gets: /^404$/,
  },
  'DELETE /api/auth/passkeys/{id}': {
    takes: ANY_USER,
    request: () => ({ id: 'none' }),
    gets: /^404$/,
  },
  'POST /api/auth/password': {
    takes: USER,
    ends: true,
    request: ({ password }) => ({
      body: { currentPassword: password, newPassword: newAccount().password },
    }),
  },
  'POST /api/apikeys/generate': {
    takes: ANY_USER,
    request: () => ({ body: { name: 'another' } }),
  },
  'GET /api/apikeys': { takes: ANY_USER },
  'GET /api/apikeys/{id}': { takes: ANY_USER, request: ofKey },
  'GET /api/apikeys/{id}/usage': { takes: ANY_USER, request: ofKey },
  'PATCH /api/apikeys/{id}': {
    takes: ANY_USER,
    request: (held) => ({ ...ofKey(held), body: { name: 'renamed' } }),
  },
  'DELETE /api/apikeys/{id}': { takes: ANY_USER, request: ofKey, ends: true },
  'POST /api/apikeys/{id}/rotate': {
    takes: [...ANY_USER, 'API key as x-api-key'],
    request: ofKey,
    ends: true,
  },
  'POST /oauth/token': { takes: CLIENT, request: () => form({ grant_type: 'client_credentials' }) },
  // For apps alone, which none of these is.
  'POST /oauth/par': { takes: [] },
  'GET /oauth/userinfo': { takes: ['app token'] },
  'POST /oauth/userinfo': { takes: ['app token'] },
  'POST /oauth/introspect': { takes: CLIENT, request: () => form({ token: 'x' }) },
}

const COOKIE: readonly Kind[] = ['access cookie', 'refresh cookie']

/** For people: no part of the contract. Whoever is not let in is sent to sign in. */
const PAGES: Readonly<Record<string, Endpoint>> = {
  'GET /dashboard': { takes: COOKIE },
  'GET /dashboard/sessions': { takes: COOKIE },
  'GET /dashboard/keys': { takes: COOKIE },
  'GET /dashboard/keys/{id}': { takes: COOKIE, request: ofKey },
  // For administrators, and the cookies are of a user.
  'GET /dashboard/apps': { takes: COOKIE, gets: /^403$/ },
  'GET /dashboard/apps/{id}': { takes: COOKIE, request: ofKey, gets: /^403$/ },
  'GET /dashboard/users': { takes: COOKIE, gets: /^403$/ },
  'GET /dashboard/users/{id}': { takes: COOKIE, request: ofUser, gets: /^403$/ },
  'GET /account/factors': { takes: COOKIE },
  'GET /account/apps': { takes: COOKIE },
}

t.test('every protected endpoint takes its own kinds of credential and no other', async (t) => {
  const service = await startService(t, { env: { ...MAIL, ...API } })
  const { body: contract } = await service.get('/openapi.json')
  t.same(Object.keys(ENDPOINTS).sort(), protectedOperations(contract), 'all of them are listed')

  // What is refused changes nothing, so it is all tried on one set, which must be whole at the end.
  const untouched = await holdEverything(service)
  let used = await holdEverything(service)
  for (const [name, endpoint] of Object.entries({ ...ENDPOINTS, ...PAGES })) {
    t.test(name, async (t) => {
      for (const kind of Object.keys(KINDS) as Kind[]) {
        const isTaken = endpoint.takes.includes(kind)
        const held = isTaken ? used : untouched
        const { status } = await present(service, name, endpoint, kind, held)
        if (isTaken && endpoint.ends) used = await holdEverything(service)
        const refusal = name in PAGES ? /^303$/ : /^40[134]$/
        t.match(String(status), isTaken ? (endpoint.gets ?? /^2/) : refusal, kind)
      }
    })
  }

  t.test('and what was refused changed nothing', async (t) => {
    t.equal((await service.get('/api/auth/sessions', { token: untouched.userToken })).status, 200)
    const { body } = await service.get('/api/apikeys', { token: untouched.userToken })
    t.match(body.keys, [{ id: untouched.key.id, name: 'k', events: [{ what: 'created' }] }])
    t.equal(body.keys.length, 1)
    t.equal((await getData(service, untouched.key.secret)).status, 200)
  })
})

t.test('ASVS V7.2.2: a key neither opens nor refreshes a session', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const { email } = owner.account
  const key = await owner.generate()
  const token = await machineToken(service, key)
  const { accessToken } = await service.signIn(owner.account)
  const sessions = async () => {
    const { body } = await service.get('/api/auth/sessions', { token: accessToken })
    return body.sessions.map(({ id }: { id: string }) => id)
  }
  const before = await sessions()
  const json = (body: object): Call => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  for (const credential of [key.secret, token]) {
    const attempts: [path: string, call: Call][] = [
      ['login', json({ email, password: credential })],
      ['refresh', json({ refreshToken: credential })],
      ['refresh', byCookie(REFRESH_COOKIE, credential)],
      ['refresh', byKeyHeader(credential)],
      ['refresh', { token: credential }],
      ['refresh', { headers: { authorization: basic({ id: key.id, secret: credential }) } }],
    ]
    for (const [path, call] of attempts) {
      const answer = await service.call('POST', `/api/auth/${path}`, call)
      t.match(String(answer.status), /^40[01]$/, path)
      t.notOk(
        answer.cookies.some(({ value }) => value !== ''),
        'and sets no cookie',
      )
    }
  }
  t.same(await sessions(), before)
})

async function present(
  service: Service,
  name: string,
  { request = () => ({}) }: Endpoint,
  kind: Kind,
  held: Held,
): Promise<Answer> {
  const [method = '', template = ''] = name.split(' ')
  const { id = '', identityId = '', body } = request(held)
  const { headers, ...call }: Call = KINDS[kind](held)
  const type = typeof body === 'string' ? FORM : {}
  const path = template.replace(/\{(id|clientId)\}/, id).replace('{identityId}', identityId)
  return service.call(method, path, {
    ...call,
    headers: { ...type, ...headers },
    body,
  })
}

async function holdEverything(service: Service): Promise<Held> {
  const owner = await newOwner(service)
  const admin = await newAdmin(service)
  const { account } = owner
  const key = await owner.generate()
  await admin.patch(key.id, { scopes: ['data:read', 'token:introspect'] })
  const { accessToken, refreshToken } = await service.signIn(account)
  const spareSession = await otherSession(service, accessToken)
  const identity = await linkIdentity(service, account.id, accessToken)
  const ended = await service.signIn(account)
  await service.post('/api/auth/logout', undefined, { token: ended.accessToken })
  const { email, password } = account
  const byPage = { email, password, useCookies: true }
  const { cookies } = await service.post('/api/auth/login', byPage, { headers: OWN })
  const jar = Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
  const app = await signInToApp(service, {}, account)
  const own = await app.tokens()
  const ofApi = await app.tokens({ scopes: ['orders:read'], resources: [ORDERS] })
  const now = service.clock() / 1000
  const forger = await forgerFor(service, accessToken)
  return {
    userId: account.id,
    email,
    password,
    userToken: accessToken,
    adminToken: (await service.signIn(admin.account)).accessToken,
    machineToken: await machineToken(service, key),
    accessCookie: jar[ACCESS_COOKIE] ?? '',
    refreshToken,
    refreshCookie: jar[REFRESH_COOKIE] ?? '',
    key,
    expiredToken: forger.forge({ claims: { iat: now - 900, exp: now } }),
    endedToken: ended.accessToken,
    oddTokens: {
      acr: forger.forge({ claims: { acr: 2 } }),
      amr: forger.forge({ claims: { amr: 'mfa' } }),
      authTime: forger.forge({ claims: { auth_time: Math.ceil(now) + 60 } }),
    },
    app: {
      token: own.access_token,
      apiToken: ofApi.access_token,
      refreshToken: own.refresh_token,
      idToken: String(own.id_token),
    },
    spareSession,
    identity,
  }
}

async function linkIdentity(service: Service, userId: string, token: string): Promise<string> {
  const issuer = 'https://idp.example.com'
  const profile = {
    provider: 'acme',
    issuer,
    subject: randomUUID(),
    emailVerified: false,
    domains: [],
  }
  await service.services.identities.link({ language: 'en' }, { id: userId, epoch: 0 }, profile)
  const { body } = await service.get('/api/auth/identities', { token })
  return body.identities[0].id
}

async function otherSession(service: Service, token: string): Promise<string> {
  const { body } = await service.get('/api/auth/sessions', { token })
  return body.sessions.find(({ current }: { current: boolean }) => !current).id
}

function byCookie(name: string, value: string): Call {
  return { cookies: { [name]: value }, headers: OWN }
}

function byKeyHeader(value: string): Call {
  return { headers: { 'x-api-key': value } }
}

interface Contract {
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, { security?: object[] }>>>>
}

function protectedOperations({ security, paths }: Contract): string[] {
  return Object.entries(paths)
    .filter(([path]) => path !== REVOCATION)
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => (operation.security ?? security).length > 0)
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    )
    .sort()
}
