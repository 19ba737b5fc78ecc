import type { Plugin } from 'esbuild'
import { buildAssets } from '../../src/pages/built.js'

/** The browser's script and styles, built here: a function has neither esbuild nor their sources. */
export function pageAssets(): Plugin {
  return {
    name: 'page-assets',
    setup(build) {
      build.onLoad({ filter: /\/src\/pages\/built\.ts$/ }, async () => {
        const assets = JSON.stringify(await buildAssets())
        return { contents: `export const buildAssets=async()=>(${assets})` }
      })
    },
  }
}
