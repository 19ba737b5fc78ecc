import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

const requireHere = createRequire(import.meta.url)

const REFUSED = (what: string) =>
  `module.exports=()=>{throw new Error(${JSON.stringify(`${what} is not in this bundle`)})}`

/** A map that forgets its oldest entry when it is full. */
const SMALL_CACHE =
  'class extends Map{constructor(n){super();this.n=n}set(k,v){if(this.size>=this.n)this.delete(this.keys().next().value);return super.set(k,v)}}'

/** Of a PEM in PKCS #8: Node reads it with a tenth of the code. */
const ALGORITHM_OF_KEY = `const{createPrivateKey}=require('node:crypto')
const OIDS={rsa:[1,2,840,113549,1,1,1]}
exports.define=()=>({decode:(pem)=>({algorithm:{algorithm:OIDS[createPrivateKey(pem).asymmetricKeyType]??[]}})})`

/** What a function never does, and what replaces it. */
const STUBS: Readonly<Record<string, string>> = {
  // Lambda gives credentials in the environment: none are read from files, SSO or instance metadata.
  '@aws-sdk/credential-provider-node':
    "import{fromEnv}from'@aws-sdk/credential-provider-env';export const defaultProvider=fromEnv",
  // The SDK does not parse a browser's User-Agent.
  bowser: 'export default{}',
  // fast-jwt remembers parsed keys in it, and the SDK endpoints; both get and set, and nothing else. The oldest entry
  // goes first, where the package drops the one unused for longest.
  'mnemonist/lru-cache': `module.exports=${SMALL_CACHE}`,
  // Fastify remembers parsed content types in it.
  'toad-cache': `exports.FifoMap=${SMALL_CACHE}`,
  // An answer's `cookies` are for tests; `@fastify/aws-lambda` reads its headers.
  'set-cookie-parser': REFUSED('set-cookie-parser'),
  // fast-jwt asks it for the algorithm of our signing key, and has its own way for keys on curves, which sign nothing
  // here.
  'asn1.js': ALGORITHM_OF_KEY,
  'ecdsa-sig-formatter': 'module.exports={}',
  // Asked for when an operation streams events; none of these clients has one.
  '@smithy/core/event-streams': REFUSED('@smithy/core/event-streams'),
  // Would print what must not be logged.
  debug: 'module.exports=()=>()=>{}',
  // Fastify has our logger.
  pino: 'module.exports={symbols:{},stdSerializers:{}}',
  // Pages are made by `preact-render-to-string`, which needs the shape of a node, and not what draws it.
  preact:
    "const mark=Symbol.for('pv');export const options={},Fragment=({children})=>children," +
    'isValidElement=(node)=>node?.constructor===mark,h=(type,props)=>({type,props:props??{},constructor:mark})',
  // zxcvbn looks for what is nearly a common password only when it is told to.
  'fastest-levenshtein': 'export const distance=()=>0',
  // The OpenAPI document is JSON.
  yaml: 'export default{}',
  // No proxy's headers are ever trusted (`trustProxy` in app.ts).
  '@fastify/proxy-addr': `${REFUSED('@fastify/proxy-addr')};module.exports.compile=module.exports`,
  // simple-oauth2 fills in its defaults by a schema; `CLIENT_DEFAULTS` does it without.
  joi: 'exports.attempt=(options,fill)=>fill(options)',
  // Looks at the expressions of routes, and at the versions that plugins ask for, when an app is built: the
  // tests build this very app.
  'safe-regex2': 'module.exports=()=>true',
  semver: 'exports.satisfies=()=>true',
}

const ZXCVBN_CHECKS = [
  ...['L33tTable', 'Dictionary', 'Graphs', 'UseLevenshteinDistance', 'LevenshteinThreshold'],
  ...['L33tMaxSubstitutions', 'MaxLength', 'Matcher', 'CustomMatchers', 'CustomTranslations'],
  'TimeEstimationValues',
]
  .map((what) => `export const check${what}=()=>true`)
  .join('\n')

/** Of its schema for the authorization code grant, which `@fastify/oauth2` fills in for us. */
const CLIENT_DEFAULTS = `exports.AuthorizationCodeSchema=({client,auth,http,options})=>({
client:{secretParamName:'client_secret',idParamName:'client_id',...client},
auth:{tokenPath:'/oauth/token',refreshPath:auth.tokenPath??'/oauth/token',revokePath:'/oauth/revoke',
authorizeHost:auth.tokenHost,authorizePath:'/oauth/authorize',...auth},
http,options:{scopeSeparator:' ',credentialsEncodingMode:'strict',bodyFormat:'form',
authorizationMethod:'header',...options}})`

/** Of Fastify's options, those without a default; its validator drops what it does not know. */
const WITHOUT_DEFAULT = ['forceCloseConnections', 'http2', 'https', 'routerOptions', 'constraints']

/** Fills in Fastify's options as its validator does, and looks at none: they are ours, and the tests give these very ones. */
function fillInFastifyOptions(): string {
  const path = join(requireHere.resolve('fastify'), '../lib/config-validator.js')
  const validate = requireHere(path) as FastifyValidator
  const defaults: object = {}
  validate(defaults)
  const known = [...Object.keys(defaults), ...WITHOUT_DEFAULT]
  return `const defaults=${JSON.stringify(defaults)},known=new Set(${JSON.stringify(known)})
module.exports=(options)=>{
for(const name of Object.keys(options))if(!known.has(name))delete options[name]
for(const name in defaults)if(options[name]===undefined)options[name]=defaults[name]
return true}
module.exports.defaultInitOptions=${JSON.stringify(validate.defaultInitOptions)}`
}

interface FastifyValidator {
  (options: object): boolean
  readonly defaultInitOptions: object
}

const FILES: readonly (readonly [RegExp, string])[] = [
  [/fastify\/lib\/config-validator\.js$/, fillInFastifyOptions()],
  // A router can compile its routes, and Fastify does not ask it to (`routerOptions.compile`).
  [/find-my-way\/lib\/compiler\.js$/, REFUSED('the compiler of find-my-way')],
  [/find-my-way\/lib\/pretty-print\.js$/, "exports.prettyPrintTree=()=>''"],
  // A way to serialize that is chosen by `objectMechanism`.
  [/fast-json-stringify\/lib\/projection\.js$/, 'exports.buildProjection=()=>null'],
  // Of events that are streamed, and signed one by one.
  [/@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/, 'export class HeaderFormatter{}'],
  // No cookie is signed.
  [/@fastify\/cookie\/signer\.js$/, REFUSED('the signer of @fastify/cookie')],
  // For a Node without SHA-256 of its own.
  [/@smithy\/core\/.+\/Sha256Js\.js$/, 'export const Sha256Js=undefined'],
  // Requests are counted in DynamoDB (`src/plugins/rate-limit.ts`).
  [/@fastify\/rate-limit\/store\/\w+Store\.js$/, REFUSED('a store of @fastify/rate-limit')],
  // There is no profile to read in a function.
  [
    /shared-ini-file-loader\/readFile\.js$/,
    "export const filePromises={},fileIntercept={},readFile=async()=>''",
  ],
  [/simple-oauth2\/lib\/config\.js$/, CLIENT_DEFAULTS],
  // Looks whether the options of zxcvbn are such: they are ours, and the tests give these very ones.
  [/@zxcvbn-ts\/core\/dist\/runtimeChecks\.mjs$/, ZXCVBN_CHECKS],
  // Looks whether the schemas of answers are schemas: the tests build this very app.
  [/fast-json-stringify\/lib\/schema-validator\.js$/, 'module.exports=()=>true'],
  // Looks at what @fastify/aws-lambda makes of an event, at each of them.
  [/light-my-request\/lib\/config-validator\.js$/, 'module.exports=()=>true'],
]

/**
 * find-my-way compiles the test of each prefix that is shorter than 16 letters: of some 300 nodes, at each start. All
 * take the way that it has for longer ones.
 */
const ROUTER_NODE = /find-my-way\/lib\/node\.js$/
const COMPILED_BELOW = 'const LONG_PREFIX_MIN_LENGTH = 16\n'

async function compareAllPrefixes({ path }: { readonly path: string }) {
  const source = await readFile(path, 'utf8')
  if (!source.includes(COMPILED_BELOW)) throw new Error(`${path} is not as leave-out.ts knows it`)
  return { contents: source.replace(COMPILED_BELOW, COMPILED_BELOW.replace('16', '2')) }
}

/**
 * What `@simplewebauthn/server` asks for of itself, and nothing calls: statements of attestation are taken off before
 * (`src/factors/passkeys/ceremonies.ts`), and with them go the certificates, what reads them, and the catalogue of
 * authenticators.
 */
const ATTESTATION =
  /\/(?:metadata\/\w+|metadataService|defaultRootCerts\/[\w-]+|verifyAttestation\w+|convertX509PublicKeyToCOSE|getCertificateInfo|isCertRevoked|validateCertificatePath)\.js$/

const isUnused = (path: string, importer: string): boolean =>
  ATTESTATION.test(path) && importer.includes('/@simplewebauthn/server/')

/** Leaves out of a bundle what no function uses. */
export function leaveOut(): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, importer }) =>
        Object.hasOwn(STUBS, path) || isUnused(path, importer)
          ? { path, namespace: 'stub', pluginData: { resolveDir: join(importer, '..') } }
          : undefined,
      )
      // Of a package's manifest its version is asked for, and nothing else.
      build.onResolve({ filter: /\/unwrapEC2Signature\.js$/ }, () => ({
        path: join(import.meta.dirname, 'ecdsa-signature.ts'),
      }))
      build.onLoad({ filter: /\/package\.json$/ }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
        return { contents: JSON.stringify({ version }), loader: 'json' }
      })
      build.onLoad({ filter: ROUTER_NODE }, compareAllPrefixes)
      for (const [filter, contents] of FILES) build.onLoad({ filter }, () => ({ contents }))
      build.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path, pluginData }) => ({
        contents: STUBS[path] ?? 'module.exports={}',
        resolveDir: (pluginData as { resolveDir: string }).resolveDir,
      }))
    },
  }
}
