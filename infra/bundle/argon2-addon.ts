import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

const requireHere = createRequire(import.meta.url)

/** argon2 looks for its addon in folders of its package; in a bundle it lies beside the code. */
export function argon2Addon(): Plugin {
  return {
    name: 'argon2-addon',
    setup(build) {
      build.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({
        path,
        namespace: 'argon2-addon',
      }))
      build.onLoad({ filter: /.*/, namespace: 'argon2-addon' }, () => ({
        contents:
          "const name=['./argon2-',process.arch,'.node'].join('');module.exports=()=>require(name)",
      }))
      build.onEnd(({ metafile, errors }) => {
        const inputs = Object.keys(metafile?.inputs ?? {})
        const isUsed = inputs.some((path) => path.includes('node_modules/argon2/'))
        const { outdir } = build.initialOptions
        if (isUsed && outdir !== undefined && errors.length === 0) copyAddons(outdir)
      })
    },
  }
}

/** For both of Lambda's architectures; the asset of a function leaves out the other one's. */
function copyAddons(folder: string): void {
  const prebuilds = join(requireHere.resolve('argon2/package.json'), '../prebuilds')
  copyFileSync(
    join(prebuilds, 'linux-arm64/argon2.armv8.glibc.node'),
    join(folder, 'argon2-arm64.node'),
  )
  copyFileSync(join(prebuilds, 'linux-x64/argon2.glibc.node'), join(folder, 'argon2-x64.node'))
}
