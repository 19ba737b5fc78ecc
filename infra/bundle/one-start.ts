import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

const NAMESPACE = 'late-file'

/**
 * Puts what a start reads into one file. esbuild makes a file for each set of late files that share a module, and
 * each file of a start takes half a millisecond; here every late file imports the module that the start is made of,
 * which has been read by then, so that all sets are one.
 *
 * @param start its path, which awaits nothing when it is read: it could wait for a late file that waits for it.
 */
export function oneStart(start: string): Plugin {
  return {
    name: 'one-start',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === NAMESPACE) return undefined
        const found = await build.resolve(path, {
          ...{ kind, importer, resolveDir },
          pluginData: NAMESPACE,
        })
        return found.namespace === 'file' && !found.external
          ? { path: found.path, namespace: NAMESPACE }
          : found
      })
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => {
        const late = JSON.stringify(path)
        return {
          contents: `import ${JSON.stringify(join(build.initialOptions.absWorkingDir ?? '', start))}
export * from ${late}
import * as all from ${late}
export default Reflect.get(all, 'default')`,
          resolveDir: dirname(path),
        }
      })
    },
  }
}
