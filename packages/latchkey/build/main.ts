import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { bundle, FUNCTIONS, REQUIRE } from '../../../infra/bundle/bundle.js'
import { workedOut } from '../../../infra/bundle/worked-out.js'
import { functionFolder, type FunctionName } from '../../../infra/constructs/function-folder.js'
import manifest from '../package.json' with { type: 'json' }
import { copyDocuments } from './documents.js'
import { notices } from './notices.js'

const ROOT = join(import.meta.dirname, '../../..')
const PACKAGE = join(import.meta.dirname, '..')
const DIST = join(PACKAGE, 'dist')

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outdir: DIST,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions

/**
 * Fills `dist` but for its types, which `tsc` makes. Libraries of which we need a little are built in, so that
 * an API that verifies tokens installs no command line, and `npm i latchkey` stays small.
 */
rmSync(DIST, { recursive: true, force: true })
const built = [await buildExports(), await buildCommandLine(), ...(await buildFunctions())]
writeFileSync(join(PACKAGE, 'THIRD-PARTY-NOTICES'), notices(ROOT, built))
copyDocuments(ROOT, PACKAGE)

/** What is imported, in files that share code; other packages stay imports if `package.json` names them. */
async function buildExports(): Promise<Metafile> {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: exportedSources(),
    splitting: true,
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    plugins: [workedOut()],
  })
  return metafile
}

/** Sources by the names of their files in `dist`: `exports` says both, as the place of the types is theirs. */
function exportedSources(): Record<string, string> {
  const sources = Object.values(manifest.exports).flatMap((target) => {
    if (typeof target === 'string') return []
    const name = target.default.replace(/^\.\/dist\/|\.js$/g, '')
    return [[name, target.types.replace('./dist/types/', '').replace('.d.ts', '.ts')] as const]
  })
  return Object.fromEntries(sources)
}

/** One file that needs no package: who runs it may have installed nothing else. */
async function buildCommandLine(): Promise<Metafile> {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: ['src/entry/latchkey.ts'],
    banner: { js: REQUIRE },
    // Most of it are libraries, which no one reads here. Names stay, for the lines of an error.
    minifyWhitespace: true,
    minifySyntax: true,
  })
  return metafile
}

/** The functions that `latchkey/cdk` deploys. */
async function buildFunctions(): Promise<Metafile[]> {
  const made: Metafile[] = []
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    made.push(await bundle(name))
    cpSync(functionFolder(name), join(DIST, 'lambda', name), { recursive: true })
  }
  return made
}
