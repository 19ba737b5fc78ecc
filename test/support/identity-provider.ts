import { randomBytes } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Test } from 'tap'
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../src/local/identity-provider/server.js'
import { Browser, OWN_PAGE, type Visit } from './browser.js'
import { type TestClock, testClock } from './clock.js'
import { ISSUER, type Service, type ServiceOptions, startService } from './service.js'
import {
  begin,
  honestClaims,
  settingsOf,
  signIdToken,
  type StandIn,
  startStandIn,
} from './stand-in.js'
import { recordSecret } from './transcript.js'

/** What is typed into the provider's form. */
export interface Person {
  readonly email: string
  readonly verified?: boolean
  readonly name?: string
}

/** The provider that `npm start` offers: a real one, with a form that believes everybody. */
async function startProvider(t: Test, id = 'acme'): Promise<IdentityProvider> {
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
    env: { ...providersEnvironment({ acme: { ...provider, domains: ['example.com'] } }), ...env },
  })
  return { service, provider }
}

/** An address that no other test uses. */
export function newEmail(): string {
  const email = `user-${randomBytes(8).toString('hex')}@example.com`
  recordSecret('email', email)
  return email
}

/**
 * Walks from a start to the callback's URL, which is left unvisited. Whoever the provider still knows sees
 * no form of it.
 */
export async function walkToCallback(
  browser: Browser,
  person: Person | 'deny',
  start = '/api/auth/acme',
): Promise<string> {
  const begun = await browser.visit(start, { headers: OWN_PAGE })
  if (begun.location === undefined || begun.location.startsWith(`${ISSUER}/`)) {
    throw new Error(`The start answered ${begun.status} to ${begun.location}: ${begun.text}`)
  }
  return walkOn(browser, begun, person)
}

/** The rest of that way, from the answer of a start. */
export async function walkOn(
  browser: Browser,
  begun: Visit,
  person: Person | 'deny',
): Promise<string> {
  const isCallback = (url: string) => url.startsWith(`${ISSUER}/api/auth/`)
  const form = await browser.follow(begun, isCallback)
  if (form.location !== undefined) return form.location
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

/** A person as a stand-in knows them: whatever else changes, the subject stays. */
export interface Subject extends Person {
  readonly subject: string
  /** What the provider says of them besides. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A stand-in that signs in whomever a test names; its codes may be redeemed more than once. */
export interface OpenProvider {
  readonly standIn: StandIn
  /** Walks from a start to the callback's URL, which is left unvisited. */
  walk(browser: Browser, person: Subject, query?: string): Promise<string>
  /** The whole way of a person. @returns the answer of the callback. */
  signIn(browser: Browser, person: Subject, query?: string): Promise<Visit>
}

/** A person whom no other test uses. */
export const newSubject = (): Subject => ({
  subject: randomBytes(8).toString('hex'),
  email: newEmail(),
})

async function startOpenProvider(t: Test, id: string, clock: TestClock): Promise<OpenProvider> {
  const standIn = await startStandIn(t)
  const codes = new Map<string, { readonly nonce: string; readonly person: Subject }>()
  standIn.react('/token', async ({ form }) => {
    const redeemed = codes.get(form.get('code') ?? '')
    if (!redeemed) return { status: 400, body: { error: 'invalid_grant' } }
    const { subject: sub, email, verified = true, name, claims: more } = redeemed.person
    const honest = honestClaims(standIn, redeemed.nonce, clock())
    const claims = { ...honest, ...more, sub, email, email_verified: verified, name }
    const id_token = await signIdToken(claims, standIn.key)
    const access_token = randomBytes(24).toString('base64url')
    return { body: { access_token, token_type: 'Bearer', expires_in: 3600, id_token } }
  })
  const walk: OpenProvider['walk'] = async (browser, person, query) => {
    const begun = await begin(browser, id, query, OWN_PAGE)
    const nonce = begun.query.get('nonce')
    if (nonce === null) throw new Error(`The start answered ${begun.visit.status}`)
    const code = randomBytes(24).toString('base64url')
    recordSecret('code', code)
    codes.set(code, { nonce, person })
    return begun.callback({ code })
  }
  return {
    standIn,
    walk,
    signIn: async (browser, person, query) =>
      browser.visit(await walk(browser, person, query), { headers: OWN_PAGE }),
  }
}

/** A service with stand-ins as its providers, and the environment that another instance of it needs. */
export async function startWithOpenProviders<Id extends string>(
  t: Test,
  ids: readonly Id[],
  more: Readonly<Record<string, string>> = {},
  options: Pick<ServiceOptions, 'endpoint' | 'storeTimeoutMs'> = {},
): Promise<{
  readonly service: Service
  readonly providers: Readonly<Record<Id, OpenProvider>>
  readonly env: Readonly<Record<string, string>>
}> {
  const clock = testClock()
  const started = await Promise.all(
    ids.map(async (id) => [id, await startOpenProvider(t, id, clock)] as const),
  )
  const settings = started.map(([id, { standIn }]) => [id, settingsOf(standIn)] as const)
  const env = { ...providersEnvironment(Object.fromEntries(settings)), ...more }
  const service = await startService(t, { ...options, clock, env })
  return { service, providers: Object.fromEntries(started) as Record<Id, OpenProvider>, env }
}

/** How many users, reserved addresses and reserved identities a service has stored. */
export async function countAccounts({ client, config }: Service): Promise<Record<string, number>> {
  const { Items = [] } = await client.send(
    new ScanCommand({
      TableName: config.tables.users,
      FilterExpression: 'attribute_not_exists(erasedAt)',
    }),
  )
  const count = (prefix: string) => Items.filter(({ pk }) => pk?.S?.startsWith(prefix)).length
  return { users: count('USER#'), emails: count('EMAIL#'), identities: count('IDENTITY#') }
}

/** DynamoDB writes since a call, but for those of rate limits and tickets, and counts of refusals. */
export const writesSince = (service: Service, call: number): string[] =>
  service.calls
    .slice(call)
    .filter(
      (name) => !/^(Get|BatchGet|Query|Scan)| (rateLimits|tickets)$|^UpdateItem events$/.test(name),
    )

/** A request that a page of our own makes in this browser. */
export const fromOwnPage = (browser: Browser) => ({
  cookies: browser.cookies(),
  headers: { 'sec-fetch-site': 'same-origin' },
})
