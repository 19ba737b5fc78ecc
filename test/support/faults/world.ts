import type { Test } from 'tap'
import { MINUTE, SECOND } from '../clock.js'
import { startWithOpenProviders, type OpenProvider } from '../identity-provider.js'
import { setAdminSince } from '../keys.js'
import { newSigner, type Signer } from '../leak-reports.js'
import { lastMail, MAIL, proveAddress, type ReadMail } from '../mail.js'
import { startProxy, type Proxy } from '../proxy.js'
import { RESOURCES } from '../resources.js'
import { newAccount, type Service, type ServiceOptions, startService } from '../service.js'
import { recordSecret } from '../transcript.js'
import { LOGIN, Visitor } from './visitor.js'

/** The service behind a proxy, and those who ask it. */
export class World {
  readonly proxy: Proxy
  readonly service: Service
  /** The same with the policies that have routes of their own: second factors and proved addresses for everyone. */
  readonly strict: Service
  readonly provider: OpenProvider
  readonly signer: Signer
  /** Those that the case at hand has made. */
  visitors: Visitor[] = []
  #admin: { readonly visitor: Visitor; readonly until: number } | undefined

  private constructor(parts: Pick<World, 'proxy' | 'service' | 'strict' | 'provider' | 'signer'>) {
    this.proxy = parts.proxy
    this.service = parts.service
    this.strict = parts.strict
    this.provider = parts.provider
    this.signer = parts.signer
  }

  static async start(
    t: Test,
    options: Pick<ServiceOptions, 'storeTimeoutMs'> = {},
  ): Promise<World> {
    const proxy = await startProxy(t)
    const { endpoint } = proxy
    const reached = { ...options, endpoint }
    const signer = newSigner()
    const more = { ...MAIL, RESOURCES, API_KEY_LEAK_PUBLIC_KEY: signer.pem }
    const started = await startWithOpenProviders(t, ['acme'], more, reached)
    const { service, providers } = started
    const policies = { SECOND_FACTOR: 'required', EMAIL_VERIFICATION: 'required' }
    const env = { ...started.env, ...policies }
    const strict = await startService(t, { ...reached, env, beside: service })
    return new World({ proxy, service, strict, provider: providers.acme, signer })
  }

  /** Forgets those who were made before: their tables are empty. */
  forget(): void {
    this.visitors = []
    this.#admin = undefined
  }

  /** A person without an account. */
  stranger(service = this.service): Visitor {
    return this.#of(service, { id: '', email: '', password: '' })
  }

  /** An account with a proved address, not signed in. */
  async member({ isProved = true, service = this.service } = {}): Promise<Visitor> {
    const account = newAccount()
    const { email, password } = account
    recordSecret('email', email)
    recordSecret('password', password)
    const { users, trail } = this.service.services
    const { id } = await users.register({ email, password }, undefined, async ({ id: userId }) => [
      trail.part({}, 'user_created', { userId }),
    ])
    if (isProved) await proveAddress(this.service, id)
    return this.#of(service, { ...account, id })
  }

  /** The same, signed in as a program is. */
  async signedIn(options?: Parameters<World['member']>[0]): Promise<Visitor> {
    return this.#signIn(await this.member(options))
  }

  /** The same, signed in on the page. */
  async onPages(options?: Parameters<World['member']>[0]): Promise<Visitor> {
    return this.#signInOnPage(await this.member(options))
  }

  /** An administrator of long standing, who has just signed in. */
  async admin(): Promise<Visitor> {
    const now = this.service.clock()
    if (!this.#admin || this.#admin.until <= now) {
      const visitor = await this.member()
      const { id } = visitor.account
      await this.service.services.users.store.change(id, { role: 'admin' })
      await setAdminSince(this.service, id, '2020-01-01T00:00:00.000Z')
      await this.#signInOnPage(await this.#signIn(visitor))
      this.#admin = { visitor, until: now + 8 * MINUTE }
    }
    const { visitor } = this.#admin
    this.visitors.push(visitor)
    return visitor
  }

  /** The last mail to someone, after which time goes on. */
  async mailTo({ account }: Visitor, address = account.email): Promise<ReadMail> {
    const mail = await lastMail(this.service, address)
    this.service.clock.advance(SECOND)
    return mail
  }

  async #signIn(visitor: Visitor): Promise<Visitor> {
    const { email, password } = visitor.account
    expectStatus(200, await visitor.post(LOGIN, { email, password }))
    return visitor
  }

  async #signInOnPage(visitor: Visitor): Promise<Visitor> {
    const { email, password } = visitor.account
    expectStatus(303, await visitor.send('/login', { email, password }))
    return visitor
  }

  #of(...of: ConstructorParameters<typeof Visitor>): Visitor {
    const visitor = new Visitor(...of)
    this.visitors.push(visitor)
    return visitor
  }
}

/** @returns the answer, where its status is the expected one. */
export function expectStatus<A extends { readonly status: number; readonly text: string }>(
  status: number,
  answer: A,
): A {
  if (answer.status === status) return answer
  throw new Error(`expected ${status}, not ${answer.status} ${answer.text.slice(0, 300)}`)
}
