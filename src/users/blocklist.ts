import { onceMade } from '../lib/once-made.js'

/**
 * 49,000 common passwords of zxcvbn, in lower case. Loaded when the first password is chosen, since
 * most instances of a function never see one.
 */
export const commonPasswords = onceMade(async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()))
})
