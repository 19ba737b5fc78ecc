import { ConfigError } from './environment.js'

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`)
const DOMAINS = 'domains:'

/**
 * `SIGN_UP`: `open`, `closed`, `invited`, or `domains:` and whole domains in A-labels.
 * @throws {ConfigError}
 */
export function parseSignUp(value: string) {
  if (value === 'open' || value === 'closed' || value === 'invited') return value
  const domains = value.slice(DOMAINS.length).split(',')
  const exact = domains.map((domain) => domain.trim().toLowerCase())
  if (!value.startsWith(DOMAINS) || !exact.every((domain) => DOMAIN.test(domain))) {
    throw new ConfigError(
      'SIGN_UP: must be open, closed, invited, or domains such as domains:example.com,example.org; international domains in their xn-- spelling.',
    )
  }
  return { domains: exact }
}
