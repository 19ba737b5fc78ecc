import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Message } from '../../src/email/message.js'
import { sharedEngine } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import { localOutbox, mailFiles } from '../support/local-mail.js'
import { startServer } from '../support/process.js'
import { headersOf, startSmtp } from '../support/smtp.js'

const TO = 'grace@example.com'
const NOTICE: Message = {
  kind: 'api-key-created',
  to: TO,
  isDecoy: false,
  language: 'en',
  facts: { keyName: 'billing export' },
}

t.test('a server that others reach shows no mails, and says where they are', async (t) => {
  const server = await startServer(t, { env: { HOST: '0.0.0.0' } })
  const outbox = localOutbox(t, server.dataDir)
  await outbox.post(NOTICE)
  t.ok(await soon(() => mailFiles(server.dataDir).length === 1))
  t.equal((await server.get('/local/mail')).status, 404)
  const { stdout } = await server.kill('SIGINT')
  t.match(stdout, `Mail      ${join(server.dataDir, 'mail')} (none is sent)`)
})

t.test('production has no mailbox', async (t) => {
  const { endpoint } = await sharedEngine()
  const env = { NODE_ENV: 'production', AWS_ENDPOINT_URL_DYNAMODB: endpoint }
  const server = await startServer(t, { env })
  t.equal((await server.get('/local/mail')).status, 404)
  const { stdout } = await server.kill('SIGINT')
  t.notMatch(stdout, '/local/mail')
  t.notOk(readdirSync(server.dataDir).includes('mail'))
})

t.test('a mail server takes the place of the mailbox', async (t) => {
  let tries = 0
  const { port, mails } = await startSmtp(t, {
    onMailFrom: (_address, _session, done) => done(tries++ === 0 ? new Error('not now') : null),
  })
  const env = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'auth@example.com' }
  const server = await startServer(t, { env })
  const outbox = localOutbox(t, server.dataDir)
  const id = await outbox.post(NOTICE)
  t.ok(await soon(() => mails.length > 0), 'what has failed is tried again')
  t.equal(tries, 2)
  t.match(mails, [{ from: 'auth@example.com', to: [TO] }])
  t.same(headersOf(mails[0] ?? { raw: '' })['message-id'], [`<${id}@example.com>`])
  t.equal((await server.get('/local/mail')).status, 404)
  t.notOk(readdirSync(server.dataDir).includes('mail'))
  const { stdout, stderr } = await server.kill('SIGINT')
  t.notMatch(stdout, '/local/mail')
  t.notMatch(stdout + stderr, TO)
})
