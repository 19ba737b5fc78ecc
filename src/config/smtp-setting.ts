import { isLoopback } from '../lib/secure-url.js'
import { ConfigError } from './environment.js'

/** A mail server that takes the service's mails. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (RFC 8314); otherwise STARTTLS, except on loopback. */
  readonly isTls: boolean
  readonly isLoopback: boolean
  readonly credentials: { readonly user: string; readonly password: string } | undefined
}

const PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 }
const HOST = /^[\w\-.:[\]]{1,253}$/

/**
 * `SMTP_URL`: a user and password in it are percent-encoded.
 * @throws {ConfigError} whose sentence quotes nothing of the value, which may hold a password.
 */
export function parseSmtp(value: string | undefined): SmtpServer | undefined {
  if (value === undefined) return undefined
  try {
    return smtpServer(new URL(value))
  } catch {
    throw new ConfigError(
      'SMTP_URL: must be smtps://user:password@host:465 (TLS), or smtp://user:password@host:587 (STARTTLS), ' +
        'with nothing after the port. Percent-encode the user and the password.',
    )
  }
}

/** @throws {Error} for any other URL. */
function smtpServer(url: URL): SmtpServer {
  const { protocol, hostname, port, pathname, search, hash } = url
  const standard = PORTS[protocol]
  const isBare = ['', '/'].includes(pathname) && search === '' && hash === ''
  if (standard === undefined || !isBare || !HOST.test(hostname)) throw new Error('no such server')
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  if ((user === '') !== (password === '')) throw new Error('both or neither')
  return {
    // An IPv6 address without its brackets, as sockets take it.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? standard : Number(port),
    isTls: protocol === 'smtps:',
    isLoopback: isLoopback(hostname),
    credentials: user === '' ? undefined : { user, password },
  }
}
