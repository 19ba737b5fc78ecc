import { generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import t, { type Test } from 'tap'
import type { OidcProvider } from '../../src/social/provider.js'
import { resolveProviders } from '../../src/social/presets.js'
import { Browser, OWN_PAGE, type Visit } from '../support/browser.js'
import {
  countAccounts,
  fromOwnPage,
  newEmail,
  providersEnvironment,
  writesSince,
} from '../support/identity-provider.js'
import { type Service, startService } from '../support/service.js'
import {
  begin,
  createKey,
  type Heard,
  honestClaims,
  settingsOf,
  signIdToken,
  type SigningKey,
  type StandIn,
  startStandIn,
} from '../support/stand-in.js'
import { recordSecret } from '../support/transcript.js'

const ARRIVED = '302 /dashboard'
const refusal = (code: string) => `302 /login?error=${code}`

type Claims = Readonly<Record<string, unknown>>

/** Status and target, letter for letter. */
const landing = ({ status, headers }: Visit): string => `${status} ${headers.get('location')}`

async function userOf(service: Service, browser: Browser) {
  const { status, body } = await service.get('/api/profile', fromOwnPage(browser))
  if (status !== 200) throw new Error(`the profile answered ${status}`)
  return body.user as { id: string; email: string; name?: string }
}

function newSecret(): string {
  const secret = randomBytes(24).toString('base64url')
  recordSecret('key', secret)
  return secret
}

/** A discovery document, at the place and with the issuer that a provider has it. */
function publish(standIn: StandIn, members: Claims = {}): void {
  const base = standIn.issuer.replace(/\/$/, '')
  standIn.react(`${base.slice(standIn.origin.length)}/.well-known/openid-configuration`, () => ({
    body: {
      issuer: standIn.issuer,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${standIn.origin}/token`,
      userinfo_endpoint: `${standIn.origin}/userinfo`,
      jwks_uri: `${standIn.origin}/keys`,
      ...members,
    },
  }))
  standIn.react('/keys', () => ({ body: { keys: standIn.jwks } }))
}

/** A service with one provider, a stand-in below a path. */
async function startAt(
  t: Test,
  id: string,
  { path = '', settings = {} }: { path?: string; settings?: object } = {},
): Promise<{ service: Service; standIn: StandIn }> {
  const standIn = await startStandIn(t, { path })
  publish(standIn)
  const env = providersEnvironment({ [id]: { ...settingsOf(standIn), ...settings } })
  return { service: await startService(t, { env }), standIn }
}

interface Arrival {
  readonly visit: Visit
  readonly browser: Browser
  /** DynamoDB writes of the callback. */
  readonly writes: string[]
}

/** A person with these claims comes back from the provider. */
async function arriveWith(
  { service, standIn }: { service: Service; standIn: StandIn },
  id: string,
  claims: Claims,
  sign: (claims: Claims) => Promise<string> = (all) => signIdToken(all, standIn.key),
): Promise<Arrival> {
  const browser = new Browser(service)
  const begun = await begin(browser, id, '', OWN_PAGE)
  const nonce = begun.query.get('nonce') ?? ''
  const id_token = await sign({ ...honestClaims(standIn, nonce, service.clock()), ...claims })
  const body = { access_token: newSecret(), token_type: 'Bearer', expires_in: 3600, id_token }
  standIn.react('/token', () => ({ body }))
  const callback = begun.callback({ code: newSecret() })
  const before = service.calls.length
  const visit = await browser.visit(callback, { headers: OWN_PAGE })
  return { visit, browser, writes: writesSince(service, before) }
}

/** Nobody has got in and nothing is written. */
function refused(t: Test, code: string, { visit, browser, writes }: Arrival, about = code): void {
  t.equal(landing(visit), refusal(code), about)
  t.same(browser.cookies(), {}, `${about}: no cookie`)
  t.same(writes, [], `${about}: nothing written`)
}

t.test('the presets of providers know the real issuers', async (t) => {
  const client = { clientId: 'id', clientSecret: 'secret' }
  const microsoft = (settings: object) =>
    resolveProviders({ microsoft: { ...client, ...settings } })[0] as OidcProvider
  const template = 'https://login.microsoftonline.com/{tenantid}/v2.0'

  const [google] = resolveProviders({ google: client })
  t.match(google, {
    protocol: 'oidc',
    name: 'Google',
    issuer: 'https://accounts.google.com',
    scopes: ['openid', 'email', 'profile'],
    algorithm: 'RS256',
    linkPrompt: 'select_account',
  })
  for (const tenant of [undefined, 'common', 'organizations']) {
    const provider = microsoft({ tenant })
    t.equal(provider.name, 'Microsoft')
    t.equal(provider.issuer, `https://login.microsoftonline.com/${tenant ?? 'common'}/v2.0`)
    t.equal(provider.discoveredIssuer, template)
    const tid = randomUUID()
    t.equal(provider.issuerOf({ tid }), `https://login.microsoftonline.com/${tid}/v2.0`)
    t.equal(provider.issuerOf({}), undefined, 'no token is issued by the template')
  }
  const tenant = randomUUID()
  const single = { consumers: '9188040d-6c67-4c5b-b112-36a304b66dad', [tenant]: tenant }
  for (const [given, id] of Object.entries(single)) {
    const provider = microsoft({ tenant: given })
    t.equal(provider.issuer, `https://login.microsoftonline.com/${id}/v2.0`)
    t.equal(provider.discoveredIssuer, undefined)
    t.equal(provider.issuerOf({ tid: randomUUID() }), provider.issuer, 'whatever the token says')
  }

  const asked: string[] = []
  const [github] = resolveProviders({ github: client })
  t.match(github, {
    protocol: 'oauth2',
    name: 'GitHub',
    issuer: 'https://github.com/login/oauth',
    scopes: ['read:user', 'user:email'],
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
    },
  })
  if (github?.protocol !== 'oauth2') throw new Error('GitHub speaks no OpenID Connect')
  const profile = await github.readProfile('token', async (url) => {
    asked.push(url)
    return url.endsWith('emails') ? [] : { id: 1 }
  })
  t.same(asked, ['https://api.github.com/user', 'https://api.github.com/user/emails'])
  t.same(profile, {
    issuer: 'https://github.com/login/oauth',
    subject: '1',
    emailVerified: false,
  })
})

t.test('sign-in with Google', async (t) => {
  const house = await startAt(t, 'google')
  const { service, standIn } = house
  const email = newEmail()
  const person = {
    sub: '110169484474386276334',
    azp: standIn.clientId,
    hd: 'example.com',
    email,
    email_verified: true,
    at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q',
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    picture: 'https://lh3.example.com/a/ada=s96-c',
    locale: 'en-GB',
  }

  t.test('Google signs in by its ID token alone: userinfo is not asked', async (t) => {
    const { visit, browser } = await arriveWith(house, 'google', person)
    t.equal(landing(visit), ARRIVED)
    const user = await userOf(service, browser)
    t.same(user, {
      id: user.id,
      email,
      name: 'Ada Lovelace',
      role: 'user',
      emailVerified: true,
    })
    t.same(
      standIn.heard.map(({ method, path }) => `${method} ${path}`),
      ['GET /.well-known/openid-configuration', 'POST /token', 'GET /keys'],
    )
  })

  t.test('Google knows a person by the subject, whatever the address is by now', async (t) => {
    const first = await arriveWith(house, 'google', person)
    const moved = { ...person, email: newEmail(), hd: undefined, name: 'Ada King' }
    const second = await arriveWith(house, 'google', moved)
    t.equal(landing(second.visit), ARRIVED)
    t.same(await userOf(service, second.browser), await userOf(service, first.browser))
    t.same(await countAccounts(service), { users: 1, emails: 1, identities: 1 })
  })

  t.test('Google lets no one in by an address that it has not verified', async (t) => {
    for (const email_verified of [false, 'false', 0, null, undefined]) {
      const stranger = { ...person, sub: '2', email_verified }
      refused(t, 'EMAIL_UNVERIFIED', await arriveWith(house, 'google', stranger))
    }
  })

  t.test('Google’s tokens are issued under the name of its issuer only', async (t) => {
    for (const iss of ['accounts.google.com', 'https://accounts.google.com']) {
      refused(t, 'PROVIDER_ERROR', await arriveWith(house, 'google', { ...person, iss }), iss)
    }
  })
})

/** A stand-in for Microsoft where any tenant may sign in. */
async function startMicrosoft(t: Test, settings: object = {}, tenants = 'common') {
  const house = await startAt(t, 'microsoft', { path: `/${tenants}/v2.0`, settings })
  const { standIn } = house
  const ofTenant = (tid: string) => `${standIn.origin}/${tid}/v2.0`
  publish(standIn, { issuer: ofTenant('{tenantid}') })
  standIn.jwks.splice(0, 1, { ...standIn.key.publicJwk, issuer: ofTenant('{tenantid}') })
  const person = (tid: string, claims: Claims = {}): Claims => ({
    iss: ofTenant(tid),
    tid,
    oid: randomUUID(),
    sub: randomBytes(24).toString('base64url'),
    ver: '2.0',
    preferred_username: 'ada@contoso.example',
    name: 'Ada Lovelace',
    email: newEmail(),
    xms_edov: true,
    ...claims,
  })
  const arrive = (claims: Claims, sign?: (claims: Claims) => Promise<string>) =>
    arriveWith(house, 'microsoft', claims, sign)
  return { ...house, ofTenant, person, arrive }
}

t.test('Microsoft as a provider, any tenant', async (t) => {
  const { service, standIn, ofTenant, person, arrive } = await startMicrosoft(t)
  const [contoso, fabrikam] = [randomUUID(), randomUUID()]

  t.test('Microsoft signs in, and the issuer of the identity is the tenant', async (t) => {
    const ada = person(contoso)
    const { visit, browser } = await arrive(ada)
    t.equal(landing(visit), ARRIVED)
    const { id, email, name } = await userOf(service, browser)
    t.same({ email, name }, { email: ada.email, name: 'Ada Lovelace' })
    const { body } = await service.get('/api/auth/identities', fromOwnPage(browser))
    t.match(body.identities, [{ provider: 'microsoft', issuer: ofTenant(contoso) }])
    const again = await arrive(ada)
    t.equal((await userOf(service, again.browser)).id, id)
  })

  t.test('V6.8.1 V10.5.1 one subject in two Microsoft tenants is two users', async (t) => {
    const ada = person(contoso)
    const namesake = person(fabrikam, { sub: ada.sub, oid: ada.oid })
    const [first, second] = [await arrive(ada), await arrive(namesake)]
    t.same([first.visit, second.visit].map(landing), [ARRIVED, ARRIVED])
    const [one, two] = [await userOf(service, first.browser), await userOf(service, second.browser)]
    t.not(one.id, two.id)
    t.same([one.email, two.email], [ada.email, namesake.email])
  })

  t.test('a Microsoft token whose issuer is not the tenant that it names is refused', async (t) => {
    const lies: Claims[] = [
      { iss: ofTenant(fabrikam) },
      { iss: ofTenant('common') },
      { iss: standIn.origin },
      { iss: `${ofTenant(contoso)}/` },
      { iss: ofTenant(contoso).replace('v2.0', 'v1.0') },
      { tid: fabrikam },
      { tid: undefined },
      { tid: [contoso] },
    ]
    for (const lie of lies) {
      const about = JSON.stringify(lie)
      refused(t, 'PROVIDER_ERROR', await arrive(person(contoso, lie)), about)
    }
  })

  t.test(
    'a Microsoft tenant that is no GUID is refused, though issuer and tenant agree',
    async (t) => {
      const names = ['contoso.example', 'common', '../common', '', `${contoso}0`, `x/${contoso}`]
      for (const name of names) refused(t, 'PROVIDER_ERROR', await arrive(person(name)), name)
      const numeric = await arrive(person('1', { tid: 1 }))
      refused(t, 'PROVIDER_ERROR', numeric, 'a number')
    },
  )

  t.test('Microsoft’s template itself issues no one a token', async (t) => {
    for (const tid of ['{tenantid}', undefined]) {
      const claims = person(contoso, { tid, iss: ofTenant('{tenantid}') })
      t.equal(landing((await arrive(claims)).visit), refusal('PROVIDER_ERROR'), String(tid))
    }
  })

  t.test(
    'CVE-2023-3128 an address that the Microsoft tenant does not own is ignored',
    async (t) => {
      const victim = person(contoso)
      const home = await arrive(victim)
      const owner = await userOf(service, home.browser)
      const before = await countAccounts(service)
      const { email, sub, oid } = victim
      const disguises: Claims[] = [
        { xms_edov: undefined },
        { xms_edov: false },
        { xms_edov: 'false' },
        { xms_edov: 0 },
        { xms_edov: '0' },
        { xms_edov: null },
        { xms_edov: [true] },
        { xms_edov: 'True ' },
        { xms_edov: undefined, email_verified: true, verified_primary_email: [email] },
        { xms_edov: undefined, preferred_username: email, upn: email, unique_name: email },
        { xms_edov: undefined, sub, oid },
      ]
      for (const disguise of disguises) {
        const attacker = person(fabrikam, { email, ...disguise })
        refused(
          t,
          'EMAIL_UNVERIFIED',
          await arrive(attacker),
          JSON.stringify(Object.keys(disguise)),
        )
      }
      t.same(await countAccounts(service), before)
      t.same(await userOf(service, (await arrive(victim)).browser), owner)
    },
  )

  t.test('Microsoft’s xms_edov counts however it is written', async (t) => {
    for (const xms_edov of [true, 1, '1', 'true']) {
      const { visit } = await arrive(person(contoso, { xms_edov }))
      t.equal(landing(visit), ARRIVED, JSON.stringify(xms_edov))
    }
  })

  t.test('a Microsoft user name is no address', async (t) => {
    const claims = person(contoso, { email: undefined, preferred_username: newEmail() })
    standIn.react('/userinfo', () => ({ body: { sub: claims.sub } }))
    refused(t, 'EMAIL_MISSING', await arrive(claims))
  })
})

t.test('a key of Microsoft’s is good for the issuer that it is bound to', async (t) => {
  const { service, standIn, ofTenant, person, arrive } = await startMicrosoft(t)
  const [contoso, fabrikam] = [randomUUID(), randomUUID()]
  const bound = await createKey('bound')
  standIn.jwks.push({ ...bound.publicJwk, issuer: ofTenant(contoso) })
  const by = (key: SigningKey) => (claims: Claims) => signIdToken(claims, key)

  t.test('a key of Microsoft’s signs tokens of the issuer that it is bound to', async (t) => {
    t.equal(landing((await arrive(person(contoso), by(bound))).visit), ARRIVED)
    t.equal(landing((await arrive(person(contoso), by(standIn.key))).visit), ARRIVED)
    t.equal(landing((await arrive(person(fabrikam), by(standIn.key))).visit), ARRIVED)
  })

  t.test('a key of Microsoft’s signs tokens of no other issuer', async (t) => {
    refused(t, 'PROVIDER_ERROR', await arrive(person(fabrikam), by(bound)))
    t.match(service.events('authn_login_fail').at(-1), { cause: 'id_token_key_issuer' })
  })

  t.test(
    'a key of Microsoft’s counts for its issuer even if the token does not name it',
    async (t) => {
      standIn.jwks.splice(0, standIn.jwks.length, { ...bound.publicJwk, issuer: ofTenant(contoso) })
      service.clock.advance(601_000)
      const nameless = async (claims: Claims) => {
        const token = await new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
          .sign(bound.privateKey)
        recordSecret('token', token)
        return token
      }
      refused(t, 'PROVIDER_ERROR', await arrive(person(fabrikam), nameless))
    },
  )
})

t.test('Microsoft as a team may set it up as a provider', async (t) => {
  t.test('Microsoft organizations are tenants too', async (t) => {
    const { service, ofTenant, person, arrive } = await startMicrosoft(t, {}, 'organizations')
    const tid = randomUUID()
    const { visit, browser } = await arrive(person(tid))
    t.equal(landing(visit), ARRIVED)
    const { body } = await service.get('/api/auth/identities', fromOwnPage(browser))
    t.match(body.identities, [{ issuer: ofTenant(tid) }])
    const astray = await arrive(person(tid, { iss: ofTenant('organizations') }))
    refused(t, 'PROVIDER_ERROR', astray)
  })

  t.test(
    'a team that trusts the addresses of its Microsoft tenant says so, and needs no claim',
    async (t) => {
      const tid = randomUUID()
      const settings = { emailsVerified: true }
      const house = await startAt(t, 'microsoft', { path: `/${tid}/v2.0`, settings })
      const { standIn } = house
      standIn.jwks.splice(0, 1, { ...standIn.key.publicJwk, issuer: standIn.issuer })
      const person = { iss: standIn.issuer, tid, email: newEmail() }
      t.equal(landing((await arriveWith(house, 'microsoft', person)).visit), ARRIVED)
    },
  )

  t.test('CVE-2023-3128 no team can trust the addresses of all Microsoft tenants', async (t) => {
    for (const tenants of ['common', 'organizations']) {
      const starting = startMicrosoft(t, { emailsVerified: true }, tenants)
      await t.rejects(starting, /microsoft\.emailsVerified: needs the id of a single tenant/)
    }
  })

  t.test('a single Microsoft tenant lets no other in', async (t) => {
    const [ours, theirs] = [randomUUID(), randomUUID()]
    const house = await startAt(t, 'microsoft', { path: `/${ours}/v2.0` })
    const { standIn } = house
    standIn.jwks.splice(0, 1, { ...standIn.key.publicJwk, issuer: standIn.issuer })
    const person = (tid: string) => ({
      iss: `${standIn.origin}/${tid}/v2.0`,
      tid,
      email: newEmail(),
      xms_edov: true,
    })
    t.equal(landing((await arriveWith(house, 'microsoft', person(ours))).visit), ARRIVED)
    refused(t, 'PROVIDER_ERROR', await arriveWith(house, 'microsoft', person(theirs)))
  })

  t.test('V10.5.3 a discovery document of one Microsoft tenant is none of all', async (t) => {
    const { service, standIn, ofTenant } = await startMicrosoft(t)
    for (const issuer of [standIn.issuer, ofTenant(randomUUID()), ofTenant('{tenant}')]) {
      publish(standIn, { issuer })
      const { status, body } = await service.get('/api/auth/microsoft')
      t.match({ status, code: body.code }, { status: 502, code: 'PROVIDER_ERROR' }, issuer)
    }
  })
})

interface GitHubAccount {
  readonly user: unknown
  readonly emails: unknown
}

t.test('sign-in with GitHub', async (t) => {
  const standIn = await startStandIn(t, { path: '/login/oauth' })
  const env = providersEnvironment({ github: settingsOf(standIn) })
  const service = await startService(t, { env })
  const TOKEN = '/login/oauth/access_token'

  const newAccount = (changes: object = {}) => ({
    id: randomInt(1, 2 ** 40),
    login: `ada-${randomBytes(4).toString('hex')}`,
    name: 'Ada Lovelace',
    email: null,
    ...changes,
  })
  const address = (changes: object = {}) => ({
    email: newEmail(),
    primary: true,
    verified: true,
    visibility: 'private',
    ...changes,
  })

  async function arrive(
    { user, emails }: GitHubAccount,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<Arrival & { accessToken: string; code: string; challenge: string | null }> {
    const browser = new Browser(service)
    const begun = await begin(browser, 'github', '', OWN_PAGE)
    const [accessToken, code] = [`gho_${newSecret()}`, newSecret()]
    standIn.react(TOKEN, ({ form }) =>
      form.get('code') === code
        ? {
            body: {
              access_token: accessToken,
              scope: 'read:user,user:email',
              token_type: 'bearer',
            },
          }
        : { body: { error: 'bad_verification_code', error_description: 'It is incorrect.' } },
    )
    const guarded = (body: unknown) => (heard: Heard) =>
      heard.headers.authorization === `Bearer ${accessToken}`
        ? { body }
        : { status: 401, body: { message: 'Bad credentials' } }
    standIn.react('/api/v3/user', guarded(user))
    standIn.react('/api/v3/user/emails', guarded(emails))
    const callback = begun.callback({ code, ...parameters })
    const before = service.calls.length
    const visit = await browser.visit(callback, { headers: OWN_PAGE })
    const writes = writesSince(service, before)
    const challenge = begun.query.get('code_challenge')
    return { visit, browser, writes, accessToken, code, challenge }
  }

  t.test('GitHub signs in by its API, at the primary address', async (t) => {
    const primary = address()
    const others = [address({ primary: false }), address({ primary: false, verified: false })]
    const before = standIn.heard.length
    const account = { user: newAccount(), emails: [others[0], primary, others[1]] }
    const { visit, browser, code, accessToken, challenge } = await arrive(account)
    t.equal(landing(visit), ARRIVED)
    const user = await userOf(service, browser)
    t.same(user, {
      id: user.id,
      email: primary.email,
      name: 'Ada Lovelace',
      role: 'user',
      emailVerified: true,
    })
    const { body } = await service.get('/api/auth/identities', fromOwnPage(browser))
    t.match(body.identities, [{ provider: 'github', issuer: standIn.issuer }])

    const heard = standIn.heard.slice(before)
    t.same(heard.map(({ method, path }) => `${method} ${path}`).sort(), [
      'GET /api/v3/user',
      'GET /api/v3/user/emails',
      `POST ${TOKEN}`,
    ])
    const token = heard.find(({ path }) => path === TOKEN)
    const { code_verifier: verifier = '', ...form } = Object.fromEntries(token?.form ?? [])
    t.same(form, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://auth.example.com/api/auth/github/callback',
      client_id: standIn.clientId,
      client_secret: standIn.clientSecret,
    })
    t.equal(token?.headers.authorization, undefined, 'the client proves itself once')
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(verifier))
    t.equal(Buffer.from(digest).toString('base64url'), challenge)
    for (const { headers } of heard.filter(({ method }) => method === 'GET')) {
      t.match(headers, {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'latchkey',
        authorization: `Bearer ${accessToken}`,
      })
    }
  })

  t.test('OA-5 V10.2.1 GitHub’s start asks for a code with a challenge', async (t) => {
    const { visit, query } = await begin(new Browser(service), 'github')
    t.equal(visit.location?.split('?')[0], `${standIn.issuer}/authorize`)
    const { state, code_challenge, ...rest } = Object.fromEntries(query)
    t.match(state, /^[\w-]{43}$/)
    t.match(code_challenge, /^[\w-]{43}$/)
    t.same(rest, {
      response_type: 'code',
      client_id: standIn.clientId,
      redirect_uri: 'https://auth.example.com/api/auth/github/callback',
      scope: 'read:user user:email',
      code_challenge_method: 'S256',
    })
  })

  t.test('a GitHub person with another login and address is the same user', async (t) => {
    const user = newAccount()
    const first = await arrive({ user, emails: [address()] })
    const moved = { user: { ...user, login: 'ada-king', name: 'A K' }, emails: [address()] }
    const second = await arrive(moved)
    t.same([first.visit, second.visit].map(landing), [ARRIVED, ARRIVED])
    t.same(await userOf(service, second.browser), await userOf(service, first.browser))
  })

  t.test('a person who has taken over a GitHub login is another user', async (t) => {
    const user = newAccount()
    const first = await arrive({ user, emails: [address()] })
    const second = await arrive({
      user: { ...newAccount(), login: user.login },
      emails: [address()],
    })
    t.same([first.visit, second.visit].map(landing), [ARRIVED, ARRIVED])
    const ids = [
      (await userOf(service, first.browser)).id,
      (await userOf(service, second.browser)).id,
    ]
    t.equal(new Set(ids).size, 2)
  })

  t.test('an unverified primary GitHub address is refused, whatever the others are', async (t) => {
    const emails = [address({ verified: false }), address({ primary: false })]
    refused(t, 'EMAIL_UNVERIFIED', await arrive({ user: newAccount(), emails }))
    for (const verified of ['true', 1, null]) {
      const account = { user: newAccount(), emails: [address({ verified })] }
      refused(t, 'EMAIL_UNVERIFIED', await arrive(account))
    }
  })

  t.test('without a primary GitHub address there is none', async (t) => {
    const lists = [[], [address({ primary: false })], {}, null, [address({ email: null })]]
    for (const emails of lists) {
      const user = newAccount({ email: newEmail() })
      refused(
        t,
        'EMAIL_MISSING',
        await arrive({ user, emails }),
        JSON.stringify(emails).slice(0, 9),
      )
    }
  })

  t.test('a GitHub person without a numeric id is nobody', async (t) => {
    const ids = [undefined, null, '1', 1.5, 2 ** 53, [1], true]
    for (const id of ids) {
      const account = { user: newAccount({ id }), emails: [address()] }
      refused(t, 'PROVIDER_ERROR', await arrive(account), String(id))
    }
  })

  t.test('a GitHub answer that speaks of nobody is a wrong answer', async (t) => {
    for (const user of [null, [], 'nobody', 7]) {
      refused(t, 'PROVIDER_ERROR', await arrive({ user, emails: [address()] }), String(user))
    }
    for (const emails of [[null], [7], [[]]]) {
      const arrival = await arrive({ user: newAccount(), emails })
      refused(t, 'EMAIL_MISSING', arrival, JSON.stringify(emails))
    }
  })

  t.test(
    'a code that GitHub does not take is a wrong answer, though the status is 200',
    async (t) => {
      const before = standIn.heard.length
      const account = { user: newAccount(), emails: [address()] }
      refused(t, 'PROVIDER_ERROR', await arrive(account, { code: newSecret() }))
      t.same(
        standIn.heard.slice(before).map(({ path }) => path),
        [TOKEN],
      )
    },
  )

  t.test('OA-4 V10.2.2 a GitHub answer names this issuer or none', async (t) => {
    const account = () => ({ user: newAccount(), emails: [address()] })
    t.equal(landing((await arrive(account(), { iss: standIn.issuer })).visit), ARRIVED)
    for (const iss of [`${standIn.issuer}/`, standIn.origin, 'https://github.com/login/oauth']) {
      const before = standIn.heard.length
      refused(t, 'PROVIDER_ERROR', await arrive(account(), { iss }), iss)
      t.equal(standIn.heard.length, before, 'nobody is asked')
    }
  })
})

t.test('any other issuer as provider', async (t) => {
  const person = () => ({ email: newEmail(), email_verified: true })

  t.test('a provider with ES256 is held to it', async (t) => {
    const settings = { idTokenSignedResponseAlg: 'ES256' }
    const house = await startAt(t, 'acme', { settings })
    const { standIn } = house
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    standIn.jwks.push({ ...(await exportJWK(publicKey)), kid: 'es', use: 'sig', alg: 'ES256' })
    const signES256 = async (claims: Claims) => {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'es' })
        .sign(privateKey)
      recordSecret('token', token)
      return token
    }
    t.equal(landing((await arriveWith(house, 'acme', person(), signES256)).visit), ARRIVED)
    refused(t, 'PROVIDER_ERROR', await arriveWith(house, 'acme', person()), 'RS256')
    const jwk = await exportJWK(publicKey)
    const x = Buffer.from(jwk.x ?? '', 'base64url').map((byte, at) => (at === 20 ? byte ^ 1 : byte))
    const off = await startAt(t, 'acme', { settings })
    const noPoint = { ...jwk, x: Buffer.from(x).toString('base64url') }
    off.standIn.jwks.push({ ...noPoint, kid: 'es', use: 'sig', alg: 'ES256' })
    const arrival = await arriveWith(off, 'acme', person(), signES256)
    refused(t, 'PROVIDER_ERROR', arrival, 'JWT-4: a key that is no point of its curve')
  })

  t.test('a provider gets the client’s secret as it wants it', async (t) => {
    const wishes: [unknown, 'body' | 'header'][] = [
      [['client_secret_post'], 'body'],
      [['private_key_jwt', 'client_secret_post'], 'body'],
      [['client_secret_post', 'client_secret_basic'], 'header'],
      [['client_secret_basic'], 'header'],
      [undefined, 'header'],
    ]
    for (const [methods, place] of wishes) {
      const house = await startAt(t, 'acme')
      const { standIn } = house
      publish(standIn, { token_endpoint_auth_methods_supported: methods })
      t.equal(landing((await arriveWith(house, 'acme', person())).visit), ARRIVED)
      const { form, headers } = standIn.heard.find(({ path }) => path === '/token') ?? {}
      const basic = Buffer.from(`${standIn.clientId}:${standIn.clientSecret}`).toString('base64')
      t.equal(headers?.authorization, place === 'header' ? `Basic ${basic}` : undefined)
      t.equal(form?.get('client_secret'), place === 'body' ? standIn.clientSecret : null)
    }
  })

  t.test('a provider is found below its path, with or without a slash at the end', async (t) => {
    for (const path of ['/realms/acme', '/tenant/', '/']) {
      const house = await startAt(t, 'acme', { path })
      const { service, standIn } = house
      const { visit, browser } = await arriveWith(house, 'acme', person())
      t.equal(landing(visit), ARRIVED, path)
      const base = path.replace(/\/$/, '')
      t.equal(standIn.heard[0]?.path, `${base}/.well-known/openid-configuration`)
      const { body } = await service.get('/api/auth/identities', fromOwnPage(browser))
      t.match(body.identities, [{ issuer: standIn.issuer }])

      const other = path.endsWith('/') ? standIn.issuer.slice(0, -1) : `${standIn.issuer}/`
      const astray = await arriveWith(house, 'acme', { ...person(), iss: other })
      refused(t, 'PROVIDER_ERROR', astray, `${path}: letter for letter`)
    }
  })
})
