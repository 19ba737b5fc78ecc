import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { runInThisContext } from 'node:vm'
import { build, type Plugin } from 'esbuild'
import t from 'tap'
import { leaveOut } from '../../infra/bundle/leave-out.js'
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
