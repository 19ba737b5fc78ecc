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
const LOGIN = { email: 'admin@example.com', password: PASSWORD }

/** What an administrator does with the directory of users, by its name. */
export class Administrator {
  readonly #service: Service
  readonly #target: Target
  #headers: Readonly<Record<string, string>> = {}

  private constructor(service: Service, target: Target) {
    this.#service = service
    this.#target = target
  }

  static async appoint(service: Service): Promise<Administrator> {
    const { services } = service
    const { id } = await services.users.register(LOGIN)
    await services.users.store.change(id, { role: 'admin' })
    const email = 'target@example.com'
    const target = await services.users.register({ email, password: PASSWORD })
    return new Administrator(service, { id: target.id, email })
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
    return [
      // Between two rounds a token may expire: other databases are filled, and asked.
      { operate: () => this.#signIn() },
      ...Object.entries(deeds).map(([name, operate]) => ({ name: `directory: ${name}`, operate })),
    ]
  }

  async #signIn(): Promise<void> {
    const request = { method: 'POST', url: '/api/auth/login', payload: LOGIN } as const
    const answer = await this.#service.app.inject(request)
    const { accessToken } = answer.json<{ accessToken: string }>()
    this.#headers = { authorization: `Bearer ${accessToken}` }
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
