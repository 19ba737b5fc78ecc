import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const REPOSITORY = join(import.meta.dirname, '../..')
const FOLDER = join(REPOSITORY, '.tap/entries')

/** The processes that tests start again and again. */
const ENTRIES = ['src/entry/admin.ts', 'src/entry/latchkey.ts', 'src/entry/server.ts']

/** Packages with an addon, with files beside their code or with a default export that a bundle reads otherwise, and what the server itself builds with. */
const UNBUNDLED = ['@dynoxide/*', '@fastify/swagger-ui', '@zxcvbn-ts/*', 'argon2', 'esbuild']

/** What CommonJS packages find in their own modules. */
const COMMON_JS = `import { createRequire as createRequireOf } from 'node:module'
const require = createRequireOf(import.meta.url)
const [__filename, __dirname] = [import.meta.filename, import.meta.dirname]`

/** Where `buildEntries` has put one of them. */
export const builtEntry = (path: string): string => join(FOLDER, basename(path, '.ts') + '.mjs')

/**
 * Makes JavaScript of the processes, once for a run, with their packages as the deployed functions have theirs: each of
 * some two hundred starts would otherwise spend a second of its processor on TypeScript and on thousands of files.
 */
export async function buildEntries(): Promise<void> {
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ENTRIES,
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    external: UNBUNDLED,
    banner: { js: COMMON_JS },
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'error',
    plugins: [ownFolders()],
  })
}

/** A module that looks for files beside itself goes on finding them. */
function ownFolders(): Plugin {
  return {
    name: 'own-folders',
    setup(build) {
      build.onLoad({ filter: /\/src\/pages\/kit\/built\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        const folder = JSON.stringify(dirname(path))
        return { contents: source.replaceAll('import.meta.dirname', folder), loader: 'ts' }
      })
    },
  }
}
