import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { runInThisContext } from 'node:vm'
import { build, type Plugin } from 'esbuild'
import t from 'tap'
import { leaveOut } from '../../infra/bundle/leave-out.js'

const { resolve } = createRequire(import.meta.resolve('@fastify/oauth2'))
const loadModule = createRequire(import.meta.url)

type FillIn = (options: object) => object

/** How `simple-oauth2` fills in what its caller leaves out, in a bundle with these plugins. */
async function fillIn(plugins: readonly Plugin[]): Promise<FillIn> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        const { attempt } = require('joi')
        const { AuthorizationCodeSchema } = require('./lib/config.js')
        module.exports = (options) => attempt(options, AuthorizationCodeSchema)`,
      resolveDir: dirname(resolve('simple-oauth2')),
    },
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

t.test('a function fills in the defaults of simple-oauth2 as its own schema does', async (t) => {
  const [own, left] = [await fillIn([]), await fillIn([leaveOut()])]
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
  for (const [what, options] of Object.entries(given)) t.same(left(options), own(options), what)
})
