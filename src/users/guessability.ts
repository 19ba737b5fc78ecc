import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { onceMade } from '../lib/once-made.js'
import { commonPasswords } from './blocklist.js'

/**
 * The time that zxcvbn takes grows faster than the length: 64 digits hold the event loop for half a second, 24 for
 * at most 20 ms. Whether the rest of a longer password is strong as well changes nothing.
 */
const MAX_JUDGED = 24
/** Parts of an address that are looked for; each costs another dictionary. */
const MAX_PARTS = 5

/**
 * How hard a password is to guess, by zxcvbn on the common passwords: advice, which refuses nothing.
 * @param email of the account; attackers try its parts.
 * @returns 0, among the first to be tried, to 4, out of reach.
 */
export async function guessability(password: string, email: string): Promise<number> {
  const { score } = (await loadZxcvbn()).check(
    password.slice(0, MAX_JUDGED),
    email.split(/[@.+_-]/, MAX_PARTS),
  )
  return score
}

const loadZxcvbn = onceMade(async (): Promise<ZxcvbnFactory> => {
  const [{ ZxcvbnFactory }, passwords] = await Promise.all([
    import('@zxcvbn-ts/core'),
    commonPasswords(),
  ])
  return new ZxcvbnFactory({ dictionary: { passwords: [...passwords] } })
})
