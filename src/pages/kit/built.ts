import { join } from 'node:path'

/** What the browser is sent beside HTML. */
export interface BuiltAssets {
  readonly script: string
  readonly style: string
}

/**
 * Builds the browser's script and stylesheet from their sources. In a function's bundle this file is
 * replaced by its result (`infra/bundle/`): there is no esbuild there, and nothing to build.
 */
export async function buildAssets(): Promise<BuiltAssets> {
  const { build } = await import('esbuild')
  const [script, style] = await Promise.all(
    ['../browser/main.ts', 'style.css'].map(async (path) => {
      const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, path)],
        bundle: true,
        minify: true,
        write: false,
        format: 'iife',
        target: ['chrome111', 'firefox115', 'safari16.4'],
        charset: 'utf8',
        legalComments: 'none',
        logLevel: 'warning',
      })
      return outputFiles[0]?.text ?? ''
    }),
  )
  return { script: script ?? '', style: style ?? '' }
}
