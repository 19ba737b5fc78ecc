import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { deflateRawSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import t from 'tap'
import { unwrapEC2Signature } from '../../infra/bundle/ecdsa-signature.js'
import { leaveOut } from '../../infra/bundle/leave-out.js'
import type * as Ceremonies from '../../src/factors/passkeys/ceremonies.js'
import { SoftPasskey } from '../support/authenticator.js'
import { startService } from '../support/service.js'

const { resolve } = createRequire(import.meta.resolve('@fastify/oauth2'))
const resolveHere = (name: string) => import.meta.resolve(name)
const loadModule = createRequire(import.meta.url)

type FillIn = (options: object) => object

/** What CommonJS exports in a bundle with these plugins. */
async function exportsOf(
  contents: string,
  resolveDir: string,
  plugins: readonly Plugin[],
): Promise<FillIn> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins: [...plugins],
  })
  const module = { exports: {} }
  runInThisContext(`(function (module, require) {${outputFiles[0]?.text ?? ''}})`)(
    module,
    loadModule,
  )
  return module.exports as FillIn
}

/** A function as its package has it, and as it is left in a bundle. */
const bothOf = (contents: string, resolveDir: string) =>
  Promise.all([[], [leaveOut()]].map((plugins) => exportsOf(contents, resolveDir, plugins)))

t.test('a function fills in the defaults of simple-oauth2 as its own schema does', async (t) => {
  const [own, left] = await bothOf(
    `const { attempt } = require('joi')
    const { AuthorizationCodeSchema } = require('./lib/config.js')
    module.exports = (options) => attempt(options, AuthorizationCodeSchema)`,
    dirname(resolve('simple-oauth2')),
  )
  const client = { id: 'id', secret: 'secret' }
  const auth = { tokenHost: 'https://token.example' }
  const all = {
    client: { ...client, secretParamName: 's', idParamName: 'i' },
    auth: {
      ...auth,
      tokenPath: '/t',
      refreshPath: '/r',
      revokePath: '/v',
      authorizeHost: 'https://authorize.example',
      authorizePath: '/a',
    },
    http: { timeout: 1000, redirects: false, json: true },
    options: {
      scopeSeparator: ',',
      credentialsEncodingMode: 'loose',
      bodyFormat: 'json',
      authorizationMethod: 'body',
    },
  }
  const given = {
    'as little as may be': { client, auth, http: {}, options: {} },
    'a path that others follow': { client, auth: { ...auth, tokenPath: '/t' }, http: {} },
    all,
  }
  for (const [what, options] of Object.entries(given)) t.same(left?.(options), own?.(options), what)
})

t.test('a function signs with RSA keys as fast-jwt does, and with no others', async (t) => {
  const [own, left] = await bothOf(
    `const { createSigner } = require('fast-jwt')
    module.exports = ({ key }) => createSigner({ key, noTimestamp: true })({ sub: 'ada' })`,
    dirname(createRequire(resolveHere('@fastify/jwt')).resolve('fast-jwt')),
  )
  const keys = { type: 'pkcs8', format: 'pem' } as const
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export(keys)
  t.type(own?.({ key }), 'string')
  t.equal(left?.({ key }), own?.({ key }))
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  t.throws(() => left?.({ key: curve.privateKey.export(keys) }), { code: 'FAST_JWT_INVALID_KEY' })
})

t.test('a function compares the prefixes of routes as its router does', async (t) => {
  const [own, left] = await bothOf(
    `const { createStaticNode } = require('./lib/node.js')
    module.exports = ({ prefix, path }) => createStaticNode(prefix).matchPrefix(path, 1)`,
    dirname(createRequire(resolve('fastify')).resolve('find-my-way')),
  )
  const prefixes = ['a', 'ap', 'api/', 'api/auth/login', 'api/auth/login/e', 'api/auth/login/email']
  const paths = [
    'a',
    'ab',
    'ap',
    'api',
    'api/',
    'api/auth/logi',
    'api/auth/login',
    'api/aUth/login',
  ]
  const given = [...paths, ...prefixes, 'api/auth/login/email/confirm', 'a/api/auth/login/email']
  for (const prefix of prefixes) {
    for (const path of given.map((rest) => `/${rest}`)) {
      t.equal(left?.({ prefix, path }), own?.({ prefix, path }), `${prefix} in ${path}`)
    }
  }
})

t.test('a function fills in the options of Fastify as its own validator does', async (t) => {
  const [own, left] = await bothOf(
    "module.exports = require('./lib/initial-config-validation.js')",
    dirname(loadModule.resolve('fastify')),
  )
  const { app } = await startService(t)
  const symbol = Object.getOwnPropertySymbols(app).find(
    ({ description }) => description === 'fastify.options',
  )
  const ours = Reflect.get(app, symbol ?? '') as object
  t.match(ours, { bodyLimit: Number, requestTimeout: Number })
  const given = {
    none: {},
    'those of the service': ours,
    'some that it does not know': { bodyLimit: 16, unknown: { a: 1 }, keepAliveTimeout: undefined },
  }
  for (const [what, options] of Object.entries(given)) t.same(left?.(options), own?.(options), what)
  t.same(
    Reflect.get(left ?? {}, 'defaultInitOptions'),
    Reflect.get(own ?? {}, 'defaultInitOptions'),
  )
})

/** Bytes, zipped, of all that the first passkey loads. */
const MAX_CEREMONIES = 15_000

t.test('a function proves passkeys without the formats of attestation', async (t) => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../src/factors/passkeys/ceremonies.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    plugins: [leaveOut()],
  })
  const text = outputFiles[0]?.text ?? ''
  const bytes = deflateRawSync(text, { level: 9 }).length
  t.ok(bytes <= MAX_CEREMONIES, `${bytes} bytes`)
  const module = { exports: {} }
  runInThisContext(`(function (module, require) {${text}})`)(module, loadModule)
  const { proveAssertion, proveCreation } = module.exports as typeof Ceremonies

  const rp = { id: 'auth.example.com', origin: 'https://auth.example.com' }
  const challenge = Buffer.alloc(32, 7).toString('base64url')
  const statement = new Map([['sig', new Uint8Array(70)]])
  for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
    const passkey = new SoftPasskey({ origin: rp.origin, algorithm, isCounting: true })
    const creation = { challenge, rp, user: { id: 'dXNlcg' } }
    for (const format of ['none', 'packed', 'tpm', 'apple', 'android-key', 'fido-u2f']) {
      const forgery = format === 'none' ? {} : { format, statement }
      const known = await proveCreation(rp, challenge, passkey.create(creation, forgery))
      const assertion = passkey.get({ challenge, rpId: rp.id })
      t.equal(await proveAssertion(rp, challenge, assertion, known), passkey.counter, format)
      const forged = passkey.get({ challenge, rpId: rp.id }, { signer: new SoftPasskey(rp) })
      await t.rejects(proveAssertion(rp, challenge, forged, known), algorithm)
    }
  }
})

t.test('a function reads the one DER encoding of an ECDSA signature', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  // Numbers of any length come up: one in 256 begins with a zero byte.
  for (let count = 0; count < 1500; count++) {
    const data = Buffer.from(`${count}`)
    const raw = unwrapEC2Signature(sign('sha256', data, privateKey))
    if (!verify('sha256', data, key, raw)) t.fail(`signature ${count}`)
  }
  const one = '020101'
  t.same(
    Buffer.from(unwrapEC2Signature(Buffer.from(`3006${one}${one}`, 'hex'))).toString('hex'),
    `${'01'.padStart(64, '0')}${'01'.padStart(64, '0')}`,
  )
  const long = `0221${'7f'.repeat(33)}`
  const wrong: Record<string, string> = {
    nothing: '',
    'no sequence': `3106${one}${one}`,
    'another length': `3007${one}${one}`,
    'a length in two bytes': `308106${one}${one}`,
    'one number': `3003${one}`,
    'bytes behind the second': `3008${one}${one}0500`,
    'no integer': `3006${one}030101`,
    'an integer without a byte': `3005${one}0200`,
    'a negative one': `3006${one}020181`,
    'a zero too many': `3007${one}02020001`,
    'a number that is too long': `3026${one}${long}`,
    'a number that ends too early': `3006${one}0202ff`,
  }
  for (const [what, hex] of Object.entries(wrong)) {
    t.throws(() => unwrapEC2Signature(Buffer.from(hex, 'hex')), what)
  }
  t.end()
})
