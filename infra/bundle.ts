import { copyFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build as esbuild, type BuildOptions, type Metafile, type Plugin } from 'esbuild'

/** The functions, by their folders under `dist/lambda`; each exports `handler` from `index.mjs`. */
export const FUNCTIONS = {
  app: 'src/entry/lambda.ts',
  authorizer: 'src/entry/authorizer.ts',
  'rotate-keys': 'src/entry/rotate-keys.ts',
} as const

export type FunctionName = keyof typeof FUNCTIONS

const ROOT = join(import.meta.dirname, '..')
const requireHere = createRequire(import.meta.url)

/** Folder of a function's bundle. */
export const bundleFolder = (name: FunctionName): string => join(ROOT, 'dist/lambda', name)

/** Bundles one function, all that it uses and nothing else. @returns what went into it. */
export async function bundle(name: FunctionName): Promise<Metafile> {
  const folder = bundleFolder(name)
  rmSync(folder, { recursive: true, force: true })
  const { metafile } = await esbuild({
    ...OPTIONS,
    entryPoints: { index: join(ROOT, FUNCTIONS[name]) },
    outdir: folder,
  })
  const inputs = Object.keys(metafile.inputs)
  if (inputs.some((path) => path.includes('node_modules/argon2/'))) copyArgon2(folder)
  return metafile
}

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  // What is imported when it is first needed becomes a file of its own.
  splitting: true,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: 'node24',
  // The SDK's ES modules: a third less than its CommonJS ones.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  banner: {
    js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);",
  },
  // argon2 names its own folder, which it then has no use for.
  define: { __dirname: 'import.meta.dirname' },
  // Fastify's packages bring two majors with one API.
  alias: { 'fast-uri': requireHere.resolve('fast-uri') },
  plugins: [builtins(), argon2Addon(), passwordsOnly(), leaveOut(), typeboxShaken()],
} as const satisfies BuildOptions

/**
 * Built-in modules through `process.getBuiltinModule`: a static import of `node:http` makes Node link all
 * of its ES module wrapper, which takes ten times as long.
 */
function builtins(): Plugin {
  return {
    name: 'builtins',
    setup(build) {
      const { builtinModules } = requireHere('node:module') as typeof import('node:module')
      const known = new Set(builtinModules.flatMap((module) => [module, `node:${module}`]))
      build.onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path }) =>
        known.has(path) ? { path, namespace: 'builtin' } : undefined,
      )
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
        const module = `process.getBuiltinModule(${JSON.stringify(path)})`
        return {
          contents: NEVER_USED.test(path)
            ? `module.exports=new Proxy({},{get:(_,name)=>${module}[name]})`
            : `module.exports=${module}`,
        }
      })
    },
  }
}

/** Fastify loads it in case it should ever be asked to serve it. */
const NEVER_USED = /^(node:)?http2$/

/** argon2 looks for its addon in folders of its package; in a bundle it lies beside the code. */
function argon2Addon(): Plugin {
  return {
    name: 'argon2-addon',
    setup(build) {
      build.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({
        path,
        namespace: 'argon2-addon',
      }))
      build.onLoad({ filter: /.*/, namespace: 'argon2-addon' }, () => ({
        contents:
          "const name=['./argon2-',process.arch,'.node'].join('');module.exports=()=>require(name)",
      }))
    },
  }
}

/** Both of Lambda's architectures, so that one asset is right for either. */
function copyArgon2(folder: string): void {
  const prebuilds = join(requireHere.resolve('argon2/package.json'), '../prebuilds')
  copyFileSync(
    join(prebuilds, 'linux-arm64/argon2.armv8.glibc.node'),
    join(folder, 'argon2-arm64.node'),
  )
  copyFileSync(join(prebuilds, 'linux-x64/argon2.glibc.node'), join(folder, 'argon2-x64.node'))
}

/** No password shorter than this can be chosen (`PASSWORD_MIN_LENGTH`), so none need be refused. */
const SHORTEST_PASSWORD = 8

/** Of zxcvbn's word lists, the one that is used, and of that what can be a password. */
function passwordsOnly(): Plugin {
  return {
    name: 'passwords-only',
    setup(build) {
      build.onLoad({ filter: /@zxcvbn-ts\/language-common\/dist\/index\.[a-z]+$/ }, async () => {
        const { dictionary } = await import('@zxcvbn-ts/language-common')
        const words = dictionary['passwords-common']
          .filter(({ length }) => length >= SHORTEST_PASSWORD)
          .sort() // neighbours that begin alike compress well
        return { contents: `export const dictionary={'passwords-common':${JSON.stringify(words)}}` }
      })
    },
  }
}

/**
 * What a function never does: read credentials from files, SSO or instance metadata (Lambda gives them in
 * its environment), log through pino (Fastify has our logger) or `debug` (which would print what must not
 * be logged), parse a browser's User-Agent for the SDK, write the OpenAPI document as YAML.
 */
function leaveOut(): Plugin {
  const stubs: Readonly<Record<string, string>> = {
    '@aws-sdk/credential-provider-node':
      "import{fromEnv}from'@aws-sdk/credential-provider-env';export const defaultProvider=fromEnv",
    bowser: 'export default{}',
    debug: 'module.exports=()=>()=>{}',
    pino: 'module.exports={symbols:{},stdSerializers:{}}',
    yaml: 'export default{}',
  }
  return {
    name: 'leave-out',
    setup(build) {
      build.onResolve(
        { filter: /^(@aws-sdk\/credential-provider-node|bowser|debug|pino|yaml)$/ },
        ({ path, importer }) => ({
          path,
          namespace: 'stub',
          pluginData: { resolveDir: join(importer, '..') },
        }),
      )
      build.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path, pluginData }) => ({
        contents: stubs[path] ?? '',
        resolveDir: (pluginData as { resolveDir: string }).resolveDir,
      }))
    },
  }
}

/** typebox does not say that its modules do nothing when they are loaded, so that unused ones may be dropped. */
function typeboxShaken(): Plugin {
  const seen = Symbol('seen')
  return {
    name: 'typebox-shaken',
    setup(build) {
      build.onResolve({ filter: /^typebox|\.mjs$/ }, async ({ path, pluginData, ...context }) => {
        if (pluginData === seen) return undefined
        const { importer, kind, namespace, resolveDir } = context
        const found = await build.resolve(path, {
          importer,
          kind,
          namespace,
          resolveDir,
          pluginData: seen,
        })
        const isTypebox = found.path.includes('/node_modules/typebox/')
        return isTypebox ? { path: found.path, sideEffects: false } : undefined
      })
    },
  }
}
