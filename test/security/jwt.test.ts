import {
  type BinaryLike,
  constants,
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import t, { type Test } from 'tap'
import type { KeyRing } from '../../src/keyring/ring.js'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { alterations, type Forger, forgerFor, type Forgery, type Part } from '../support/forge.js'
import { type Call, ISSUER, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const PROTECTED = '/api/protected'
const JWKS = '/.well-known/jwks.json'
const EVIL = 'https://evil.example'

/** What is wrong with a token, and the token. */
type Row = readonly [what: string, token: string]

t.test('an access token', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: genuine } = await service.signIn(account)
  const forger = await forgerFor(service, genuine)
  const jwks = await service.get(JWKS)
  const ring = await ringOf(service)
  t.equal(forger.forge(), genuine, 'a forgery that changes nothing is the genuine token')

  const forged = (what: string, forgery: Forgery): Row => [what, forger.forge(forgery)]
  const header = (part: Part): Row => forged(`header ${show(part)}`, { header: part })
  const claims = (part: Part): Row => forged(`claims ${show(part)}`, { claims: part })
  const refuses = (t: Test, rows: readonly Row[]) => refusesAll(t, service, genuine, rows)

  t.test(
    'AT-1, AT-2: an access token carries what RFC 9068 asks for, and no personal data',
    async (t) => {
      t.strictSame(forger.header, { alg: 'RS256', typ: 'at+jwt', kid: jwks.body.keys[0].kid })
      const iat = service.clock() / SECOND
      t.strictSame(forger.claims, {
        iss: ISSUER,
        aud: 'latchkey',
        sub: account.id,
        client_id: 'latchkey',
        iat,
        exp: iat + 900,
        jti: forger.claims.jti,
        sid: forger.claims.sid,
        role: 'user',
        scope: 'user',
        amr: ['pwd'],
        acr: 'urn:latchkey:1',
        auth_time: iat,
      })
      const { payload } = await jwtVerify(genuine, createLocalJWKSet(jwks.body as JSONWebKeySet), {
        issuer: ISSUER,
        audience: 'latchkey',
        typ: 'at+jwt',
        algorithms: ['RS256'],
        currentDate: new Date(service.clock()),
      })
      t.strictSame(payload, forger.claims, 'another library reads the same')
    },
  )

  t.test('CVE-2026-22817, JWT-1: each key of the JWKS names its one algorithm', async (t) => {
    for (const key of jwks.body.keys) {
      t.match(key, { kty: 'RSA', alg: 'RS256', use: 'sig', kid: String })
      t.same(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'], 'nothing private')
    }
  })

  t.test(
    'CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token ' +
      '(GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
    async (t) => {
      const rows = Object.entries(publicTexts(forger, jwks.text)).flatMap(([what, secret]) => [
        forged(`HS256 over ${what}`, { header: { alg: 'HS256' }, sign: hmac('sha256', secret) }),
        forged(`HS384 over ${what}`, { header: { alg: 'HS384' }, sign: hmac('sha384', secret) }),
        forged(`HS512 over ${what}`, { header: { alg: 'HS512' }, sign: hmac('sha512', secret) }),
        forged(`HMAC over ${what}, called RS256`, { sign: hmac('sha256', secret) }),
      ])
      await refuses(t, rows)
    },
  )

  t.test(
    'CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
    async (t) => {
      const kid = forger.header.kid as string
      const kids: unknown[] = [
        ...['', 'unknown', '../../dev/null', "' OR 1=1 --", 'x'.repeat(10_240)],
        ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null'],
        ...[undefined, null, 0, true, [kid], { kid }, `${kid} `, kid.toUpperCase(), `${kid}\0`],
      ]
      const hs256 = (kid: unknown, secret: BinaryLike): Row =>
        forged(`HS256, ${show({ kid })}`, {
          header: { alg: 'HS256', kid },
          sign: hmac('sha256', secret),
        })
      await refuses(t, [
        ...kids.map((kid) => header({ kid })),
        ...kids.map((kid) => hs256(kid, '')),
        ...ring.refresh.flatMap(({ id, secret }) => [
          header({ kid: id }),
          hs256(id, Buffer.from(secret, 'base64url')),
        ]),
      ])
    },
  )

  t.test(
    'JWT-10: keys that an access token brings along are neither used nor fetched',
    async (t) => {
      let fetched = 0
      const server = createServer((_request, response) => {
        fetched++
        response.end(jwks.text)
      }).listen(0, '127.0.0.1')
      t.teardown(() => server.close())
      await once(server, 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`

      const jwk = createPublicKey(attackersKey).export({ format: 'jwk' })
      const der = createPublicKey(attackersKey).export({ format: 'der', type: 'spki' })
      const headers: Part[] = [
        { jku: url },
        { x5u: url },
        { kid: url },
        { jwk },
        { jwk, kid: undefined },
        { x5c: [der.toString('base64')] },
        { 'x5t#S256': createHash('sha256').update(der).digest('base64url') },
      ]
      await refuses(t, [
        ...headers.map(header),
        ...headers.map((part) =>
          forged(`signed by the attacker, ${show(part)}`, { header: part, sign: byAttacker }),
        ),
      ])
      t.equal(fetched, 0)
    },
  )

  t.test(
    'CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
    async (t) => {
      const unsigned = ['none', 'None', 'NONE', 'nOnE', '', 'none ', null, undefined]
      const others = ['HS256', 'HS1', 'RS1', 'RS384', 'RS512', 'PS256', 'ES256', 'EdDSA']
      const lookalikes = ['rs256', 'RS256 ', ' RS256', 'RS256\0', ['RS256'], { alg: 'RS256' }, 256]
      const { privateKey } = forger
      const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      const good = (alg: string, hash: string, key: KeyObject | typeof pss = privateKey) => {
        const signWith = (input: string) => sign(hash, Buffer.from(input), key)
        return [
          forged(`a good ${alg} signature`, { header: { alg }, sign: signWith }),
          forged(`a good ${alg} signature, called RS256`, { sign: signWith }),
        ]
      }
      await refuses(t, [
        ...unsigned.map((alg) =>
          forged(`unsigned, ${show({ alg })}`, { header: { alg }, sign: nothing }),
        ),
        ...[...unsigned, ...others, ...lookalikes].map((alg) => header({ alg })),
        ...good('RS1', 'sha1'),
        ...good('RS384', 'sha384'),
        ...good('RS512', 'sha512'),
        ...good('PS256', 'sha256', pss),
        ...good('ES256', 'sha256', ec),
        forged('unsigned', { sign: nothing }),
      ])
    },
  )

  t.test(
    'CVE-2026-35042, CVE-2025-59420, JWS-1: crit of an access token is refused, whatever it lists',
    async (t) => {
      const lists = [['x'], [], ['alg'], ['b64'], ['typ', 'typ'], [''], 'x', '', null, {}, true]
      await refuses(t, [
        ...lists.map((crit) => header({ crit })),
        header({ crit: ['x'], x: true }),
        header({ crit: ['b64'], b64: false }),
        header({ b64: false }),
      ])
    },
  )

  t.test(
    'JWS-3: a token’s header with a member twice, or in another spelling, is refused',
    async (t) => {
      const good = JSON.stringify(forger.header)
      const spellings = [
        good.replace('{', '{"alg":"none",'),
        good.replace('}', ',"alg":"none"}'),
        good.replace('{', '{"alg":"RS256",'),
        good.replace('}', ',"typ":"JWT"}'),
        good.replace('"alg"', String.raw`"\u0061lg"`),
        good.replace('{', '{ '),
        `${good} `,
        `\ufeff${good}`,
        `[${good}]`,
        ...['null', '{}', '""', '', 'not JSON'],
      ]
      await refuses(t, spellings.map(header))
    },
  )

  t.test('JWS-2, JWT-6: only the canonical compact form of an access token is read', async (t) => {
    const [head = '', payload = '', signature = ''] = genuine.split('.')
    const spaces = [' ', '\t', '\n', '\u00a0', '\ufeff']
    const forms: Row[] = [
      ['no signature part', `${head}.${payload}`],
      ['an empty signature', `${head}.${payload}.`],
      ['an empty payload', `${head}..${signature}`],
      ['an empty header', `.${payload}.${signature}`],
      ['a fourth part', `${genuine}.${signature}`],
      ['a trailing dot', `${genuine}.`],
      ['five parts (JWE)', `${head}.${payload}.${payload}.${payload}.${signature}`],
      ['padding', `${genuine}=`],
      ['padding in the header', `${head}==.${payload}.${signature}`],
      ['a letter that lenient decoders skip', `${head}.${payload}.!${signature}`],
      ['base64, not base64url', genuine.replaceAll('-', '+').replaceAll('_', '/')],
      ['loose final bits', looseEnd(forger)],
      ['a percent escape', `${head}.${payload}%2E${signature}`],
      ['JSON serialization', JSON.stringify({ protected: head, payload, signature })],
      ['quotes', `"${genuine}"`],
      ['NUL', `${genuine}\0`],
      ['compression', forger.forge({ header: { zip: 'DEF' } })],
      ...spaces.flatMap((space): Row[] => [
        [`${show(space)} before`, space + genuine],
        [`${show(space)} after`, genuine + space],
        [`${show(space)} within`, `${head}.${space}${payload}.${signature}`],
      ]),
    ]
    // A cookie hands any text to the verifier; the Authorization header has a grammar before it.
    await refusesAll(t, service, genuine, forms, (token) => ({
      cookies: { [ACCESS_COOKIE]: token },
    }))
  })

  t.test(
    'CVE-2026-27840: no piece of an access token and no change of case is accepted',
    async (t) => {
      const altered = alterations(genuine)
      t.same(await statuses(service, altered), { 401: altered.length })
      t.same(await statuses(service, [genuine]), { 200: 1 })
    },
  )

  t.test(
    'JWT-3: the signature of an access token is right in every byte, or refused',
    async (t) => {
      t.equal(
        forger.forge({ sign: blockSigner(forger) }),
        genuine,
        'the right block is the genuine',
      )
      await refuses(t, [
        ...Object.entries(BLOCKS).map(([what, block]) =>
          forged(what, { sign: blockSigner(forger, block) }),
        ),
        ...Object.entries(DAMAGES).map(([what, damage]) =>
          forged(what, { sign: (input) => damage(forger.sign(input)) }),
        ),
      ])
    },
  )

  t.test('JWT-7: the payload of an access token is a JSON object in UTF-8', async (t) => {
    const text = JSON.stringify(forger.claims)
    const withBytes = (...bytes: number[]): Buffer => {
      const [before = '', after = ''] = text.split('latchkey', 2)
      return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
    }
    await refuses(t, [
      forged('UTF-16', { claims: Buffer.from(text, 'utf16le') }),
      forged('a lone continuation byte', { claims: withBytes(0x80) }),
      forged('an overlong slash', { claims: withBytes(0xc0, 0xaf) }),
      forged('a surrogate', { claims: withBytes(0xed, 0xa0, 0x80) }),
      forged('a byte order mark', { claims: `\ufeff${text}` }),
      ...['null', 'true', '"text"', '{}', `[${text}]`, `${text}x`, text + text].map(claims),
    ])
  })

  t.test(
    'CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    async (t) => {
      const issuers = [EVIL, `${ISSUER}/`, ISSUER.toUpperCase(), '', [ISSUER], [EVIL, ISSUER], {}]
      const audiences = ['other', 'latchkey ', 'Latchkey', '', ['other', 'latchkey'], [], {}]
      await refuses(t, [
        ...issuers.map((iss) => claims({ iss })),
        ...audiences.map((aud) => claims({ aud })),
        forged('another issuer with a key of its own', { claims: { iss: EVIL }, sign: byAttacker }),
        forged('another key under our kid', { sign: byAttacker }),
      ])
    },
  )

  t.test(
    'CVE-2026-35041, jsonwebtoken#1031: a huge audience of an access token is refused unread',
    async (t) => {
      const audiences = [
        'a'.repeat(30_720),
        'latchkey,'.repeat(3_400),
        Array(3_000).fill('latchkey'),
      ]
      await refuses(
        t,
        audiences.map((aud) => claims({ aud })),
      )
    },
  )

  t.test('JWT-11, AT-1: another type of token that our key signed is refused', async (t) => {
    const types = ['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'at+jwt ', '', null, undefined]
    const kinds = ['refresh+jwt', 'logout+jwt', 'dpop+jwt', 'secevent+jwt', ['at+jwt']]
    await refuses(
      t,
      [...types, ...kinds].map((typ) => header({ typ })),
    )
  })

  t.test(
    'AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
    async (t) => {
      const names = ['sub', 'client_id', 'jti', 'sid', 'role']
      const times = ['iat', 'exp']
      const required = ['iss', 'aud', 'sub', 'client_id', 'jti', 'scope', ...times]
      const faults = [
        ...required.flatMap((name) => [{ [name]: undefined }, { [name]: null }, { [name]: {} }]),
        ...names.flatMap((name) => [{ [name]: '' }, { [name]: 1 }, { [name]: ['x'] }]),
        ...times.flatMap((name) => [{ [name]: String(forger.claims[name]) }, { [name]: 1.5 }]),
        ...[{ exp: 1e20 }, { nbf: 'now' }, { nbf: null }, { scope: ['user'] }],
      ]
      await refuses(t, faults.map(claims))
    },
  )

  t.test('GHSA-3j8v-cgw4-2g6q: a valid access token is accepted each of 1,000 times', async (t) => {
    t.same(await statuses(service, Array<string>(1000).fill(genuine)), { 200: 1000 })
  })

  t.test(
    'CVE-2026-35039: parts of two access tokens that were verified make no third',
    async (t) => {
      const other = forger.forge({ claims: { sub: 'other' } })
      t.same(await statuses(service, [genuine, other]), { 200: 2 })
      const [head = '', payload = '', signature = ''] = genuine.split('.')
      const [, otherPayload = '', otherSignature = ''] = other.split('.')
      await refuses(t, [
        ['its payload under the other signature', `${head}.${payload}.${otherSignature}`],
        ['the other payload under its signature', `${head}.${otherPayload}.${signature}`],
      ])
    },
  )

  t.test(
    'CVE-2026-35039, CVE-2026-40155: 500 interleaved users of access tokens stay themselves',
    async (t) => {
      const tokens = Array.from({ length: 500 }, (_, user) =>
        forger.forge({ claims: { sub: `user-${user}` } }),
      )
      const seen = await parallel(4 * tokens.length, async (index) => {
        const user = index % tokens.length
        const answer = await present(service, tokens[user] as string)
        return answer.json<{ userId: string }>().userId === `user-${user}` ? 'own' : 'foreign'
      })
      t.same(tally(seen), { own: 4 * tokens.length })
    },
  )
})

t.test(
  'AT-3: times of access tokens are exact, and expiry is checked again on every use',
  async (t) => {
    const service = await startService(t)
    const { accessToken } = await service.signIn(await service.signUp())
    const forger = await forgerFor(service, accessToken)
    const outcome = async (claims: Part): Promise<string> => {
      const { status, body } = await service.get(PROTECTED, { token: forger.forge({ claims }) })
      return status === 200 ? 'ACCEPTED' : (body.code as string)
    }
    const now = service.clock() / SECOND
    const edges: [Part, string][] = [
      [{ exp: now + 1 }, 'ACCEPTED'],
      [{ exp: now }, 'TOKEN_EXPIRED'],
      [{ exp: -1 }, 'TOKEN_EXPIRED'],
      [{ iat: now + 5 }, 'ACCEPTED'],
      [{ iat: now + 6 }, 'TOKEN_INVALID'],
      [{ nbf: now + 5 }, 'ACCEPTED'],
      [{ nbf: now + 6 }, 'TOKEN_INVALID'],
    ]
    for (const [claims, expected] of edges) t.equal(await outcome(claims), expected, show(claims))

    t.equal(await outcome({}), 'ACCEPTED')
    service.clock.advance(15 * MINUTE - 1)
    t.equal(await outcome({}), 'ACCEPTED', 'in its last millisecond')
    service.clock.advance(1)
    t.equal(await outcome({}), 'TOKEN_EXPIRED', 'though it was verified before')
  },
)

t.test('the key that signs an access token', async (t) => {
  const service = await startService(t)
  const original = await ringOf(service)
  const pem = original.signing[0]?.privateKey as string
  let revision = 1

  const restartWith = async (t: Test, { privateKey = pem, secret }: KeyChange) => {
    const signing = original.signing.map((key) => ({ ...key, privateKey }))
    const refresh = original.refresh.map((key) => ({ ...key, secret: secret ?? key.secret }))
    await service.keyRing.store.write({ ring: { signing, refresh }, revision: ++revision })
    return startService(t, { beside: service })
  }

  t.test(
    'CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
    async (t) => {
      const { privateKey: pss } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
      const { privateKey: small } = generateKeyPairSync('rsa', { modulusLength: 1024 })
      const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const { privateKey: ed25519 } = generateKeyPairSync('ed25519')
      const refused: Record<string, KeyChange> = {
        'no signing key': { privateKey: '' },
        'a password': { privateKey: 'correct horse battery staple' },
        'a public key': { privateKey: toPem(createPublicKey(pem), 'spki') },
        'RSA of 1024 bits': { privateKey: toPem(small, 'pkcs8') },
        'RSA-PSS': { privateKey: toPem(pss, 'pkcs8') },
        'EC P-256': { privateKey: toPem(ec, 'pkcs8') },
        Ed25519: { privateKey: toPem(ed25519, 'pkcs8') },
        'a space before the key': { privateKey: ` ${pem}` },
        'no refresh key': { secret: '' },
        'a refresh key of 31 bytes': { secret: Buffer.alloc(31, 7).toString('base64url') },
      }
      for (const [what, change] of Object.entries(refused)) {
        await t.rejects(restartWith(t, change), what)
      }
    },
  )

  t.test(
    'CVE-2026-34950, GHSA-ww5h-9m49-7xx4: a signing key is parsed; text before it changes nothing',
    async (t) => {
      for (const prefix of ['\n', '\r\n\t\n', '\ufeff', 'junk\n', '# a comment\n']) {
        const restarted = await restartWith(t, { privateKey: prefix + pem })
        const { accessToken } = await restarted.signIn(await restarted.signUp())
        const forger = await forgerFor(restarted, accessToken)
        const texts = [prefix + pem, prefix + toPem(forger.publicKey, 'spki')]
        const rows = texts.map((secret): Row => {
          const forgery = { header: { alg: 'HS256' }, sign: hmac('sha256', secret) }
          return [`HS256 over the text after ${show(prefix)}`, forger.forge(forgery)]
        })
        await refusesAll(t, restarted, accessToken, rows)
      }
    },
  )
})

interface KeyChange {
  readonly privateKey?: string
  readonly secret?: string
}

const REFUSED = {
  status: 401,
  code: 'TOKEN_INVALID',
  challenge: 'Bearer realm="latchkey", error="invalid_token", error_description="Invalid token"',
}

/** Each is refused as an invalid token, and the genuine one is not. */
async function refusesAll(
  t: Test,
  service: Service,
  genuine: string,
  rows: readonly Row[],
  as: (token: string) => Call = (token) => ({ token }),
): Promise<void> {
  for (const [what, token] of rows) {
    const { status, headers, body } = await service.get(PROTECTED, as(token))
    const answer = { status, code: body.code, challenge: headers['www-authenticate'] }
    t.strictSame(answer, REFUSED, what)
  }
  t.equal((await service.get(PROTECTED, as(genuine))).status, 200, 'the genuine one passes')
}

/** For thousands of tokens, past the transcript. */
const present = ({ app }: Service, token: string) =>
  app.inject({ url: PROTECTED, headers: { authorization: `Bearer ${token}` } })

async function statuses(service: Service, tokens: readonly string[]) {
  const answers = await Promise.all(tokens.map((token) => present(service, token)))
  return tally(answers.map(({ statusCode }) => statusCode))
}

async function ringOf({ keyRing }: Service): Promise<KeyRing> {
  return (await keyRing.store.read())?.ring as KeyRing
}

/** JSON with what is absent named, and not all of what is long. */
const show = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => member ?? String(member)).slice(0, 80)

const nothing = (): Buffer => Buffer.alloc(0)

const hmac = (hash: string, secret: BinaryLike) => (input: string) =>
  createHmac(hash, secret).update(input).digest()

const attackersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const byAttacker = (input: string): Buffer => sign('sha256', Buffer.from(input), attackersKey)

const toPem = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8'): string =>
  key.export({ type, format: 'pem' } as { type: 'spki'; format: 'pem' }) as string

/** Everything that a public key is known as, and that a careless verifier might use as a secret. */
function publicTexts({ publicKey }: Forger, jwks: string): Record<string, BinaryLike> {
  const pem = toPem(publicKey, 'spki')
  const jwk = publicKey.export({ format: 'jwk' }) as { n: string }
  const { keys } = JSON.parse(jwks) as { keys: unknown[] }
  return {
    nothing: '',
    'the SPKI PEM': pem,
    'the PKCS #1 PEM': toPem(publicKey, 'pkcs1'),
    'the PEM as a certificate': pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
    'the PEM without its last newline': pem.trimEnd(),
    'the PEM with CRLF': pem.replaceAll('\n', '\r\n'),
    'the PEM after a space': ` ${pem}`,
    'the PEM after a tab': `\t${pem}`,
    'the PEM after a newline': `\n${pem}`,
    'the PEM after a BOM': `\ufeff${pem}`,
    'the PEM after junk': `junk\n${pem}`,
    'the PEM after a comment': `# a comment\n${pem}`,
    'the SPKI DER': publicKey.export({ type: 'spki', format: 'der' }),
    'the PKCS #1 DER': publicKey.export({ type: 'pkcs1', format: 'der' }),
    'the JWK': JSON.stringify(jwk),
    'the JWK as served': JSON.stringify(keys[0]),
    'the JWKS as served': jwks,
    'the modulus': jwk.n,
    'the bytes of the modulus': Buffer.from(jwk.n, 'base64url'),
  }
}

/** Signed as it stands, though its payload ends in a letter with bits that lenient decoders drop. */
function looseEnd(forger: Forger): string {
  const text = JSON.stringify(forger.claims)
  const claims = text.padEnd(text.length + ((4 - (text.length % 3)) % 3))
  const [head, payload = ''] = forger.forge({ claims }).split('.')
  const loose = String.fromCharCode(payload.charCodeAt(payload.length - 1) + 1)
  const input = `${head}.${payload.slice(0, -1)}${loose}`
  return `${input}.${forger.sign(input).toString('base64url')}`
}

type Signer = NonNullable<Forgery['sign']>

/** What is encrypted to make a signature (RFC 8017 §9.2). */
interface Block {
  readonly type?: number
  readonly fill?: number
  /** What stands before the hash and after it, hexadecimal. */
  readonly info?: string
  readonly tail?: string
}

/** Blocks that lenient verifiers have let pass. */
const BLOCKS: Readonly<Record<string, Block>> = {
  'no NULL parameter': { info: '302f300b06096086480165030402010420' },
  'a long-form length': { info: '308131300d060960864801650304020105000420' },
  'the hash called SHA-512': { info: '3031300d060960864801650304020305000420' },
  'no DigestInfo': { info: '' },
  'bytes after the hash': { tail: '0000000000000000' },
  'block type 0': { type: 0 },
  'block type 2': { type: 2 },
  'padding other than ff': { fill: 0xfe },
}

/** Signs with the genuine key over a block that need not be the right one. */
function blockSigner({ privateKey }: Forger, block: Block = {}): Signer {
  const {
    type = 1,
    fill = 0xff,
    info = '3031300d060960864801650304020105000420',
    tail = '',
  } = block
  const size = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  return (input) => {
    const hash = createHash('sha256').update(input).digest()
    const end = Buffer.concat([Buffer.from(`00${info}`, 'hex'), hash, Buffer.from(tail, 'hex')])
    const padding = Buffer.alloc(size - 2 - end.length, fill)
    const whole = Buffer.concat([Buffer.from([0, type]), padding, end])
    return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, whole)
  }
}

const flip = (bytes: Buffer, at: number, bits: number): Buffer => {
  bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at)
  return bytes
}

/** What may happen to a good signature on its way. */
const DAMAGES: Readonly<Record<string, (good: Buffer) => Buffer>> = {
  'a zero before': (good) => Buffer.concat([Buffer.alloc(1), good]),
  'a zero after': (good) => Buffer.concat([good, Buffer.alloc(1)]),
  'the first byte missing': (good) => good.subarray(1),
  'the last byte missing': (good) => good.subarray(0, -1),
  'the first bit flipped': (good) => flip(good, 0, 0x80),
  'the last bit flipped': (good) => flip(good, good.length - 1, 1),
  'all zeros': (good) => good.fill(0),
  'all ones': (good) => good.fill(0xff),
  'the number one': (good) => flip(good.fill(0), good.length - 1, 1),
}
