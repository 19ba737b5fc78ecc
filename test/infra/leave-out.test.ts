import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { deflateRawSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import t from 'tap'
import { leaveOut } from '../../infra/bundle/leave-out.js'
import type * as Ceremonies from '../../src/factors/passkeys/ceremonies.js'
import { SoftPasskey } from '../support/authenticator.js'
import { startService } from '../support/service.js'

const { resolve } = createRequire(import.meta.resolve('@fastify/oauth2'))
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
const MAX_CEREMONIES = 45_000

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
