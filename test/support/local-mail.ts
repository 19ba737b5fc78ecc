import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { createClient } from '../../src/dynamodb/client.js'
import type { Message } from '../../src/email/message.js'
import { Outbox } from '../../src/email/outbox.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import { fileStores } from '../../src/local/file-key-ring.js'
import type { ReceivedMail } from '../../src/local/mail/mailbox.js'
import { LOCAL_ACCESS } from '../../src/local/runtime.js'
import type { MailTicket } from '../../src/tickets/mail-secrets.js'
import { engineEndpoint } from './engine-process.js'

/** The outbox of a running local server, as a use case writes to it. */
export function localOutbox(t: Test, dataDir: string) {
  const client = createClient({ endpoint: engineEndpoint(dataDir), ...LOCAL_ACCESS })
  t.teardown(() => client.destroy())
  const database = new Database(client)
  const table = 'latchkey-events'
  const outbox = new Outbox({ table, clock: systemClock, random: systemRandom })
  return {
    /** @returns the id of the message. */
    async post(message: Message): Promise<string> {
      const item = outbox.item(message)
      await database.transact({ TransactItems: [item] })
      return item.Put.Item.id
    },
  }
}

/** A ticket that the server's keys make the secrets of. */
export async function localTicket(dataDir: string, kind: MailTicket['kind']): Promise<MailTicket> {
  const stored = await fileStores(join(dataDir, 'keyring')).ticketKeys.read()
  const key = stored?.ring.keys.at(-1)
  if (!key) throw new Error('the server has no ticket key')
  const id = systemRandom(16).toString('base64url')
  return { kind, id, keyId: key.id, userId: 'a-user', address: 'ada@example.com' }
}

/** The mails in the folder of a local server. */
export function mailFiles(dataDir: string): ReceivedMail[] {
  const folder = join(dataDir, 'mail')
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ReceivedMail)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
