import { join } from 'node:path'
import { build as esbuild, type Plugin } from 'esbuild'
import { typeboxShaken } from './typebox-shaken.js'

interface LateModule {
  /** As it is asked for. */
  readonly path: string
  /** Who asks, where the path alone does not tell. */
  readonly importer?: string
  /** The module itself. */
  readonly module: string
  /** Functions and classes that it exports; otherwise it is one itself. */
  readonly exports?: readonly string[]
  /** Functions and classes that it has as well as being one. */
  readonly members?: readonly string[]
}

/**
 * Files of what is asked for when a process starts and called by few of its requests. V8 reads none of a
 * file before something in it is called.
 */
const FILES: Readonly<Record<string, readonly LateModule[]>> = {
  // The first body that is validated, and the first answer whose schema leaves a choice.
  'schemas.cjs': [
    { path: '@fastify/ajv-compiler', module: '@fastify/ajv-compiler' },
    {
      path: './lib/validator',
      importer: 'fast-json-stringify/index.js',
      module: 'fast-json-stringify/lib/validator.js',
      members: ['escapeRefForAjv'],
    },
    // For schemas with `allOf` or `if`.
    {
      path: '@fastify/merge-json-schemas',
      module: '@fastify/merge-json-schemas',
      exports: ['mergeSchemas'],
    },
    {
      path: './lib/standalone',
      importer: 'fast-json-stringify/index.js',
      module: 'fast-json-stringify/lib/standalone.js',
    },
  ],
  // Error messages for invalid settings.
  'reasons.cjs': [
    { path: 'typebox/value', module: 'typebox/value', exports: ['Errors'] },
    {
      path: './json-position.js',
      module: '../../src/config/json-position.ts',
      exports: ['jsonFaultIn'],
    },
  ],
  // The first caller with an IPv6 address.
  'addresses.cjs': [{ path: 'ip-address', module: 'ip-address', exports: ['Address6'] }],
}

/** A function or class that is loaded when it is first called or made. */
const CALLED = `const called=(load)=>new Proxy(class{},{
apply:(_,self,given)=>Reflect.apply(load(),self,given),
construct:(_,given)=>Reflect.construct(load(),given)});`

/** Puts modules into files of their own, which are loaded by the first call. */
export function late(): Plugin {
  return {
    name: 'late',
    setup(build) {
      const used = new Set<string>()
      const all = Object.entries(FILES).flatMap(([file, modules]) =>
        modules.map((module) => ({ file, ...module })),
      )
      build.onResolve({ filter: /./ }, ({ path, importer }) => {
        if (Object.hasOwn(FILES, path)) return { path: `./${path}`, external: true }
        const found = all.find(
          (module) => module.path === path && importer.endsWith(module.importer ?? ''),
        )
        if (!found) return undefined
        used.add(found.file)
        return { path: found.module, namespace: 'late', pluginData: found }
      })
      build.onLoad({ filter: /./, namespace: 'late' }, ({ pluginData }) => {
        const {
          file,
          module,
          exports = [],
          members = [],
        } = pluginData as LateModule & { file: string }
        const loaded = `require(${JSON.stringify(file)})[${JSON.stringify(module)}]`
        const found = [...exports, ...members].map(
          (name) => `${name}:called(()=>${loaded}.${name})`,
        )
        return {
          contents: `${CALLED}module.exports=Object.assign(called(()=>${loaded}),{${found.join(',')}})`,
        }
      })
      build.onEnd(async ({ errors, metafile: whole }) => {
        const { absWorkingDir, outdir, minify, target, logLevel, alias = {} } = build.initialOptions
        if (errors.length > 0 || outdir === undefined) return
        for (const file of used) {
          const { metafile } = await esbuild({
            absWorkingDir: absWorkingDir ?? process.cwd(),
            stdin: { contents: contentsOf(FILES[file] ?? []), resolveDir: import.meta.dirname },
            outfile: join(outdir, file),
            bundle: true,
            format: 'cjs',
            platform: 'node',
            minify: minify ?? false,
            target: target ?? 'node24',
            legalComments: 'none',
            logLevel: logLevel ?? 'warning',
            alias,
            plugins: [typeboxShaken()],
            metafile: true,
          })
          Object.assign(whole?.outputs ?? {}, metafile.outputs)
        }
      })
    },
  }
}

/** What is exported by name is imported, so that the rest of a module is left out. */
function contentsOf(modules: readonly LateModule[]): string {
  const entries = modules.map(({ module, exports }) => {
    const name = JSON.stringify(module)
    if (!exports) return { imported: '', entry: `get ${name}(){return require(${name})}` }
    const names = exports.join(',')
    return { imported: `import {${names}} from ${name};`, entry: `${name}:{${names}}` }
  })
  const imported = entries.map((entry) => entry.imported).join('')
  return `${imported}module.exports={${entries.map(({ entry }) => entry).join(',')}}`
}
