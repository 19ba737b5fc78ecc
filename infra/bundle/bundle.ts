import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build as esbuild, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { functionFolder, type FunctionName } from '../constructs/function-folder.js'
import { argon2Addon } from './argon2-addon.js'
import { builtins } from './builtins.js'
import { late } from './late.js'
import { lateTexts } from './late-texts.js'
import { leaveOut } from './leave-out.js'
import { oneStart } from './one-start.js'
import { plainSchemas } from './plain-schemas.js'
import { typeboxShaken } from './typebox-shaken.js'
import { workedOut } from './worked-out.js'

/** The functions, by their folders under `dist/lambda`; each exports `handler` from `index.mjs`. */
export const FUNCTIONS: Readonly<Record<FunctionName, string>> = {
  app: 'src/entry/lambda.ts',
  authorizer: 'src/entry/authorizer.ts',
  'rotate-keys': 'src/entry/rotate-keys.ts',
  worker: 'src/entry/worker.ts',
}

const ROOT = join(import.meta.dirname, '../..')
const requireHere = createRequire(import.meta.url)

/** First line of an ES module that has CommonJS built in. */
export const REQUIRE =
  "const require=process.getBuiltinModule('module').createRequire(import.meta.url);"

/** Bundles one function, all that it uses and nothing else. @returns what went into it. */
export const bundle = (name: FunctionName): Promise<Metafile> =>
  bundleEntry(
    join(ROOT, FUNCTIONS[name]),
    functionFolder(name),
    name === 'app' ? [oneStart('src/app.ts')] : [],
  )

/**
 * Bundles what exports a `handler` into `index.mjs` of a folder, as every function is bundled.
 * @param more plugins that go before those of all functions.
 */
export async function bundleEntry(
  entry: string,
  folder: string,
  more: readonly Plugin[] = [],
): Promise<Metafile> {
  rmSync(folder, { recursive: true, force: true })
  const { metafile } = await esbuild({
    ...OPTIONS,
    plugins: [...more, ...OPTIONS.plugins],
    entryPoints: { index: entry },
    outdir: folder,
  })
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
  banner: { js: REQUIRE },
  // argon2 names its own folder, which it then has no use for.
  define: { __dirname: 'import.meta.dirname' },
  // Fastify's packages bring two majors with one API.
  alias: { 'fast-uri': requireHere.resolve('fast-uri') },
  plugins: [
    late(),
    lateTexts(),
    builtins(),
    argon2Addon(),
    leaveOut(),
    plainSchemas(),
    typeboxShaken(),
    workedOut(),
  ],
} as const satisfies BuildOptions
