import { createInterface } from 'node:readline/promises'
import { LocalError } from '../local/local-error.js'
import { hasSecondFactor, isTotpLocked } from '../users/factors.js'
import { listedRemoval } from '../users/factors-removal.js'
import type { User } from '../users/user.js'

/**
 * What `admin factors show` prints: no secret, and nothing that one could be guessed from.
 * @param now milliseconds since the epoch.
 */
export const shownFactors = (user: User, now: number) => ({
  totp: user.totp
    ? { addedAt: user.totp.addedAt, wrongInARow: user.totp.failures, isLocked: isTotpLocked(user) }
    : null,
  passkeys: (user.passkeys ?? []).map(({ name, addedAt, lastUsedAt = null, isSynced }) => ({
    ...{ name, addedAt, lastUsedAt, isSynced },
  })),
  recoveryCodesLeft: user.recoveryCodes?.size ?? 0,
  trustedDevices: user.trustedDevices?.length ?? 0,
  removal: listedRemoval(user, now),
})

/**
 * Asks the person at the terminal; elsewhere `--yes` has to say it.
 * @throws {LocalError} for an account without second factors, and where the answer is not `yes`.
 */
export async function confirmRemoval(user: User, isSure: boolean): Promise<void> {
  const { id, email = 'the user without an address' } = user
  if (!hasSecondFactor(user)) throw new LocalError(`The user ${id} has no second factor.`)
  if (isSure) return
  if (!process.stdin.isTTY) {
    throw new LocalError('Nothing was changed: --yes says that the factors are to be removed.')
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const question = `Remove all second factors of ${email} (${id})? A password alone opens the account then. Type yes: `
  const answer = await terminal.question(question).finally(() => terminal.close())
  if (answer.trim() !== 'yes') throw new LocalError('Nothing was changed.')
}
