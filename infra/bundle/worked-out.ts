import { type Plugin, transform } from 'esbuild'
import { buildAssets } from '../../src/pages/kit/built.js'
import { helmetHeaders } from '../../src/http/helmet-headers.js'
import { bcryptSource } from '../../src/users/imported/bcrypt-source.js'

interface Work {
  readonly module: RegExp
  /** What it exports: a function that comes to the same whenever it is called. */
  readonly name: string
  readonly work: () => Promise<unknown>
}

const WORKS: readonly Work[] = [
  {
    module: /\/src\/http\/helmet-headers\.ts$/,
    name: 'helmetHeaders',
    work: helmetHeaders,
  },
  // The browser's script and styles: a function has neither esbuild nor their sources.
  { module: /\/src\/pages\/kit\/built\.ts$/, name: 'buildAssets', work: buildAssets },
  // The script of a thread: a function has no packages.
  {
    module: /\/src\/users\/imported\/bcrypt-source\.ts$/,
    name: 'bcryptSource',
    work: async () => (await transform(await bcryptSource(), { minify: true })).code,
  },
]

/** What comes out the same at every start is worked out once, when the bundle is made. */
export function workedOut(): Plugin {
  return {
    name: 'worked-out',
    setup(build) {
      for (const { module, name, work } of WORKS) {
        build.onLoad({ filter: module }, async () => ({
          contents: `export const ${name}=async()=>(${JSON.stringify(await work())})`,
        }))
      }
    },
  }
}
