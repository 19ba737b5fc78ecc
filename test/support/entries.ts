import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const REPOSITORY = join(import.meta.dirname, '../..')
const FOLDER = join(REPOSITORY, '.tap/entries')

/** The processes that tests start again and again. */
const ENTRIES = ['src/entry/admin.ts', 'src/entry/latchkey.ts', 'src/entry/server.ts']

/** Where `buildEntries` has put one of them. */
export const builtEntry = (path: string): string => join(FOLDER, basename(path, '.ts') + '.mjs')

/**
 * Makes JavaScript of the processes, once for a run: each of some sixty starts would otherwise spend a second
 * of its processor on TypeScript.
 */
export async function buildEntries(): Promise<void> {
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ENTRIES,
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
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
