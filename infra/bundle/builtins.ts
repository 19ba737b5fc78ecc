import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

/** What Fastify and others load in case they should ever need it, and a function never does. */
const NEVER_USED = /^(node:)?(dns|http2)$/

/** What is asked of a module is little, and is had without loading it. */
const STAND_INS: Readonly<Record<string, string>> = {
  'node:assert':
    "module.exports=(value,message)=>{if(!value)throw message instanceof Error?message:new Error(message??'assertion failed')}",
  'node:perf_hooks': 'exports.performance=globalThis.performance',
  'node:zlib': "exports.crc32=(...given)=>process.getBuiltinModule('node:zlib').crc32(...given)",
}

/**
 * Built-in modules through `process.getBuiltinModule`: a static import of `node:http` makes Node link all
 * of its ES module wrapper, which takes ten times as long. Each importer gets lines of its own: shared ones
 * would become files, and each file takes a millisecond to load.
 */
export function builtins(): Plugin {
  return {
    name: 'builtins',
    setup(build) {
      const known = new Set(builtinModules.flatMap((module) => [module, `node:${module}`]))
      build.onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path, importer }) =>
        known.has(path)
          ? // As CommonJS, for an importer of any name: esbuild goes by the extension.
            { path: `${path} of ${importer}.cjs`, namespace: 'builtin', pluginData: path }
          : undefined,
      )
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ pluginData }) => {
        const name = pluginData as string
        const module = `process.getBuiltinModule(${JSON.stringify(name)})`
        const contents = NEVER_USED.test(name)
          ? `module.exports=new Proxy({},{get:(_,name)=>${module}[name]})`
          : `module.exports=${module}`
        return { contents: STAND_INS[name] ?? contents }
      })
    },
  }
}
