import { isIP } from 'node:net'
import type { SecondFactorPolicy } from '../users/factors.js'
import { ConfigError } from './environment.js'

/** @throws {ConfigError} */
export function parseSecondFactor(
  policy: SecondFactorPolicy,
  mailFrom: string | undefined,
): SecondFactorPolicy {
  if (policy === 'optional' || mailFrom !== undefined) return policy
  throw new ConfigError(
    `SECOND_FACTOR: ${policy} needs mail. Set MAIL_FROM to the address that mails come from: a person without a second factor sets it up after the code of a mail.`,
  )
}

/** Domains that an account of AWS gets by chance, and loses with the API (`execute-api.<region>.amazonaws.com`). */
const OF_AWS = /\.amazonaws\.com(\.cn)?$/

/**
 * Whether people can have passkeys: each is bound to the domain of the issuer for good (WebAuthn Level 3 §5.1.2 rpId,
 * which can be no IP address).
 * @throws {ConfigError}
 */
export function parsePasskeys(setting: 'on' | 'off' | undefined, issuer: string): boolean {
  const { hostname } = new URL(issuer)
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  if (!isAddress && !OF_AWS.test(hostname)) return setting !== 'off'
  if (setting !== 'on') return false
  throw new ConfigError(
    isAddress
      ? 'PASSKEYS: on needs an ISSUER with a name: a passkey belongs to a domain, and an IP address is none. Locally, use http://localhost.'
      : 'PASSKEYS: on needs an ISSUER of your own domain: a passkey belongs to its domain for good, and that of API Gateway ends with the API.',
  )
}
