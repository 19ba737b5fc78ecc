import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { parseSmtp, type SmtpServer } from '../../src/config/smtp-setting.js'
import { type Mail, MailRefused } from '../../src/email/mailer.js'
import { SmtpMailer } from '../../src/local/mail/smtp-mailer.js'
import { headersOf, startSmtp } from '../support/smtp.js'

const MAIL: Mail = {
  from: { name: 'Äcme, "Auth" <x@y>', address: 'auth@example.com' },
  to: 'ada@example.com',
  subject: 'Grüße, your code',
  text: 'Your code: 0012 0042\n\n.\nhttps://auth.example.com/reset#ticket=abc\n',
  html: '<p>Grüße</p>',
  messageId: '00000000-0000-4000-8000-000000000000@example.com',
  headers: { 'Auto-Submitted': 'auto-generated' },
}

const at = (port: number, options: Partial<SmtpServer> = {}): SmtpServer => ({
  host: '127.0.0.1',
  port,
  isTls: false,
  isLoopback: true,
  credentials: undefined,
  ...options,
})

t.test('the local server sends a mail by SMTP', async (t) => {
  t.test('a mail by SMTP reaches its one address, with its own Message-ID', async (t) => {
    const { port, mails } = await startSmtp(t)
    await new SmtpMailer(at(port)).send(MAIL)
    t.match(mails, [{ from: 'auth@example.com', to: ['ada@example.com'] }])
    const headers = headersOf(mails[0] ?? { raw: '' })
    t.same(headers['message-id'], [`<${MAIL.messageId}>`])
    t.same(headers.to, ['ada@example.com'])
    t.same(headers['auto-submitted'], ['auto-generated'])
    t.equal(headers.from?.length, 1)
    t.match(headers.from?.[0], /<auth@example\.com>$/)
    for (const name of ['bcc', 'cc', 'reply-to', 'x-mailer']) t.equal(headers[name], undefined)
    t.match(mails[0]?.raw, 'multipart/alternative')
  })

  t.test('a mail by SMTP goes to the address that was given, or to none', async (t) => {
    const { port, mails } = await startSmtp(t)
    const mailer = new SmtpMailer(at(port))
    const naughty = [
      ...['"a b"@example.com', '"mallory@evil.example"@example.com', '"a\\"b"@example.com'],
      ...['ada@example.com,mallory@evil.example', 'ada@example.com;mallory@evil.example'],
      ...['ada@example.com mallory@evil.example', '<mallory@evil.example>', 'a<b>@example.com'],
      ...['Ada <mallory@evil.example>', 'group:mallory@evil.example;', 'ada(x)@example.com'],
      ...[
        'ada@example.com\r\nRCPT TO:<mallory@evil.example>',
        'ada@example.com\nBcc: m@evil.example',
      ],
      ...['ada@example.com\0', 'ада@example.com', 'ada@exämple.com', 'ada@example.com\u3002evil'],
      ...[
        '=?utf-8?q?mallory=40evil.example=3e?=@example.com',
        'ada@[127.0.0.1]',
        '@evil.example:a@b.c',
      ],
      ...[
        'ada@evil.example@example.com',
        'ada',
        '',
        '@example.com',
        'ada@',
        `${'a'.repeat(300)}@b.de`,
      ],
      ...[
        "o'brien+tag@example.com",
        'a!b%evil.example@example.com',
        'x=y@example.com',
        '`id`@b.de',
      ],
      ...['ADA@EXAMPLE.COM', '{a}|b@example.com', 'a..b@example.com', '-oQ/tmp@example.com'],
    ]
    for (const to of naughty) {
      mails.length = 0
      const refusal = await mailer.send({ ...MAIL, to }).then(
        () => undefined,
        (error: unknown) => error as Error,
      )
      if (refusal) {
        t.ok(refusal instanceof MailRefused, JSON.stringify(to))
        t.same(mails, [])
        continue
      }
      // Domains are in lower case, as DNS compares them.
      const same = [to.replace(/@.*/, (domain) => domain.toLowerCase())]
      t.same(mails[0]?.to, same)
      t.same(headersOf(mails[0] ?? { raw: '' }).to, same)
      t.equal(mails.length, 1)
    }
  })

  t.test('a mail by SMTP keeps subjects and names in their fields', async (t) => {
    const { port, mails } = await startSmtp(t)
    const lines = 'x\r\nBcc: mallory@evil.example\r\n\r\nbody'
    await new SmtpMailer(at(port)).send({
      ...MAIL,
      subject: lines,
      from: { name: lines, address: 'auth@example.com' },
    })
    t.match(mails, [{ from: 'auth@example.com', to: ['ada@example.com'] }])
    const headers = headersOf(mails[0] ?? { raw: '' })
    t.equal(headers.bcc, undefined)
    t.equal(headers.subject?.length, 1)
  })

  t.test('a mail by SMTP reads no file and fetches no URL', async (t) => {
    const { port, mails } = await startSmtp(t)
    const asked: string[] = []
    const site = createServer((socket) => asked.push(String(socket.remotePort)))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    t.teardown(() => site.close())
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
    const mailer = new SmtpMailer(at(port))
    for (const body of [{ path: '/etc/passwd' }, { path: url }, { href: url }]) {
      const odd = { ...MAIL, text: body as unknown as string, html: body as unknown as string }
      await mailer.send(odd).catch(() => undefined)
    }
    t.same(asked, [])
    t.notOk(mails.some(({ raw }) => raw.includes('root:')))
  })

  t.test(
    'a mail by SMTP is refused for good by a server that refuses the address or the mail',
    async (t) => {
      const refuse = (code: number) =>
        Object.assign(new Error('no ada@example.com here'), { responseCode: code })
      const cases = [
        { onRcptTo: 550, isFinal: true, sentence: 'the mail server answered 550 at RCPT TO' },
        { onRcptTo: 450, isFinal: false, sentence: 'the mail server answered 450 at RCPT TO' },
        { onMailFrom: 550, isFinal: false, sentence: 'the mail server answered 550 at MAIL FROM' },
        { onData: 554, isFinal: true, sentence: 'the mail server answered 554 at DATA' },
        { onData: 451, isFinal: false, sentence: 'the mail server answered 451 at DATA' },
      ]
      for (const { isFinal, sentence, ...codes } of cases) {
        const { onRcptTo = 0, onMailFrom = 0, onData = 0 } = codes as Record<string, number>
        const { port } = await startSmtp(t, {
          ...(onRcptTo && { onRcptTo: (_address, _session, done) => done(refuse(onRcptTo)) }),
          ...(onMailFrom && { onMailFrom: (_address, _session, done) => done(refuse(onMailFrom)) }),
          ...(onData && {
            onData(stream, _session, done) {
              stream.resume().on('end', () => done(refuse(onData)))
            },
          }),
        })
        const error = await new SmtpMailer(at(port)).send(MAIL).catch((refused: unknown) => refused)
        t.equal((error as Error).message, sentence)
        t.equal(error instanceof MailRefused, isFinal, sentence)
      }
    },
  )

  t.test('a mail by SMTP waits for another try when no server answers', async (t) => {
    const error = await new SmtpMailer(at(1)).send(MAIL).catch((failed: unknown) => failed)
    t.match(error, { name: 'Error', message: /^SMTP failed at CONN: ECONNECTION|ESOCKET/ })
  })

  t.test('a mail by SMTP signs in, and says nothing of the password where it can’t', async (t) => {
    const heard: string[] = []
    const { port, mails } = await startSmtp(t, {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username = '', password = '' }, _session, done) {
        heard.push(`${username} ${password}`)
        const isRight = password === 'right p@ss'
        done(isRight ? null : new Error(`wrong: ${password}`), { user: username })
      },
    })
    const credentials = { user: 'latchkey', password: 'right p@ss' }
    await new SmtpMailer(at(port, { credentials })).send(MAIL)
    t.same(heard, ['latchkey right p@ss'])
    t.equal(mails.length, 1)
    const wrong = { user: 'latchkey', password: 'a wrong one' }
    const error = await new SmtpMailer(at(port, { credentials: wrong }))
      .send(MAIL)
      .catch((failed: unknown) => failed)
    t.match(error, { name: 'Error', message: /^the mail server answered 535 at AUTH/ })
    t.notMatch(JSON.stringify(error) + String((error as Error).stack), 'a wrong one')
  })

  t.test('a mail by SMTP leaves this machine by TLS alone', async (t) => {
    const plain = await startSmtp(t)
    const elsewhere = { isLoopback: false }
    await t.rejects(new SmtpMailer(at(plain.port, elsewhere)).send(MAIL), /at STARTTLS/)
    const starttls = await startSmtp(t, { disabledCommands: [] })
    await t.rejects(
      new SmtpMailer(at(starttls.port, elsewhere)).send(MAIL),
      /SMTP failed/,
      'a certificate that no authority has signed',
    )
    const tls = await startSmtp(t, { secure: true })
    await t.rejects(new SmtpMailer(at(tls.port, { isTls: true })).send(MAIL), /SMTP failed/)
    t.same([...plain.mails, ...starttls.mails, ...tls.mails], [])
  })
})

t.test('SMTP_URL of the local server is read', async (t) => {
  const good: Record<string, Partial<SmtpServer>> = {
    'smtps://user:pa%40ss@mail.example.com': {
      host: 'mail.example.com',
      port: 465,
      isTls: true,
      isLoopback: false,
      credentials: { user: 'user', password: 'pa@ss' },
    },
    'smtp://mail.example.com/': { port: 587, isTls: false, credentials: undefined },
    'smtp://127.0.0.1:1025': { host: '127.0.0.1', port: 1025, isLoopback: true },
    'smtp://[::1]:1025': { host: '::1', isLoopback: true },
    'smtp://me%40example.com:x@localhost:25': {
      isLoopback: true,
      credentials: { user: 'me@example.com', password: 'x' },
    },
  }
  for (const [url, server] of Object.entries(good)) t.match(parseSmtp(url), server, url)
  t.equal(parseSmtp(undefined), undefined)

  const bad = [
    ...['mail.example.com', 'http://user:hunter2@mail.example.com', 'smtp:hunter2', 'smtp://'],
    ...['smtps://user:hunter2@mail.example.com:99999', 'smtps://user@mail.example.com'],
    ...['smtps://:hunter2@mail.example.com', 'smtps://user:%hunter2@mail.example.com'],
    ...['smtps://user:hunter2@mail.example.com/path', 'smtps://user:hunter2@m.example?tls.x=1'],
    ...['smtps://user:hunter2@mail.example.com#hunter2', 'smtps://user:hunter2@a b.example'],
    'smtps://user:hunter2@mail$(id).example',
  ]
  for (const url of bad) {
    try {
      parseSmtp(url)
      t.fail(url)
    } catch (error) {
      const { name, message } = error as Error
      t.equal(name, 'ConfigError', url)
      t.match(message, /^SMTP_URL: must be smtps:/)
      t.notMatch(message, /hunter2|mail\.example/)
    }
  }
})
