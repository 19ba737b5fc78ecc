import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Mail } from '../../src/email/mailer.js'
import type { Message } from '../../src/email/message.js'
import { systemClock } from '../../src/lib/clock.js'
import { Mailbox } from '../../src/local/mail/mailbox.js'
import { temporaryFolder } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import { localOutbox, localTicket, mailFiles } from '../support/local-mail.js'
import { startServer } from '../support/process.js'
import { testClock } from '../support/clock.js'

const TO = 'grace@example.com'
const NOTICE: Message = {
  kind: 'api-key-created',
  to: TO,
  isDecoy: false,
  language: 'en',
  facts: { keyName: '<b>key</b>' },
}

t.test('the mailbox of the local server', async (t) => {
  const server = await startServer(t)
  const { dataDir } = server
  const outbox = localOutbox(t, dataDir)
  const ticket = await localTicket(dataDir, 'password-reset')
  const id = await outbox.post({ ...NOTICE, kind: 'password-reset', ticket })
  const arrived = () => mailFiles(dataDir).length

  t.ok(await soon(() => arrived() === 1), 'a message becomes a mail')

  t.test(
    'the local mailbox shows what has arrived, and each mail as text with its link',
    async (t) => {
      const list = await server.get('/local/mail')
      t.equal(list.status, 200)
      t.match(list.text, `href="/local/mail/${id}">Choose a new password<`)
      t.match(list.text, TO)
      const mail = await server.get(`/local/mail/${id}`)
      const [, link = ''] = /href="([^"]+#ticket=[\w-]{65})"/.exec(mail.text) ?? []
      t.ok(link.startsWith(`${server.url}/reset#`), 'of its own service')
      t.match(mail.text, /Your code: \d{4} \d{4}/)
      t.match(mail.text, 'latchkey@localhost.localdomain')
      for (const { headers, text } of [list, mail]) {
        t.match(headers, { 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
        t.match(headers['content-security-policy'], /script-src 'self'.*style-src 'self'/)
        t.notMatch(text, / style=| on\w+=|<script>/)
      }
    },
  )

  t.test('the local mailbox shows HTML as if it were of no origin', async (t) => {
    const { headers, text } = await server.get(`/local/mail/${id}/html`)
    t.match(headers, { 'content-type': /^text\/html/, 'cache-control': 'no-store' })
    t.match(
      headers['content-security-policy'],
      /^sandbox;default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none'/,
    )
    t.match(text, 'ses:no-track')
  })

  t.test('the local mailbox keeps mails from other users of the machine', async (t) => {
    const folder = join(dataDir, 'mail')
    t.equal(modeOf(folder), '700')
    for (const name of readdirSync(folder)) t.equal(modeOf(join(folder, name)), '600')
  })

  t.test('the local mailbox escapes what users chose', async (t) => {
    const notice = await outbox.post(NOTICE)
    t.ok(await soon(() => arrived() === 2))
    const { text } = await server.get(`/local/mail/${notice}`)
    t.match(text, '&lt;b>key&lt;')
    t.notMatch(text, '<b>')
  })

  t.test(
    'the local mailbox is not there for other hosts, proxies and pages of other origins',
    async (t) => {
      for (const path of ['/local/mail', `/local/mail/${id}`, `/local/mail/${id}/html`]) {
        const strangers: Record<string, string>[] = [
          { 'x-forwarded-for': '203.0.113.1' },
          { forwarded: 'for=203.0.113.1' },
          { via: '1.1 tunnel.example' },
          { origin: 'https://app.example.com' },
          { origin: 'null' },
        ]
        for (const headers of strangers) {
          const refused = await server.get(path, { headers })
          t.match(refused, { status: 404, body: { code: 'NOT_FOUND' } }, JSON.stringify(headers))
        }
      }
      for (const name of ['none', '..', '%2e%2e%2fkeyring', '0'.repeat(36)]) {
        t.equal((await server.get(`/local/mail/${name}`)).status, 404, name)
      }
      t.notMatch((await server.get('/openapi.json')).text, '/local/mail')
    },
  )

  t.test('the local mailbox drops decoys', async (t) => {
    await outbox.post({ ...NOTICE, isDecoy: true, to: 'unknown@example.com' })
    await outbox.post(NOTICE)
    t.ok(await soon(() => arrived() === 3))
    t.notOk(mailFiles(dataDir).some(({ to }) => to === 'unknown@example.com'))
  })
})

t.test('the local mailbox’s folder of mails', async (t) => {
  const mail = (n: number): Mail => ({
    from: { name: 'Latchkey', address: 'auth@example.com' },
    to: TO,
    subject: `mail ${n}`,
    text: 'text',
    html: '<p>text</p>',
    messageId: `${String(n).padStart(36, '0')}@example.com`,
    headers: {},
  })

  t.test('the local mailbox keeps the newest 200 mails, each once', async (t) => {
    const clock = testClock()
    const mailbox = new Mailbox({ folder: join(temporaryFolder(), 'mail'), clock })
    t.same(await mailbox.list(), [])
    for (let n = 0; n < 203; n++) {
      await mailbox.send(mail(n))
      clock.advance(1)
    }
    await mailbox.send(mail(100))
    const kept = (await mailbox.list()).map(({ subject }) => subject)
    t.equal(kept.length, 200)
    t.equal(kept[0], 'mail 100', 'a second copy takes the place of the first')
    t.equal(kept.filter((subject) => subject === 'mail 100').length, 1)
    t.equal(kept.at(-1), 'mail 3')
  })

  t.test('the local mailbox forgets the mails to a person who is erased', async (t) => {
    const folder = join(temporaryFolder(), 'mail')
    const mailbox = new Mailbox({ folder, clock: systemClock })
    await mailbox.forget([TO])
    await mailbox.send(mail(1))
    await mailbox.send({ ...mail(2), to: 'other@example.com' })
    await mailbox.forget([TO, 'unknown@example.com'])
    t.match(await mailbox.list(), [{ to: 'other@example.com' }])
  })

  t.test('the local mailbox takes no name of a file from a Message-ID', async (t) => {
    const mailbox = new Mailbox({ folder: temporaryFolder(), clock: systemClock })
    await t.rejects(mailbox.send({ ...mail(1), messageId: '../keyring/1@example.com' }))
  })
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
