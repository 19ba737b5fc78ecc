import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Test } from 'tap'

/** A mail as a mail server got it. */
export interface SmtpMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/** A mail server on loopback, and what it has been given. */
export async function startSmtp(t: Test, options: SMTPServerOptions = {}) {
  const mails: SmtpMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      void text(stream).then((raw) => {
        const { mailFrom, rcptTo } = envelope
        const from = mailFrom === false ? '' : mailFrom.address
        mails.push({ from, to: rcptTo.map(({ address }) => address), raw })
        done()
      }, done)
    },
    ...options,
  })
  // A client that ends a connection in the middle is what some tests are about.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo
  return { port, mails }
}

/** The header fields of a mail, unfolded, by their names in lower case. */
export function headersOf({ raw }: Pick<SmtpMail, 'raw'>): Readonly<Record<string, string[]>> {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  const fields: Record<string, string[]> = {}
  for (const line of head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    ;(fields[name] ??= []).push(line.slice(colon + 1).trim())
  }
  return fields
}
