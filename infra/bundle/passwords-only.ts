import type { Plugin } from 'esbuild'

/** No password shorter than this can be chosen (`PASSWORD_MIN_LENGTH`), so none need be refused. */
const SHORTEST_PASSWORD = 8
/** zxcvbn goes by a word's place in the list, and it is the first places that make a difference. */
const RANKED = 500

/** Of zxcvbn's word lists, the one that is used, and of that what can be a password. */
export function passwordsOnly(): Plugin {
  return {
    name: 'passwords-only',
    setup(build) {
      build.onLoad({ filter: /@zxcvbn-ts\/language-common\/dist\/index\.[a-z]+$/ }, async () => {
        const { dictionary } = await import('@zxcvbn-ts/language-common')
        const common = dictionary['passwords-common'].filter(
          ({ length }) => length >= SHORTEST_PASSWORD,
        )
        // Neighbours that begin alike compress well.
        const words = [...common.slice(0, RANKED), ...common.slice(RANKED).sort()]
        return { contents: `export const dictionary={'passwords-common':${JSON.stringify(words)}}` }
      })
    },
  }
}
