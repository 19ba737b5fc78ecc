import { createTransport } from 'nodemailer'
import type { SmtpServer } from '../../config/smtp-setting.js'
import { type Mail, type Mailer, MailRefused } from '../../email/mailer.js'
import { isPlainAddress } from '../../email/plain-address.js'

/** Milliseconds. */
const TIMES = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
}

/** Nothing in a mail makes nodemailer read a file or fetch a URL. */
const NO_ACCESS = { disableFileAccess: true, disableUrlAccess: true }

/** The steps at which a mail server refuses one mail, and not the service. */
const OF_THIS_MAIL = new Set(['RCPT TO', 'DATA'])

/**
 * A mail server of the team, outside AWS. Nothing goes to it without TLS unless it is on this machine. nodemailer
 * is given addresses as objects and the envelope by itself: it parses none, so that no address can become two.
 */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof transportTo>

  constructor(server: SmtpServer) {
    this.#transport = transportTo(server)
  }

  async send({ from, to, subject, text, html, messageId, headers }: Mail): Promise<void> {
    if (!isPlainAddress(to)) throw new MailRefused('the address is not a plain one')
    try {
      await this.#transport.sendMail({
        ...NO_ACCESS,
        envelope: { from: from.address, to: [to] },
        from: { ...from },
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${messageId}>`,
        headers,
      })
    } catch (error) {
      throw withoutAddress(error as SmtpError)
    }
  }
}

const transportTo = ({ host, port, isTls, isLoopback, credentials }: SmtpServer) =>
  createTransport({
    ...TIMES,
    ...NO_ACCESS,
    host,
    port,
    secure: isTls,
    requireTLS: !isTls && !isLoopback,
    // A server on this machine may have a certificate that nothing can check.
    ignoreTLS: !isTls && isLoopback,
    tls: { minVersion: 'TLSv1.2' },
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
  })

interface SmtpError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

/** The answers of mail servers quote addresses, and those of nodemailer the credentials: logs must have neither. */
function withoutAddress({ code = 'no code', command, responseCode }: SmtpError): Error {
  const step = command === undefined ? '' : ` at ${command}`
  if (responseCode === undefined) return new Error(`SMTP failed${step}: ${code}`)
  const sentence = `the mail server answered ${responseCode}${step}`
  const isFinal = responseCode >= 500 && OF_THIS_MAIL.has(command ?? '')
  return isFinal ? new MailRefused(sentence) : new Error(sentence)
}
