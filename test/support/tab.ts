import { submit } from './pages.js'
import type { Answer, Call, Service } from './service.js'
import { recordSecret } from './transcript.js'

/** A tab of a person's browser without scripts. Tabs share its cookies; redirects are followed on demand. */
export class Tab {
  readonly #cookies: Map<string, string>
  #service: Service

  constructor(service: Service, beside?: Tab) {
    this.#service = service
    this.#cookies = beside ? beside.#cookies : new Map()
  }

  get cookies(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#cookies)
  }

  /** Another instance answers from now on. */
  moveTo(service: Service): void {
    this.#service = service
  }

  async open(path: string, headers: Call['headers'] = NAVIGATION): Promise<Answer> {
    return this.#keep(await this.#service.get(path, { headers, cookies: this.cookies }))
  }

  async send(path: string, fields: Parameters<typeof submit>[2] = {}): Promise<Answer> {
    return this.#keep(await submit(this.#service, path, fields, { cookies: this.cookies }))
  }

  /** Follows redirects within the service, to a page or to where they leave it. */
  async follow(answer: Answer): Promise<Answer> {
    const { location } = answer.headers
    const isOwn = typeof location === 'string' && location.startsWith('/')
    return isOwn ? this.follow(await this.open(location)) : answer
  }

  /** The same for a form. */
  async submit(...form: Parameters<Tab['send']>): Promise<Answer> {
    return this.follow(await this.send(...form))
  }

  #keep(answer: Answer): Answer {
    for (const { name, value, maxAge } of answer.cookies) {
      if (value === '' || maxAge === 0) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const { location } = answer.headers
    if (typeof location === 'string' && URL.canParse(location)) {
      recordSecret('code', new URL(location).searchParams.get('code'))
    }
    return answer
  }
}

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
