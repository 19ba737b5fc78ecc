import type { Operation } from './operations.js'
import { madeAt } from './population.js'
import type { Service } from './service.js'

/** A user whom an administrator looks at. */
interface Target {
  readonly id: string
  readonly email: string
}

/** Accounts that the last page shows. */
const PAGE = 20
const PASSWORD = 'long enough for a bench'

/** What an administrator does with the directory of users, by its name. */
export class Administrator {
  readonly #service: Service
  readonly #headers: Readonly<Record<string, string>>

  readonly #target: Target

  private constructor(service: Service, accessToken: string, target: Target) {
    this.#service = service
    this.#target = target
    this.#headers = { authorization: `Bearer ${accessToken}` }
  }

  static async signIn(service: Service): Promise<Administrator> {
    const { app, services } = service
    const payload = { email: 'admin@example.com', password: PASSWORD }
    const { id } = await services.users.register(payload)
    await services.users.store.change(id, { role: 'admin' })
    const answer = await app.inject({ method: 'POST', url: '/api/auth/login', payload })
    const email = 'target@example.com'
    const target = await services.users.register({ email, password: PASSWORD })
    const { accessToken } = answer.json<{ accessToken: string }>()
    return new Administrator(service, accessToken, { id: target.id, email })
  }

  /** In the order in which they are done. */
  deeds(): readonly Operation[] {
    const { id, email } = this.#target
    const search = (query: string) => this.#ask('POST', '/search', { query })
    const change = (status: string) => this.#ask('PATCH', `/${id}`, { status })
    const deeds = {
      'first page': () => this.#ask('GET', ''),
      'last page': () => this.#ask('GET', `?cursor=${cursorBefore(PAGE)}`),
      'disabled users': () => this.#ask('GET', '?status=disabled'),
      'search, 20 found': () => search('person'),
      'search, one found': () => search(email),
      show: () => this.#ask('GET', `/${id}`),
      sessions: () => this.#ask('GET', `/${id}/sessions`),
      keys: () => this.#ask('GET', `/${id}/keys`),
      disable: () => change('disabled'),
      enable: () => change('active'),
    }
    return Object.entries(deeds).map(([name, operate]) => ({ name: `directory: ${name}`, operate }))
  }

  async #ask(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object): Promise<void> {
    const url = `/api/admin/users${path}`
    const headers = this.#headers
    const answer = await this.#service.app.inject({
      ...{ method, url, headers },
      ...(payload && { payload }),
    })
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
  }
}

/** The cursor after which the oldest accounts are left. */
function cursorBefore(left: number): string {
  return Buffer.from(`${madeAt(left)}#0`).toString('base64url')
}
