import t, { type Test } from 'tap'
import { SesMailer } from '../../src/aws/ses-mailer.js'
import { type Mail, MailRefused } from '../../src/email/mailer.js'
import { ACCEPTED, type AwsAnswer, startAwsApi } from '../support/aws-api.js'

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' }

const MAIL: Mail = {
  from: { name: 'Orders', address: 'auth@example.com' },
  to: 'ada@example.org',
  subject: 'Ihr Code für Orders',
  text: 'Der Code ist 00000042.\n',
  html: '<p>Der Code ist 00000042.</p>',
  messageId: '0a1b@example.com',
  headers: { 'Auto-Submitted': 'auto-generated' },
}

async function startSes(t: Test, answer: AwsAnswer = ACCEPTED) {
  const ses = await startAwsApi(t, () => answer)
  const mailerFor = (requestTimeout: number) =>
    new SesMailer(
      { configurationSet: 'latchkey' },
      {
        region: 'eu-west-1',
        endpoint: ses.endpoint,
        credentials: CREDENTIALS,
        maxAttempts: 1,
        requestHandler: { requestTimeout, throwOnRequestTimeout: true },
      },
    )
  return { ses, mailer: mailerFor(10_000), impatient: mailerFor(50) }
}

t.test('a mail is one signed call of SES, to one address', async (t) => {
  const { ses, mailer } = await startSes(t)
  await mailer.send(MAIL)
  t.equal(ses.calls.length, 1)
  const [call] = ses.calls
  t.match(call, { method: 'POST', path: '/v2/email/outbound-emails' })
  t.equal(call?.headers['content-type'], 'application/json')
  t.match(
    call?.headers.authorization,
    /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-west-1\/ses\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/,
  )
  t.match(call?.headers['x-amz-date'], /^\d{8}T\d{6}Z$/)
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
  t.same(call?.body, {
    FromEmailAddress: '"Orders" <auth@example.com>',
    Destination: { ToAddresses: ['ada@example.org'] },
    Content: {
      Simple: {
        Subject: utf8(MAIL.subject),
        Body: { Text: utf8(MAIL.text), Html: utf8(MAIL.html) },
        // SES makes Message-ID itself, and refuses a mail that brings one.
        Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
      },
    },
    ConfigurationSetName: 'latchkey',
  })
})

t.test('the name of an SES sender is one phrase, with any text in it', async (t) => {
  const { ses, mailer } = await startSes(t)
  const rows = [
    ['Ada & Sons, Ltd.', '"Ada & Sons, Ltd." <auth@example.com>'],
    ['"Ada" <ada@evil.example>', '"\\"Ada\\" <ada@evil.example>" <auth@example.com>'],
    ['a\\', '"a\\\\" <auth@example.com>'],
    ['=?utf-8?q?Ada?=', '"=?utf-8?q?Ada?=" <auth@example.com>'],
    ['Schlüssel', '=?UTF-8?B?U2NobMO8c3NlbA==?= <auth@example.com>'],
  ] as const
  for (const [name, expected] of rows) {
    await mailer.send({ ...MAIL, from: { ...MAIL.from, name } })
    t.equal(ses.calls.at(-1)?.body.FromEmailAddress, expected)
  }
  const long = '🗝️ Überprüfungsdienst für Schlüssel — Zoë'
  await mailer.send({ ...MAIL, from: { ...MAIL.from, name: long } })
  const field: string = ses.calls.at(-1)?.body.FromEmailAddress
  const words = field.split(' ').slice(0, -1)
  t.ok(words.length > 1)
  for (const word of words) t.ok(word.length <= 75, 'RFC 2047 §2')
  const decoded = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString())
  t.equal(decoded.join(''), long, 'no character is cut')
})

t.test('no address changes whom a mail by SES goes to', async (t) => {
  const { ses, mailer } = await startSes(t)
  const naughty = [
    'ada@example.org,eve@evil.example',
    'ada@example.org;eve@evil.example',
    'ada@example.org eve@evil.example',
    'ada@example.org\r\nBcc: eve@evil.example',
    'ada@example.org\n',
    'Ada <ada@example.org>',
    '<ada@example.org>',
    '"ada@example.org"@evil.example',
    '"ada,eve"@example.org',
    'ada(eve@evil.example)@example.org',
    'ada@[192.0.2.1]',
    'ada@localhost',
    'ada@example.org@evil.example',
    '=?utf-8?q?eve=40evil.example=3e=00?=foo@example.org',
    'ada@example.org\0',
    'ada@exämple.org',
    'ädä@example.org',
    '@example.org',
    'friends:ada@example.org,eve@evil.example;',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a.'.repeat(130)}org`,
    '',
  ]
  for (const to of naughty) {
    const refused = await mailer.send({ ...MAIL, to }).catch((error: unknown) => error)
    t.ok(refused instanceof MailRefused, JSON.stringify(to))
  }
  t.equal(ses.calls.length, 0, 'SES is not even asked')
  for (const to of ["o'hara+tag@sub.example.org", 'a_b.c-d@xn--exmple-cua.org', '-a@example.org']) {
    await mailer.send({ ...MAIL, to })
    t.same(ses.calls.at(-1)?.body.Destination, { ToAddresses: [to] })
  }
})

t.test('what SES refuses for good is refused; everything else is worth another try', async (t) => {
  const { ses, mailer, impatient } = await startSes(t)
  const of = async (answer: AwsAnswer, by = mailer) => {
    ses.answer = () => answer
    const error: unknown = await by.send(MAIL).catch((error: unknown) => error)
    t.ok(error instanceof Error)
    t.notMatch(JSON.stringify([String(error), (error as Error).stack]), MAIL.to, 'no address')
    return error as Error
  }
  const refusal = (type: string, message: string, status = 400) => ({
    status,
    type,
    body: { message },
  })
  const forGood = [
    refusal('MessageRejected', `Message contains invalid content for ${MAIL.to}`),
    refusal('BadRequestException', `Illegal address: ${MAIL.to}`),
  ]
  for (const answer of forGood) t.ok((await of(answer)) instanceof MailRefused, answer.type)

  const passing = [
    refusal(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check: ${MAIL.to}`,
    ),
    refusal('TooManyRequestsException', 'Maximum sending rate exceeded.', 429),
    refusal('AccountSuspendedException', 'suspended'),
    refusal('SendingPausedException', 'paused'),
    refusal('MailFromDomainNotVerifiedException', 'not verified'),
    refusal('LimitExceededException', 'Daily message quota exceeded.'),
    refusal('NotFoundException', 'Configuration set <latchkey> does not exist.', 404),
    refusal('AccessDeniedException', `not authorized on identity/${MAIL.to}`, 403),
    refusal('InternalFailure', 'try later', 500),
    refusal('ServiceUnavailable', 'try later', 503),
    { status: 502, body: {} },
  ]
  for (const answer of passing) {
    const error = await of(answer)
    t.notOk(error instanceof MailRefused, JSON.stringify(answer))
    t.match(error.message, /^SES /)
  }
  t.match((await of('hang', impatient)).message, 'SES did not answer: TimeoutError')
  ses.answer = () => ACCEPTED
  await mailer.send(MAIL)
})
