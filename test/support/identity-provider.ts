import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../src/local/identity-provider/server.js'
import { Browser, OWN_PAGE, type Visit } from './browser.js'
import { testClock } from './clock.js'
import { ISSUER, type Service, type ServiceOptions, startService } from './service.js'
import { recordSecret } from './transcript.js'

/** What is typed into the provider's form. */
export interface Person {
  readonly email: string
  readonly verified?: boolean
  readonly name?: string
}

/** The provider that `npm start` offers: a real one, with a form that believes everybody. */
export async function startProvider(t: Test, id = 'acme'): Promise<IdentityProvider> {
  const redirectUri = `${ISSUER}/api/auth/${id}/callback`
  const provider = await startIdentityProvider({ redirectUri })
  if (!provider) throw new Error('oidc-provider is not installed')
  t.teardown(() => provider.stop())
  recordSecret('key', provider.clientSecret)
  return provider
}

/** The variable that makes providers known to a service. */
export const providersEnvironment = (
  providers: Readonly<Record<string, object>>,
): Record<string, string> => ({ OAUTH_PROVIDERS: JSON.stringify(providers) })

/** A service with one real provider `acme`, on the provider's own clock. */
export async function startWithProvider(
  t: Test,
  { env, ...options }: ServiceOptions = {},
): Promise<{ service: Service; provider: IdentityProvider }> {
  const provider = await startProvider(t)
  const service = await startService(t, {
    clock: testClock(Date.now()),
    ...options,
    env: { ...providersEnvironment({ acme: provider }), ...env },
  })
  return { service, provider }
}

/** An address that no other test uses. */
export const newEmail = (): string => `user-${randomBytes(8).toString('hex')}@example.com`

/** Walks from a start to the callback's URL, which is left unvisited. */
export async function walkToCallback(
  browser: Browser,
  person: Person | 'deny',
  start = '/api/auth/acme',
): Promise<string> {
  const isCallback = (url: string) => url.startsWith(`${ISSUER}/api/auth/`)
  const begun = await browser.visit(start, { headers: OWN_PAGE })
  if (begun.location === undefined || begun.location.startsWith(`${ISSUER}/`)) {
    throw new Error(`The start answered ${begun.status} to ${begun.location}: ${begun.text}`)
  }
  const form = await browser.follow(begun, isCallback)
  const filled =
    person === 'deny'
      ? { deny: 'true' }
      : {
          email: person.email,
          ...(person.verified !== false && { verified: 'on' }),
          ...(person.name !== undefined && { name: person.name }),
        }
  const answered = await browser.follow(await browser.visit(form.url, { form: filled }), isCallback)
  if (answered.location === undefined) throw new Error(`The provider answered ${answered.status}`)
  return answered.location
}

/** The whole way of a person through the provider's form. @returns the answer of the callback. */
export async function signInWith(
  browser: Browser,
  person: Person | 'deny',
  start?: string,
): Promise<Visit> {
  return browser.visit(await walkToCallback(browser, person, start), { headers: OWN_PAGE })
}
