import type { Plugin } from 'esbuild'

/** typebox does not say that its modules do nothing when they are loaded, so that unused ones may be dropped. */
export function typeboxShaken(): Plugin {
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
