import {
  constants,
  createHash,
  createHmac,
  generateKeyPairSync,
  privateEncrypt,
  sign,
} from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import t, { type Test } from 'tap'
import type { KeyRing, RefreshKey } from '../../src/keyring/ring.js'
import { ACCESS_COOKIE } from '../../src/plugins/cookies.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { type Forger, forgerFor, type Forgery, type Part } from '../support/forge.js'
import { ISSUER, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const PROTECTED = '/api/protected'
const JWKS = '/.well-known/jwks.json'

/** What is wrong with a token, and the token. */
type Row = readonly [what: string, token: string]

t.test('an access token', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: genuine } = await service.signIn(account)
  const forger = await forgerFor(service, genuine)
  const jwks = await service.get(JWKS)
  const ring = (await service.keyRing.store.read())?.ring as KeyRing

  t.equal(forger.forge(), genuine, 'a forgery without a change is the genuine token')
  const forge = ([what, forgery]: readonly [string, Forgery]): Row => [what, forger.forge(forgery)]
  const withHeader = (part: Part): Row => [`header ${show(part)}`, forger.forge({ header: part })]
  const withClaims = (part: Part): Row => [`claims ${show(part)}`, forger.forge({ claims: part })]
  const refuses = (t: Test, rows: readonly Row[]) => refusesTokens(t, service, genuine, rows)

  t.test('AT-1, AT-2: carries what RFC 9068 asks for and no personal data', async (t) => {
    t.strictSame(forger.header, { alg: 'RS256', typ: 'at+jwt', kid: jwks.body.keys[0].kid })
    const { iat, exp } = forger.claims as { iat: number; exp: number }
    t.equal(exp - iat, 900)
    t.match(forger.claims, { iss: ISSUER, aud: 'latchkey', client_id: String, jti: String })
    t.equal(forger.claims.sub, account.id)
    t.same(Object.keys(forger.claims).sort(), [
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'role',
      'scope',
      'sid',
      'sub',
    ])
    const verified = await jwtVerify(genuine, createLocalJWKSet(jwks.body as JSONWebKeySet), {
      issuer: ISSUER,
      audience: 'latchkey',
      typ: 'at+jwt',
      algorithms: ['RS256'],
      currentDate: new Date(service.clock()),
    })
    t.same(verified.payload, forger.claims, 'and jose agrees')
  })

  t.test('CVE-2026-22817, JWT-1: each key of the JWKS names its one algorithm', async (t) => {
    t.ok(jwks.body.keys.length > 0)
    for (const key of jwks.body.keys) {
      t.match(key, { kty: 'RSA', alg: 'RS256', use: 'sig', kid: String })
      t.same(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'], 'nothing private')
    }
  })

  t.test(
    'CVE-2023-48223, CVE-2026-34950, GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, JWT-1: ' +
      'a public key is nobody’s HMAC secret, however it is spelled',
    async (t) => {
      const secrets = Object.entries(publicTexts(forger, jwks.text))
      const rows = secrets.flatMap(([what, secret]) =>
        ['sha256', 'sha384', 'sha512'].map((hash) => {
          const alg = hash.replace('sha', 'HS')
          return forge([`${alg} over ${what}`, { header: { alg }, sign: hmac(hash, secret) }])
        }),
      )
      await refuses(t, rows)
    },
  )

  t.test('CVE-2022-23541: the header’s algorithm never chooses how a key is used', async (t) => {
    const secrets = Object.entries(publicTexts(forger, jwks.text))
    await refuses(
      t,
      secrets.map(([what, secret]) =>
        forge([`RS256 over ${what}`, { sign: hmac('sha256', secret) }]),
      ),
    )
  })

  t.test(
    'CVE-2026-44351, CVE-2025-65945, JWT-10: no `kid` finds a key that is not in the ring',
    async (t) => {
      const { kid } = forger.header
      const refreshKey = ring.refresh[0] as RefreshKey
      const kids: unknown[] = [
        ...['', 'unknown', '../../dev/null', '/dev/null', "' OR 1=1 --", 'x'.repeat(10_240)],
        ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null'],
        ...[undefined, null, 0, true, [kid], { kid }, `${String(kid)} `, ` ${String(kid)}`],
        ...[String(kid).toUpperCase(), `${String(kid)}\0`, refreshKey.id],
      ]
      await refuses(t, [
        ...kids.map((kid) => withHeader({ kid })),
        ...kids.map((kid) =>
          forge([
            `empty HMAC key, ${show({ kid })}`,
            { header: { alg: 'HS256', kid }, sign: hmac('sha256', '') },
          ]),
        ),
        forge([
          'HMAC with the refresh key it names',
          {
            header: { alg: 'HS256', kid: refreshKey.id },
            sign: hmac('sha256', Buffer.from(refreshKey.secret, 'base64url')),
          },
        ]),
      ])
    },
  )

  t.test('JWT-10: keys that a token brings along are not looked at or fetched', async (t) => {
    let fetched = 0
    const server = createServer((_request, response) => {
      fetched++
      response.end(jwks.text)
    }).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`

    const attacker = rsaKey()
    const jwk = attacker.publicKey.export({ format: 'jwk' })
    const headers: Part[] = [
      { jku: url },
      { x5u: url },
      { kid: url },
      { jwk },
      { jwk, kid: undefined },
      { x5c: [attacker.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] },
      { x5t: 'AAAA', 'x5t#S256': 'AAAA' },
    ]
    await refuses(t, [
      ...headers.map(withHeader),
      ...headers.map((header) =>
        forge([`signed by the attacker, ${show(header)}`, { header, sign: rs256(attacker) }]),
      ),
    ])
    t.equal(fetched, 0)
  })

  t.test('CVE-2022-23540, JWT-2: `none` and every algorithm but RS256 is refused', async (t) => {
    const { privateKey } = forger
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const by = (algorithm: string, key: Parameters<typeof sign>[2]) => (input: string) =>
      sign(algorithm, Buffer.from(input), key)
    const none = ['none', 'None', 'NONE', 'nOnE', '', 'none ', null, undefined]
    const others = ['HS256', 'HS1', 'RS1', 'RS384', 'RS512', 'PS256', 'ES256', 'EdDSA']
    const nearly = ['rs256', 'RS256 ', ' RS256', 'RS256\0', ['RS256'], { alg: 'RS256' }, 256, true]
    await refuses(t, [
      ...none.map((alg) =>
        forge([`unsigned, ${show({ alg })}`, { header: { alg }, sign: nothing }]),
      ),
      ...[...none, ...others, ...nearly].map((alg) => withHeader({ alg })),
      forge([
        'a genuine RS384 signature',
        { header: { alg: 'RS384' }, sign: by('sha384', privateKey) },
      ]),
      forge([
        'a genuine RS512 signature',
        { header: { alg: 'RS512' }, sign: by('sha512', privateKey) },
      ]),
      forge(['a genuine RS1 signature', { header: { alg: 'RS1' }, sign: by('sha1', privateKey) }]),
      forge(['a genuine PS256 signature', { header: { alg: 'PS256' }, sign: by('sha256', pss) }]),
      forge(['RS384 called RS256', { sign: by('sha384', privateKey) }]),
      forge(['PS256 called RS256', { sign: by('sha256', pss) }]),
      forge(['ES256', { header: { alg: 'ES256' }, sign: by('sha256', ec.privateKey) }]),
      forge(['no signature', { sign: nothing }]),
    ])
  })

  t.test(
    'CVE-2026-35042, CVE-2025-59420, JWS-1: `crit` is refused, whatever it lists',
    async (t) => {
      const lists = [
        ['x'],
        [],
        ['alg'],
        ['exp'],
        ['b64'],
        ['typ', 'typ'],
        [''],
        'x',
        '',
        null,
        {},
        true,
      ]
      await refuses(t, [
        ...lists.map((crit) => withHeader({ crit })),
        withHeader({ crit: ['x'], x: true }),
        withHeader({ crit: ['b64'], b64: false }),
        withHeader({ b64: false }),
      ])
    },
  )

  t.test(
    'JWS-3: a header with anything twice, or spelled in another way, is refused',
    async (t) => {
      const { kid } = forger.header as { kid: string }
      const good = JSON.stringify(forger.header)
      await refuses(
        t,
        [
          good.replace('{', '{"alg":"none",'),
          good.replace('}', ',"alg":"none"}'),
          good.replace('{', '{"alg":"RS256",'),
          good.replace('}', `,"kid":"${kid}"}`),
          good.replace('}', ',"typ":"JWT"}'),
          good.replace('"alg"', '"\\u0061lg"'),
          good.replace('{', '{ '),
          `${good} `,
          `\ufeff${good}`,
          `[${good}]`,
          `"${kid}"`,
          'null',
          '{}',
          '',
          'not JSON',
        ].map(withHeader),
      )
    },
  )

  t.test('JWS-2, JWT-6: only the canonical compact form is read', async (t) => {
    const [header = '', payload = '', signature = ''] = genuine.split('.')
    const loose = signature.slice(0, -1) + nextLetter(signature.at(-1) as string)
    const forms: Row[] = [
      ['no signature part', `${header}.${payload}`],
      ['an empty signature', `${header}.${payload}.`],
      ['an empty payload', `${header}..${signature}`],
      ['an empty header', `.${payload}.${signature}`],
      ['a fourth part', `${genuine}.${signature}`],
      ['a trailing dot', `${genuine}.`],
      ['a leading dot', `.${genuine}`],
      ['five parts (JWE)', `${header}.${payload}.${payload}.${payload}.${signature}`],
      ['padding', `${header}.${payload}.${signature}=`],
      ['padding in the header', `${header}==.${payload}.${signature}`],
      ['loose final bits', `${header}.${payload}.${loose}`],
      ['a letter that base64url skips', `${header}.${payload}.!${signature}`],
      ['base64, not base64url', `${header}.${payload}.${toBase64(`-_${signature}`)}`],
      ['a percent escape', `${header}.${payload}%2E${signature}`],
      ['JSON serialization', JSON.stringify({ protected: header, payload, signature })],
      ['quotes', `"${genuine}"`],
      ['NUL', `${genuine}\0`],
      ['compression', forger.forge({ header: { zip: 'DEF' } })],
    ]
    await refuses(t, forms)

    const spaces = [' ', '\t', '\n', '\r\n', '\u00a0', '\ufeff']
    const spaced = spaces.flatMap((space) => [
      `${space}${genuine}`,
      `${genuine}${space}`,
      `${header}.${space}${payload}.${signature}`,
    ])
    for (const token of [...spaced, ...forms.map(([, token]) => token)]) {
      const { status, body } = await service.get(PROTECTED, { cookies: { [ACCESS_COOKIE]: token } })
      t.match({ status, code: body.code }, { status: 401, code: 'TOKEN_INVALID' }, 'in the cookie')
    }
    // Space characters around the token are the header's, not the token's (RFC 9110 §5.5).
    for (const token of spaced.filter(
      (token) => token.trim() === genuine && !/^ | $/.test(token),
    )) {
      const { status } = await service.get(PROTECTED, {
        headers: { authorization: `Bearer ${token}` },
      })
      t.match(String(status), /^40[01]$/, `in the header: ${show(token.replace(genuine, '…'))}`)
    }
  })

  t.test('CVE-2026-27840: no piece of it and no change of case is accepted', async (t) => {
    const cut = Array.from(genuine, (_, i) => [genuine.slice(0, i), genuine.slice(i + 1)]).flat()
    const pieces = cut.filter((piece) => piece !== '')
    t.same(await statuses(service, [...pieces, ...otherCases(genuine)]), {
      401: pieces.length + otherCases(genuine).length,
    })
    t.same(await statuses(service, [genuine]), { 200: 1 })
  })

  t.test('JWT-3: a signature is right in every byte of its padding, or refused', async (t) => {
    await refuses(t, badSignatures(forger).map(forge))
  })

  t.test('JWT-7: the payload is UTF-8 JSON, an object', async (t) => {
    const text = JSON.stringify(forger.claims)
    await refuses(t, [
      ['UTF-16', forger.forge({ claims: Buffer.from(text, 'utf16le') })],
      ['a lone continuation byte', forger.forge({ claims: corrupt(text, [0x80]) })],
      ['an overlong slash', forger.forge({ claims: corrupt(text, [0xc0, 0xaf]) })],
      ['a surrogate in UTF-8', forger.forge({ claims: corrupt(text, [0xed, 0xa0, 0x80]) })],
      ['a byte order mark', forger.forge({ claims: `\ufeff${text}` })],
      ...['', 'null', 'true', '"text"', `[${text}]`, `${text}x`, `${text}${text}`].map(withClaims),
    ])
  })

  t.test('CVE-2025-30144, JWT-8, JWT-9: issuer and audience are ours, to the letter', async (t) => {
    const other = rsaKey()
    await refuses(t, [
      ...[
        'https://evil.example',
        `${ISSUER}/`,
        ISSUER.toUpperCase(),
        '',
        ['https://evil.example', ISSUER],
      ].flatMap((iss) => [withClaims({ iss }), withClaims({ iss: [iss] })]),
      ...['other', 'latchkey ', 'Latchkey', '', ['other', 'latchkey'], [], {}].map((aud) =>
        withClaims({ aud }),
      ),
      forge([
        'another issuer, its own key',
        { claims: { iss: 'https://evil.example' }, sign: rs256(other) },
      ]),
      forge(['another key under our kid', { sign: rs256(other) }]),
    ])
  })

  t.test(
    'CVE-2026-35041, jsonwebtoken#1031: a long audience is refused, not matched',
    async (t) => {
      const audiences = [
        'a'.repeat(30_720),
        `${'latchkey,'.repeat(3_400)}!`,
        Array(3_000).fill('latchkey'),
      ]
      await refuses(
        t,
        audiences.map((aud) => withClaims({ aud })),
      )
    },
  )

  t.test('JWT-11, AT-1: a token of another type, signed by our own key, is refused', async (t) => {
    const types = [
      'JWT',
      'jwt',
      'AT+JWT',
      'application/at+jwt',
      'at+jwt ',
      'refresh+jwt',
      'logout+jwt',
    ]
    const more = ['id_token', 'dpop+jwt', 'secevent+jwt', '', null, ['at+jwt'], undefined]
    await refuses(
      t,
      [...types, ...more].map((typ) => withHeader({ typ })),
    )
  })

  t.test('AT-2, GHSA-wxg7-w2v3-w38g: every claim must be there and be of its type', async (t) => {
    const texts = ['iss', 'aud', 'sub', 'client_id', 'jti', 'scope']
    const times = ['iat', 'exp']
    const required = [...texts, ...times].flatMap((name) =>
      [undefined, null, true, {}, []].map((value) => ({ [name]: value })),
    )
    const foreign = [
      ...[...texts, 'sid', 'role'].map((name) => ({ [name]: 1 })),
      ...['sid', 'role'].map((name) => ({ [name]: null })),
      ...['sub', 'client_id', 'jti', 'sid', 'role'].map((name) => ({ [name]: '' })),
      ...times.map((name) => ({ [name]: String(forger.claims[name]) })),
      ...times.map((name) => ({ [name]: (forger.claims[name] as number) + 0.5 })),
      { exp: 1e20 },
      { nbf: 'now' },
      { nbf: null },
    ]
    await refuses(t, [...required, ...foreign].map(withClaims))
  })

  t.test('GHSA-3j8v-cgw4-2g6q: a valid token is accepted every time', async (t) => {
    t.same(await statuses(service, Array<string>(1000).fill(genuine)), { 200: 1000 })
  })

  t.test('CVE-2026-35039: what was verified is remembered by the whole token', async (t) => {
    const [header = '', payload = '', signature = ''] = genuine.split('.')
    const [, otherPayload = '', otherSignature = ''] = forger
      .forge({ claims: { sub: 'other' } })
      .split('.')
    t.same(await statuses(service, [genuine]), { 200: 1 })
    await refuses(t, [
      ['the other’s payload', `${header}.${otherPayload}.${signature}`],
      ['the other’s signature', `${header}.${payload}.${otherSignature}`],
    ])
  })

  t.test(
    'CVE-2026-35039, CVE-2026-40155: 1,000 interleaved users each stay themselves',
    async (t) => {
      const users = Array.from({ length: 1000 }, (_, index) => {
        const sub = `user-${index}`
        return { sub, token: forger.forge({ claims: { sub } }) }
      })
      const seen = await parallel(3000, async (index) => {
        const { sub, token } = users[index % users.length] as (typeof users)[number]
        const answer = await present(service, token)
        return answer.json<{ userId: string }>().userId === sub ? 'own' : 'another’s'
      })
      t.same(tally(seen), { own: 3000 })
    },
  )
})

t.test('AT-3, F19: expiry is exact, and checked again on every use', async (t) => {
  const service = await startService(t)
  const { accessToken } = await service.signIn(await service.signUp())
  const forger = await forgerFor(service, accessToken)
  const now = service.clock() / SECOND
  const answerTo = async (claims: Part) => {
    const { status, body } = await service.get(PROTECTED, { token: forger.forge({ claims }) })
    return status === 200 ? 'accepted' : (body.code as string)
  }
  const edges: [Part, string][] = [
    [{ exp: now + 1 }, 'accepted'],
    [{ exp: now }, 'TOKEN_EXPIRED'],
    [{ exp: now - 3600 }, 'TOKEN_EXPIRED'],
    [{ exp: -1 }, 'TOKEN_EXPIRED'],
    [{ iat: now + 5 }, 'accepted'],
    [{ iat: now + 6 }, 'TOKEN_INVALID'],
    [{ nbf: now + 5 }, 'accepted'],
    [{ nbf: now + 6 }, 'TOKEN_INVALID'],
  ]
  for (const [claims, expected] of edges) t.equal(await answerTo(claims), expected, show(claims))

  t.equal(await answerTo({}), 'accepted')
  service.clock.advance(15 * MINUTE - 1)
  t.equal(await answerTo({}), 'accepted', 'in its last millisecond')
  service.clock.advance(1)
  t.equal(await answerTo({}), 'TOKEN_EXPIRED', 'though it was verified before')
})

t.test('keys are parsed before they are trusted', async (t) => {
  const service = await startService(t)
  const original = (await service.keyRing.store.read())?.ring as KeyRing
  const pem = original.signing[0]?.privateKey as string
  let revision = 1

  const bootWith = async (t: Test, change: KeyChange) => {
    const signing = original.signing.map((key) => ({
      ...key,
      privateKey: change.privateKey ?? pem,
    }))
    const refresh = original.refresh.map((key) => ({ ...key, secret: change.secret ?? key.secret }))
    await service.keyRing.store.write({ ring: { signing, refresh }, revision: ++revision })
    return startService(t, { beside: service })
  }

  t.test(
    'CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a ring with any other key is no ring',
    async (t) => {
      const publicPem = (await forgerOf(service)).publicKey.export({ type: 'spki', format: 'pem' })
      const refused: Record<string, KeyChange> = {
        'an empty signing key': { privateKey: '' },
        'a password': { privateKey: 'correct horse battery staple' },
        'a public key': { privateKey: publicPem as string },
        'RSA of 2048 bits': { privateKey: pkcs8(rsaKey().privateKey) },
        'RSA-PSS': {
          privateKey: pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 3072 }).privateKey),
        },
        'EC P-256': {
          privateKey: pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
        },
        Ed25519: { privateKey: pkcs8(generateKeyPairSync('ed25519').privateKey) },
        'a key after a space': { privateKey: ` ${pem}` },
        'an empty refresh key': { secret: '' },
        'a refresh key of 31 bytes': { secret: Buffer.alloc(31, 7).toString('base64url') },
      }
      for (const [what, change] of Object.entries(refused))
        await t.rejects(bootWith(t, change), what)
    },
  )

  t.test(
    'CVE-2026-34950, GHSA-ww5h-9m49-7xx4: text around a key makes it no HMAC secret',
    async (t) => {
      for (const prefix of ['\n', '\r\n\t\n', '\ufeff', 'junk\n', '# a comment\n']) {
        const privateKey = prefix + pem
        const restarted = await bootWith(t, { privateKey })
        const { accessToken } = await restarted.signIn(await restarted.signUp())
        const forger = await forgerFor(restarted, accessToken)
        const publicPem = forger.publicKey.export({ type: 'spki', format: 'pem' }) as string
        const forged = [privateKey, prefix + publicPem].map((secret): Row => {
          const forgery = { header: { alg: 'HS256' }, sign: hmac('sha256', secret) }
          return [`HS256 after ${show(prefix)}`, forger.forge(forgery)]
        })
        await refusesTokens(t, restarted, accessToken, forged)
      }
    },
  )
})

interface KeyChange {
  readonly privateKey?: string
  readonly secret?: string
}
