import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { Message } from '../../src/email/message.js'
import { sharedEngine, temporaryFolder } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import { localOutbox, localTicket, mailFiles } from '../support/local-mail.js'
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

// One of these waits for half a minute.
t.jobs = 2

t.test('a server that others reach shows no mails, and says where they are', async (t) => {
  const server = await startServer(t, { env: { HOST: '0.0.0.0' } })
  const outbox = localOutbox(t, server.dataDir)
  await outbox.post(NOTICE)
  t.ok(await soon(() => mailFiles(server.dataDir).length === 1))
  t.equal((await server.get('/local/mail')).status, 404)
  const { stdout } = await server.kill('SIGINT')
  t.match(stdout, `Mail      ${join(server.dataDir, 'mail')} (none is sent)`)
})

t.test('a deployed service has no mailbox of local mail', async (t) => {
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

t.test('kill -9 loses no mail, and each has one Message-ID', async (t) => {
  const dataDir = temporaryFolder()
  const arrivals: string[] = []
  const kill = { server: async (): Promise<unknown> => undefined }
  let cut: Promise<unknown> | undefined
  const { port } = await startSmtp(t, {
    onData(stream, _session, done) {
      void text(stream).then((raw) => {
        arrivals.push(headersOf({ raw })['message-id']?.[0] ?? 'none')
        // Accepted, but the service ends before it is told so.
        if (arrivals.length === CUT_AT) cut = kill.server()
        else done()
      }, done)
    },
  })
  const env = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'auth@example.com' }
  const first = await startServer(t, { dataDir, env })
  kill.server = () => first.kill('SIGKILL')
  const outbox = localOutbox(t, dataDir)
  const posted: string[] = []
  for (let n = 0; n < POSTED; n++) {
    const id = await outbox.post(NOTICE).catch(() => undefined)
    if (id !== undefined) posted.push(`<${id}@example.com>`)
  }
  t.ok(posted.length > CUT_AT, 'the service ended in the middle')
  await soon(() => cut !== undefined)
  await cut
  t.ok(new Set(arrivals).size < posted.length)

  await startServer(t, { dataDir, env })
  const missing = () => posted.filter((id) => !arrivals.includes(id))
  t.ok(await soon(() => missing().length === 0, CLAIM_ENDED), 'each mail arrives')
  // Claims end one after the other, and that of this one may be the last.
  const again = () => arrivals.filter((id) => id === arrivals[CUT_AT - 1])
  await soon(() => again().length > 1, CLAIM_ENDED)
  t.equal(again().length, 2, 'one arrives twice')
  t.same(
    arrivals.filter((id) => !posted.includes(id)),
    [],
    'and none under another id',
  )
})

/** What the first one was sending is its own for half a minute. */
const CLAIM_ENDED = 60_000
const POSTED = 40
const CUT_AT = 5

/** What `smtp_server.py` says of a mail. */
interface ForeignMail {
  readonly from: string
  readonly to: readonly string[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly addresses: readonly (readonly [name: string, address: string])[]
  readonly defects: readonly string[]
  readonly plain: string
  readonly html: string
}

t.test('another’s mail server gets what was written, over TLS', async (t) => {
  const { port, mails, certificate } = await startForeignServer(t)
  const brand = 'Größe & Söhne'
  const server = await startServer(t, {
    env: {
      SMTP_URL: `smtps://latchkey:p%40ss%20word@localhost:${port}`,
      MAIL_FROM: 'auth@example.com',
      BRAND_NAME: brand,
      NODE_EXTRA_CA_CERTS: certificate,
    },
  })
  const outbox = localOutbox(t, server.dataDir)

  t.test('in every language, with its link whole', async (t) => {
    const ticket = await localTicket(server.dataDir, 'password-reset')
    const id = await outbox.post({ ...NOTICE, kind: 'password-reset', language: 'de', ticket })
    t.ok(await soon(() => mails.length === 1))
    const [mail] = mails
    t.match(mail, {
      from: 'auth@example.com',
      to: [TO],
      defects: [],
      addresses: [
        [brand, 'auth@example.com'],
        ['', TO],
      ],
    })
    const headers = new Map(mail?.headers)
    t.equal(headers.size, mail?.headers.length, 'no field is there twice')
    t.equal(headers.get('subject'), 'Wählen Sie ein neues Passwort')
    t.equal(headers.get('message-id'), `<${id}@example.com>`)
    t.equal(headers.get('auto-submitted'), 'auto-generated')
    const link = /http:\/\/localhost:\d+\/reset#ticket=[\w-]{65}$/m.exec(mail?.plain ?? '')?.[0]
    t.ok(link)
    t.ok(mail?.html.includes(`href="${link}"`))
    t.match(mail?.plain, /Ihr Code: \d{4} \d{4}/)
  })

  t.test('and never at an address that is not in it', async (t) => {
    mails.length = 0
    const naughty = [
      '"mallory@evil.example"@example.com',
      'ada@example.com, mallory@evil.example',
      'ada@example.com> RCPT TO:<mallory@evil.example',
      'ada@example.com\r\nBcc: mallory@evil.example',
      'Ada <mallory@evil.example>',
      'ада@example.com',
    ]
    for (const to of naughty) await outbox.post({ ...NOTICE, to })
    await outbox.post({ ...NOTICE, to: "o'brien+last@example.com" })
    t.ok(await soon(() => mails.length > 0))
    const { stdout, stderr } = await server.kill('SIGINT')
    t.same(
      mails.map(({ to }) => to),
      [["o'brien+last@example.com"]],
    )
    const lines = (stdout + stderr).split('\n')
    t.equal(lines.filter((line) => line.includes('"mail_refused"')).length, naughty.length)
    t.notMatch(stdout + stderr, /evil\.example|brien|grace/, 'and no address is logged')
  })
})

/** Debian's `python3-aiosmtpd`, with a certificate of its own for `localhost`. */
async function startForeignServer(t: Test) {
  const folder = temporaryFolder()
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-out', certificate, '-keyout', key],
  ])
  const script = join(import.meta.dirname, '../support/smtp_server.py')
  const child = spawn('/usr/bin/python3', ['-B', script, certificate, key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const mails: ForeignMail[] = []
  const lines = createInterface({ input: child.stdout })
  const [port] = (await Promise.race([
    once(lines, 'line'),
    ended.then(() => Promise.reject(new Error('python3-aiosmtpd did not start'))),
  ])) as [string]
  lines.on('line', (line) => mails.push(JSON.parse(line) as ForeignMail))
  return { port, mails, certificate }
}
