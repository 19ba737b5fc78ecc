import type { Plugin } from 'esbuild'
import { helmetHeaders } from '../../src/plugins/helmet-headers.js'

/** What comes out the same at every start is worked out once, when the bundle is made. */
export function workedOut(): Plugin {
  return {
    name: 'worked-out',
    setup(build) {
      build.onLoad({ filter: /\/src\/plugins\/helmet-headers\.ts$/ }, async () => {
        const headers = JSON.stringify(await helmetHeaders())
        return { contents: `export const helmetHeaders=async()=>(${headers})` }
      })
    },
  }
}
