import t from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { readDocument } from '../support/documents.js'
import { ISSUER } from '../support/service.js'

/** The row of a table that begins so. */
function rowOf(document: string, start: string): string {
  const rows = readDocument(document)
    .split('\n')
    .filter((line) => line.startsWith(`| ${start}`))
  if (rows.length !== 1) throw new Error(`${rows.length} rows of ${document} begin: ${start}`)
  return rows[0] ?? ''
}

const MINUTE = 60_000

t.test('the documented limits are those of the configuration (ASVS V2.1.3, V7.1.1)', async (t) => {
  const { rateLimits, sessions, passwords, apiKeys } = loadConfig({ ISSUER })
  const { address, account, failures } = rateLimits
  t.equal(address.windowMs, MINUTE)
  const limits: [document: string, start: string, says: string][] = [
    ['SECURITY.md', 'requests to an auth route from one address', `${address.max} a minute`],
    [
      'SECURITY.md',
      'failed passwords for one account from strangers',
      `${account.max} in ${account.windowMs / MINUTE} minutes`,
    ],
    ['SECURITY.md', 'failed sign-ins from one address', `${failures.max} an hour`],
    ['SECURITY.md', 'argon2 at once / waiting', `at most 4 / ${passwords.queue}`],
    ['docs/api.md', 'each auth route but refresh', `${address.max} a minute`],
    ['docs/api.md', 'failed passwords of an account', `${account.max} in`],
    ['docs/configuration.md', '`SESSION_IDLE_SECONDS`', `\`${sessions.idleMs / 1000}\``],
    ['docs/configuration.md', '`SESSION_ABSOLUTE_SECONDS`', `\`${sessions.absoluteMs / 1000}\``],
    ['docs/configuration.md', '`API_KEYS_PER_OWNER`', `\`${apiKeys.maxPerOwner}\``],
  ]
  for (const [document, start, says] of limits) {
    t.ok(rowOf(document, start).includes(says), `${document}, ${start}: ${says}`)
  }
})
