import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { SignJWT } from 'jose'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { FREEING_COOKIE } from '../../src/http/cookies.js'
import { discover } from '../../src/social/discovery.js'
import { resolveProviders } from '../../src/social/presets.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { MINUTE, SECOND, testClock } from '../support/clock.js'
import {
  countAccounts,
  newEmail,
  newSubject,
  providersEnvironment,
  startWithOpenProviders,
  writesSince,
} from '../support/identity-provider.js'
import { type Service, startService } from '../support/service.js'
import {
  answerWith,
  begin,
  createKey,
  honestClaims,
  settingsOf,
  signIdToken,
  type StandIn,
  startStandIn,
} from '../support/stand-in.js'

const ARRIVED = '/dashboard'
const FREEING = '/login/free'
const refusedAs = (code: string) => `/login?error=${code}`
const ACCESS = '__Host-latchkey_access'
const DEVICE = '__Host-latchkey_device'
const REFRESH = '__Host-latchkey_refresh'

/** What PROVIDER_ERROR says. */
const WRONG_ANSWER = { message: 'The identity provider gave a wrong answer' }

type Claims = Readonly<Record<string, unknown>>
type Header = Readonly<Record<string, unknown>>

interface Evil {
  readonly service: Service
  readonly standIn: StandIn
}

async function startEvil(t: Parameters<typeof startStandIn>[0], metadata = {}): Promise<Evil> {
  const clock = testClock()
  const standIn = await startStandIn(t, { metadata })
  const env = providersEnvironment({ acme: settingsOf(standIn) })
  return { service: await startService(t, { clock, env }), standIn }
}

/** What an honest provider would say of a new person. */
function claimsFor({ service, standIn }: Evil, nonce: string): Record<string, unknown> {
  const honest = honestClaims(standIn, nonce, service.clock())
  return { ...honest, email: newEmail(), email_verified: true }
}

/** A whole flow that ends with an ID token of the test's making. @returns where the browser is sent. */
async function flowWith(
  evil: Evil,
  forge: (nonce: string, claims: Record<string, unknown>) => unknown,
): Promise<{ landing: string; browser: Browser; before: number }> {
  const { service, standIn } = evil
  const browser = new Browser(service)
  const begun = await begin(browser, 'acme', '', OWN_PAGE)
  const nonce = begun.query.get('nonce') ?? ''
  answerWith(standIn, (await forge(nonce, claimsFor(evil, nonce))) as string)
  const before = service.calls.length
  const visit = await browser.visit(begun.callback({ code: randomBytes(16).toString('hex') }))
  return { landing: `${visit.headers.get('location')}`, browser, before }
}

async function refuses(
  t: Parameters<typeof startStandIn>[0],
  evil: Evil,
  what: string,
  forge: (nonce: string, claims: Record<string, unknown>) => unknown,
  code = 'PROVIDER_ERROR',
): Promise<void> {
  const { landing, browser, before } = await flowWith(evil, forge)
  t.equal(landing, refusedAs(code), what)
  t.same(browser.cookies(), {}, 'no cookie stays')
  t.same(writesSince(evil.service, before), [], 'nothing is written')
}

const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token of any header, signed in any way. */
function craft(header: Header, claims: Claims, sign: (input: string) => Buffer | string): string {
  const input = `${base64url(header)}.${base64url(claims)}`
  const signature = sign(input)
  return `${input}.${typeof signature === 'string' ? signature : signature.toString('base64url')}`
}

const signAs = (alg: string, key: KeyObject, claims: Claims, header: Header = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, ...header }).sign(key)

t.test('an honest provider is believed', async (t) => {
  const evil = await startEvil(t)
  const { landing, browser } = await flowWith(evil, (_nonce, claims) =>
    signIdToken(claims, evil.standIn.key),
  )
  t.equal(landing, ARRIVED)
  t.same(Object.keys(browser.cookies()).sort(), [ACCESS, DEVICE, REFRESH])
  t.same(await countAccounts(evil.service), { users: 1, emails: 1, identities: 1 })
})

t.test('V6.8.2 a provider’s ID token whose signature proves nothing is refused', async (t) => {
  const evil = await startEvil(t)
  const { standIn } = evil
  const { kid, privateKey, publicJwk } = standIn.key
  const publicKeys: Record<string, string> = {
    'a JWK': JSON.stringify(publicJwk),
    'a JWKS': JSON.stringify({ keys: [publicJwk] }),
    ...Object.fromEntries(
      (['spki', 'pkcs1'] as const).map((type) => [`a PEM of ${type}`, createPem(privateKey, type)]),
    ),
  }
  const own = await createKey()
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const rows: Record<string, (nonce: string, claims: Record<string, unknown>) => unknown> = {
    ...Object.fromEntries(
      ['none', 'None', 'NONE', 'nOnE', ''].map((alg) => [
        `alg ${alg || 'empty'}`,
        (_: string, claims: Claims) => craft({ alg, kid, typ: 'JWT' }, claims, () => ''),
      ]),
    ),
    'no alg': (_, claims) => craft({ kid }, claims, () => ''),
    'RS256 without a signature': (_, claims) => craft({ alg: 'RS256', kid }, claims, () => ''),
    'RS256 with another signature': (_, claims) =>
      craft({ alg: 'RS256', kid }, claims, () => randomBytes(256)),
    ...Object.fromEntries(
      Object.entries(publicKeys).map(([what, secret]) => [
        `HS256 under ${what} of the public key`,
        (_: string, claims: Claims) =>
          craft({ alg: 'HS256', kid, typ: 'JWT' }, claims, (input) =>
            createHmac('sha256', secret).update(input).digest(),
          ),
      ]),
    ),
    ...Object.fromEntries(
      ['RS384', 'RS512', 'PS256'].map((alg) => [
        `${alg} by the right key`,
        (_: string, claims: Claims) => signAs(alg, privateKey, claims, { kid }),
      ]),
    ),
    'ES256 by a key of its own': (_, claims) => signAs('ES256', ec, claims, { kid }),
    'a key that is not in the JWKS': (_, claims) => signIdToken(claims, own),
    'a key that is not in the JWKS, under the name of one': (_, claims) =>
      signIdToken(claims, { ...own, kid }),
    'a key that is not in the JWKS, without a name': (_, claims) =>
      signAs('RS256', own.privateKey, claims),
    'a key in its own header (jwk)': (_, claims) =>
      signAs('RS256', own.privateKey, claims, { jwk: own.publicJwk }),
    'a JWKS in its own header (jku)': (_, claims) =>
      signAs('RS256', own.privateKey, claims, { kid: own.kid, jku: `${standIn.origin}/mine` }),
    'a certificate in its own header (x5u)': (_, claims) =>
      signAs('RS256', own.privateKey, claims, { kid: own.kid, x5u: `${standIn.origin}/mine` }),
    'an extension that must be understood (crit)': (_, claims) =>
      craft({ alg: 'RS256', kid, crit: ['exp'], exp: 1 }, claims, () => randomBytes(256)),
    'one part cut off': async (_, claims) =>
      (await signIdToken(claims, standIn.key)).split('.').slice(0, 2).join('.'),
    'no token at all': () => undefined,
    'an empty one': () => '',
    'a number': () => 12345,
    'an object': () => ({ sub: 'ada' }),
  }
  for (const [what, forge] of Object.entries(rows)) await refuses(t, evil, what, forge)
  t.notOk(
    standIn.heard.some(({ path }) => path === '/mine'),
    'nobody is asked for a key that a token names',
  )
})

const createPem = (privateKey: KeyObject, type: 'spki' | 'pkcs1'): string =>
  createPublicKey(privateKey).export({ type, format: 'pem' }).toString()

t.test('V10.5.1 V10.5.4 V10.1.2 a provider’s ID token for another is refused', async (t) => {
  const evil = await startEvil(t)
  const { service, standIn } = evil
  const { issuer, clientId } = standIn
  const now = Math.floor(service.clock() / 1000)
  const changes: Record<string, Record<string, unknown>> = {
    'another issuer': { iss: 'https://accounts.example' },
    'the issuer with a slash': { iss: `${issuer}/` },
    'the issuer in capitals': { iss: issuer.toUpperCase() },
    'the issuer at another port': { iss: issuer.replace(/\d+$/, '1') },
    'a list of issuers': { iss: [issuer] },
    'no issuer': { iss: undefined },
    'another audience': { aud: 'another-client' },
    'the audience in capitals': { aud: clientId.toUpperCase() },
    'no audience': { aud: undefined },
    'an empty list of audiences': { aud: [] },
    'two audiences and no azp': { aud: [clientId, 'another-client'] },
    'two audiences and the azp of the other': {
      aud: [clientId, 'another-client'],
      azp: 'another-client',
    },
    'one audience and the azp of another': { azp: 'another-client' },
    'an empty azp': { azp: '' },
    'no nonce': { nonce: undefined },
    'another nonce': { nonce: randomBytes(32).toString('base64url') },
    'an empty nonce': { nonce: '' },
    'a list of nonces': { nonce: [''] },
    expired: { exp: now - 31 },
    'no end': { exp: undefined },
    'an end that is text': { exp: `${now + 300}` },
    'made in the future': { iat: now + 31, exp: now + 600 },
    'made at no time': { iat: undefined },
    'made ten minutes ago': { iat: now - 631, exp: now + 600 },
    'not valid yet': { nbf: now + 31 },
    'no subject': { sub: undefined },
    'an empty subject': { sub: '' },
    'a number for a subject': { sub: 12345 },
    'a list of subjects': { sub: ['ada'] },
    'a subject of 256 letters': { sub: 's'.repeat(256) },
    'a subject of 10 kB': { sub: 's'.repeat(10_000) },
    'a subject with a control character': { sub: 'ada\u0000' },
    'a subject with a line break': { sub: 'ada\n' },
    'a subject that is not ASCII': { sub: 'adä' },
  }
  for (const [what, change] of Object.entries(changes)) {
    await refuses(t, evil, what, (_nonce, claims) =>
      signIdToken({ ...claims, ...change }, standIn.key),
    )
  }
  const subject = 's'.repeat(255)
  const { landing } = await flowWith(evil, (_nonce, claims) =>
    signIdToken({ ...claims, sub: subject, aud: [clientId, 'b'], azp: clientId }, standIn.key),
  )
  t.equal(landing, ARRIVED, 'the longest subject, and two audiences with the right azp')
})

t.test(
  'V10.5.1 the nonce of another flow at a provider, and our own tokens, are refused',
  async (t) => {
    const evil = await startEvil(t)
    const { service, standIn } = evil
    const other = await begin(new Browser(service), 'acme')
    const { accessToken, refreshToken } = await service.signIn(await service.signUp())
    await refuses(t, evil, 'the nonce of another flow', (_nonce, claims) =>
      signIdToken({ ...claims, nonce: other.query.get('nonce') }, standIn.key),
    )
    await refuses(t, evil, 'an access token of ours', () => accessToken)
    await refuses(t, evil, 'a refresh token of ours', () => refreshToken)
  },
)

t.test(
  'GHSA-g38m-r43w-p2q7 no one gets in by a provider’s address that is not proved theirs',
  async (t) => {
    const evil = await startEvil(t)
    const { service, standIn } = evil
    const victim = await service.signUp()
    const say = (change: Claims) => (_nonce: string, claims: Claims) =>
      signIdToken({ ...claims, ...change }, standIn.key)

    for (const verified of [false, undefined, null, 'false', 'yes', 0, {}]) {
      const change = { email: victim.email, email_verified: verified }
      const what = `email_verified ${JSON.stringify(verified)}`
      await refuses(t, evil, what, say(change), 'EMAIL_UNVERIFIED')
    }
    for (const email of [victim.email, victim.email.toUpperCase()]) {
      const { landing, browser, before } = await flowWith(evil, say({ email }))
      t.equal(landing, FREEING, 'the very address leads to a question, and into no account')
      t.same(Object.keys(browser.cookies()), [FREEING_COOKIE])
      t.same(writesSince(service, before), [])
    }

    const [local = ''] = victim.email.split('@')
    const lookAlikes = [
      `${local.replace('e', 'е')}@example.com`, // Cyrillic
      `${victim.email},evil@evil.example`,
      `${victim.email} evil@evil.example`,
      `evil@evil.example\n${victim.email}`,
      `"${victim.email}"@evil.example`,
      ` ${victim.email}`,
      `${victim.email}\u0000`,
      `<${victim.email}>`,
      `${'a'.repeat(300)}@example.com`,
      '@example.com',
      `${local}@exa mple.com`,
      `${local}@bücher..example`,
      // What maps domains to A-labels reads them as a URL does.
      ...['/ü', '?ü', '#ü', '\\ü', '%2Eü', '\tü'].map((end) => `${local}@victim.example${end}`),
      `${local}@bücher.example\u0000`,
      `${local}@${'ü'.repeat(70)}.example`,
    ]
    for (const email of lookAlikes) {
      await refuses(t, evil, JSON.stringify(email), say({ email }), 'EMAIL_UNSUPPORTED')
    }
    for (const email of [
      '',
      ' ',
      undefined,
      null,
      12345,
      [victim.email],
      { value: victim.email },
    ]) {
      standIn.react('/userinfo', ({ headers }) => ({ body: { sub: headers.authorization } }))
      const honest = async (_nonce: string, claims: Claims) => {
        standIn.react('/userinfo', () => ({ body: { sub: claims.sub } }))
        return signIdToken({ ...claims, email }, standIn.key)
      }
      await refuses(t, evil, JSON.stringify(email), honest, 'EMAIL_MISSING')
    }
    t.same(await countAccounts(service), { users: 1, emails: 1, identities: 0 })
  },
)

t.test('an address in other capitals at a provider is the same account', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const person = newSubject()
  const browser = new Browser(service)
  const first = await providers.north.signIn(browser, person)
  const shouted = { ...newSubject(), email: person.email.toUpperCase() }
  const second = await providers.south.signIn(new Browser(service), shouted)
  t.same(
    [first, second].map(({ headers }) => headers.get('location')),
    [ARRIVED, ARRIVED],
  )
  t.same(await countAccounts(service), { users: 1, emails: 1, identities: 2 })
})

t.test(
  'a provider’s userinfo is asked for the address alone, and must be about the same person',
  async (t) => {
    const evil = await startEvil(t)
    const { standIn } = evil
    const email = newEmail()
    const withoutEmail = (userinfo: (sub: unknown) => unknown) => (_: string, claims: Claims) => {
      standIn.react('/userinfo', () => ({ body: userinfo(claims.sub) }))
      return signIdToken({ ...claims, email: undefined, email_verified: undefined }, standIn.key)
    }
    for (const sub of ['another', undefined, '']) {
      const answer = () => ({ sub, email, email_verified: true })
      await refuses(t, evil, `of ${JSON.stringify(sub)}`, withoutEmail(answer))
    }
    for (const answer of [null, [], 'text', 12345]) {
      await refuses(
        t,
        evil,
        JSON.stringify(answer),
        withoutEmail(() => answer),
      )
    }
    const { landing } = await flowWith(
      evil,
      withoutEmail((sub) => ({ sub, email, email_verified: true, iss: 'https://evil.example' })),
    )
    t.equal(landing, ARRIVED)
    const asked = standIn.heard.filter(({ path }) => path === '/userinfo').at(-1)
    t.match(asked?.headers.authorization, /^Bearer \S+$/)
  },
)

t.test('a key that is new at the provider is fetched once', async (t) => {
  const evil = await startEvil(t)
  const { service, standIn } = evil
  const fetches = () => standIn.heard.filter(({ path }) => path === '/jwks').length
  const signedBy = (key: Awaited<ReturnType<typeof createKey>>) => (_: string, claims: Claims) =>
    signIdToken({ ...claims, iat: Math.floor(service.clock() / 1000) }, key)
  t.equal((await flowWith(evil, signedBy(standIn.key))).landing, ARRIVED)
  t.equal(fetches(), 1)

  const next = await createKey()
  standIn.jwks.push(next.publicJwk)
  service.clock.advance(11 * SECOND)
  t.equal((await flowWith(evil, signedBy(next))).landing, ARRIVED, 'the new key')
  t.equal((await flowWith(evil, signedBy(standIn.key))).landing, ARRIVED, 'the old one too')
  t.equal(fetches(), 2)

  const unknown = await createKey()
  for (let i = 0; i < 3; i++) await refuses(t, evil, 'an unknown key', signedBy(unknown))
  t.equal(fetches(), 2, 'nobody makes us ask more than once in ten seconds')
  service.clock.advance(11 * SECOND)
  for (let i = 0; i < 3; i++) await refuses(t, evil, 'an unknown key', signedBy(unknown))
  t.equal(fetches(), 3)

  standIn.jwks.shift()
  service.clock.advance(10 * MINUTE)
  await refuses(t, evil, 'a key that was withdrawn', signedBy(standIn.key))
})

t.test(
  'OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
    const { north, south } = providers
    const landed = async (browser: Browser, url: string) =>
      `${(await browser.visit(url)).headers.get('location')}`
    const expired = refusedAs('SIGN_IN_EXPIRED')

    t.test('OA-13 a code that the provider would take again is not used again', async (t) => {
      const browser = new Browser(service)
      const callback = await north.walk(browser, newSubject())
      const flow = browser.cookies()
      t.equal(await landed(browser, callback), ARRIVED)
      const redeemed = north.standIn.heard.filter(({ path }) => path === '/token').length
      const before = service.calls.length
      const thief = new Browser(service)
      thief.setCookies(flow)
      t.equal(await landed(thief, callback), expired)
      t.same(thief.cookies(), {})
      t.same(writesSince(service, before), [])
      t.equal(north.standIn.heard.filter(({ path }) => path === '/token').length, redeemed)
    })

    t.test(
      'CVE-2023-27490 a provider’s callback without the cookie of its flow is refused',
      async (t) => {
        const attacker = new Browser(service)
        const callback = await north.walk(attacker, newSubject())
        const before = service.calls.length
        const victim = new Browser(service)
        t.equal(await landed(victim, callback), expired)
        t.same(victim.cookies(), {})

        await north.walk(victim, newSubject())
        const own = victim.cookies()
        t.equal(
          await landed(victim, callback),
          expired,
          'nor is it with the cookie of another flow',
        )
        t.same(victim.cookies(), own, 'which goes on')

        const name = Object.keys(attacker.cookies())[0] ?? ''
        victim.setCookies({ [name]: Object.values(own)[0] ?? '' })
        t.equal(await landed(victim, callback), expired, 'nor with that under the name of this one')
        t.same(writesSince(service, before), [])
      },
    )

    t.test(
      'OA-4 V10.2.2 CVE-2025-68158 the state of one provider is none at another',
      async (t) => {
        const browser = new Browser(service)
        const callback = await north.walk(browser, newSubject())
        const before = service.calls.length
        t.equal(await landed(browser, callback.replace('/north/', '/south/')), expired)
        t.same(writesSince(service, before), [])
        t.notOk(
          south.standIn.heard.some(({ path }) => path === '/token'),
          'the code goes to nobody',
        )
      },
    )

    t.test(
      'CVE-2023-48309 a provider’s flow is no session, and a session is no flow',
      async (t) => {
        const browser = new Browser(service)
        const callback = await north.walk(browser, newSubject())
        const [name = '', sealed = ''] = Object.entries(browser.cookies())[0] ?? []
        for (const cookie of [ACCESS, REFRESH]) {
          const headers = { 'sec-fetch-site': 'same-origin' }
          const call = { cookies: { [cookie]: sealed }, headers }
          t.equal((await service.get('/api/profile', call)).status, 401, cookie)
          t.equal((await service.post('/api/auth/refresh', undefined, call)).status, 401, cookie)
        }
        t.equal((await service.get('/api/profile', { token: sealed })).status, 401)
        const { accessToken, refreshToken } = await service.signIn(await service.signUp())
        const before = service.calls.length
        for (const value of [accessToken, refreshToken, '', 'x', sealed.slice(1), `${sealed}A`]) {
          browser.setCookies({ [name]: value })
          t.equal(await landed(browser, callback), expired)
        }
        t.same(writesSince(service, before), [])
        browser.setCookies({ [name]: sealed })
        t.equal(await landed(browser, callback), ARRIVED, 'as it was, it is good')
      },
    )
  },
)

t.test(
  'IS-1 OA-4 V10.2.2 an answer of another issuer than the provider is refused, errors too',
  async (t) => {
    const silent = await startEvil(t)
    const outspoken = await startEvil(t, { authorization_response_iss_parameter_supported: true })
    const wrong = (issuer: string) => ['https://evil.example', `${issuer}/`, issuer.slice(1)]

    for (const evil of [silent, outspoken]) {
      const { service, standIn } = evil
      const answers = [{ code: 'a-code' }, { error: 'access_denied' }]
      for (const answer of answers) {
        for (const iss of wrong(standIn.issuer)) {
          const browser = new Browser(service)
          const begun = await begin(browser, 'acme')
          const visit = await browser.visit(begun.callback({ ...answer, iss }))
          t.equal(visit.headers.get('location'), refusedAs('PROVIDER_ERROR'), iss)
        }
      }
      t.notOk(
        standIn.heard.some(({ path }) => path === '/token'),
        'no code was given away',
      )

      const browser = new Browser(service)
      const begun = await begin(browser, 'acme')
      const right = begun.callback({ error: 'access_denied', iss: standIn.issuer })
      const visit = await browser.visit(right)
      t.equal(visit.headers.get('location'), refusedAs('ACCESS_DENIED'), 'the right one is heard')
    }
    // RFC 6749 §3.1: an empty parameter is an omitted one.
    const none = [{ code: 'a-code' }, { error: 'access_denied' }, { code: 'a-code', iss: '' }]
    for (const answer of none as Record<string, string>[]) {
      const browser = new Browser(outspoken.service)
      const begun = await begin(browser, 'acme')
      const visit = await browser.visit(begun.callback(answer))
      t.equal(visit.headers.get('location'), refusedAs('PROVIDER_ERROR'), 'missing where promised')
    }
  },
)

t.test('F32 a provider’s token endpoint that answers nonsense is not believed', async (t) => {
  const evil = await startEvil(t)
  const { service, standIn } = evil
  const reactions = {
    'no access token': { body: { error: 'bad_verification_code' } },
    'a number for one': { body: { access_token: 12345, id_token: 'x' } },
    HTML: { body: '<html>welcome</html>', headers: { 'content-type': 'text/html' } },
    'broken JSON': { body: '{"access_token":', headers: { 'content-type': 'application/json' } },
    null: { body: null },
    'a list': { body: [] },
    'a refused code': { status: 400, body: { error: 'invalid_grant' } },
    'a refused client': { status: 401, body: { error: 'invalid_client' } },
    'a redirect': { status: 307, headers: { location: `${standIn.origin}/elsewhere` } },
  } as const
  for (const [what, reaction] of Object.entries(reactions)) {
    standIn.react('/token', () => reaction)
    const browser = new Browser(service)
    const begun = await begin(browser, 'acme')
    const before = service.calls.length
    const visit = await browser.visit(begun.callback({ code: 'a-code' }))
    t.equal(visit.headers.get('location'), refusedAs('PROVIDER_ERROR'), what)
    t.same(browser.cookies(), {}, what)
    t.same(writesSince(service, before), [], what)
  }
  // The connection is cut, and whether the answer or its end is seen first is chance.
  standIn.react('/token', () => ({ body: { access_token: 'a'.repeat(10_000_000) } }))
  const browser = new Browser(service)
  const begun = await begin(browser, 'acme')
  const visit = await browser.visit(begun.callback({ code: 'a-code' }))
  t.match(visit.headers.get('location'), /^\/login\?error=PROVIDER_(ERROR|UNAVAILABLE)$/)
  t.same(browser.cookies(), {}, 'ten megabytes')
  const bomb = gzipSync(JSON.stringify({ access_token: 'a'.repeat(10_000_000) }))
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
  standIn.react('/token', () => ({ body: bomb, headers }))
  const again = await begin(browser, 'acme')
  const bombed = await browser.visit(again.callback({ code: 'a-code' }))
  t.match(bombed.headers.get('location'), /^\/login\?error=PROVIDER_(ERROR|UNAVAILABLE)$/)
  t.same(browser.cookies(), {}, 'ten megabytes in ten kilobytes')
  t.notOk(
    standIn.heard.some(({ path }) => path === '/elsewhere'),
    'a redirect of the token endpoint is not followed',
  )
})

t.test('V10.5.3 a provider’s discovery document of another issuer is refused', async (t) => {
  const { service, standIn } = await startEvil(t)
  const { origin, issuer } = standIn
  const honest = {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/jwks`,
  }
  const tell = async (body: unknown) => {
    standIn.react('/.well-known/openid-configuration', () => ({ body }))
    service.clock.advance(10 * SECOND)
    const { status, body: answer } = await service.get('/api/auth/acme')
    return `${status} ${answer?.code ?? ''}`
  }
  const refused = '502 PROVIDER_ERROR'
  const issuers = [
    'https://evil.example',
    `${issuer}/`,
    issuer.slice(0, -1),
    undefined,
    null,
    12,
    '',
  ]
  for (const wrong of issuers)
    t.equal(await tell({ ...honest, issuer: wrong }), refused, `${wrong}`)
  for (const endpoint of Object.keys(honest).slice(1)) {
    for (const value of [undefined, 'no URL', 'ftp://127.0.0.1/', 'http://evil.example/', 12]) {
      t.equal(await tell({ ...honest, [endpoint]: value }), refused, `${endpoint} ${value}`)
    }
  }
  for (const document of [null, [], 'text', 12345, '{"issuer":']) {
    t.equal(await tell(document), refused, JSON.stringify(document))
  }
  t.equal(await tell(honest), '302 ', 'the honest one is taken')
})

t.test('V10.5.3 a provider with TLS has no endpoint without', async (t) => {
  const issuer = 'https://login.acme.example'
  const settings = { acme: { clientId: 'c', clientSecret: 'not a real one', issuer } }
  const provider = resolveProviders(settings)[0]
  if (provider?.protocol !== 'oidc') throw new Error('expected an OpenID provider')
  const good = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
  }
  await t.resolves(discover(provider, async () => good))
  const endpoints = Object.keys(good).slice(1)
  for (const endpoint of endpoints) {
    for (const value of ['http://login.acme.example/x', 'http://127.0.0.1/x']) {
      const document = { ...good, [endpoint]: value }
      await t.rejects(
        discover(provider, async () => document),
        WRONG_ANSWER,
      )
    }
  }
  for (const document of [null, 'text', 12345, []]) {
    await t.rejects(
      discover(provider, async () => document),
      WRONG_ANSWER,
    )
  }
})
