import { ACCESS_COOKIE } from '../../../src/http/cookies.js'
import { getData } from '../keys.js'
import { submit } from '../pages.js'
import { formsOf } from '../forms.js'
import type { Account, Answer, Call, Service } from '../service.js'
import { recordSecret } from '../transcript.js'

export const LOGIN = '/api/auth/login'

let addresses = 0
/** One that has sent nothing yet. */
const newAddress = (): string =>
  `2001:db8:${(addresses >> 16).toString(16)}:${(addresses++ & 65_535).toString(16)}::1`

/** The method and the path that an answer is to. */
export const askedFor = new WeakMap<Answer, readonly [method: string, path: string]>()

export type Fields = NonNullable<Parameters<typeof submit>[2]>

const NAVIGATION = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
}

/** What an answer says, without what is another in each: its status, its code, and where it leads to. */
export function gistOf({ status, headers, body }: Answer): string {
  const { location } = headers
  const { code, error } = (body ?? {}) as { code?: string; error?: string }
  const url =
    typeof location === 'string' ? new URL(location, 'https://auth.example.com') : undefined
  const to =
    url && `${url.pathname.replace(VARYING, '~')}?${[...url.searchParams.keys()].join('&')}`
  return [status, status < 400 ? undefined : (code ?? error), to].filter(Boolean).join(' ')
}

/** Ids in paths. */
const VARYING = /[\w-]{16,}/g

/** A person or program with its credentials: tokens as a program has them, and cookies as a browser without scripts. */
export class Visitor {
  readonly #service: Service
  readonly #cookies = new Map<string, string>()
  readonly account: Account
  token: string | undefined
  refreshToken: string | undefined
  key: string | undefined

  constructor(service: Service, account: Account) {
    this.#service = service
    this.account = account
  }

  get cookies(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#cookies)
  }

  /** The access token that the browser has. */
  get cookieToken(): string {
    return this.#cookies.get(ACCESS_COOKIE) ?? ''
  }

  /** Takes cookies over from another browser. */
  keep(cookies: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(cookies)) this.#cookies.set(name, value)
  }

  /** A call of a program. */
  async call(method: string, path: string, body?: unknown, call: Call = {}): Promise<Answer> {
    const { token } = this
    const remoteAddress = newAddress()
    const own = { remoteAddress, ...(token !== undefined && { token }) }
    const answer = await this.#service.call(method, path, { ...own, ...call, body })
    const { accessToken, refreshToken } = (answer.body ?? {}) as Record<string, string | undefined>
    if (accessToken !== undefined) this.token = accessToken
    if (refreshToken !== undefined) this.refreshToken = refreshToken
    askedFor.set(answer, [method, path])
    return answer
  }

  post(path: string, body?: unknown, call?: Call): Promise<Answer> {
    return this.call('POST', path, body, call)
  }

  /** What a script of a page asks for. */
  async script(path: string): Promise<Answer> {
    const { cookies } = this
    const call = { cookies, headers: { 'sec-fetch-site': 'same-origin' } }
    const answer = await this.#service.post(path, undefined, {
      ...call,
      remoteAddress: newAddress(),
    })
    return this.#keep('POST', path, answer)
  }

  /** Goes to a page. */
  async open(path: string, headers: Call['headers'] = {}): Promise<Answer> {
    const { cookies } = this
    const call = { cookies, headers: { ...NAVIGATION, ...headers }, remoteAddress: newAddress() }
    return this.#keep('GET', path, await this.#service.get(path, call))
  }

  /** Sends a form of a page. */
  async send(path: string, fields: Fields = {}): Promise<Answer> {
    const { cookies } = this
    const call = { cookies, headers: NAVIGATION, remoteAddress: newAddress() }
    return this.#keep('POST', path, await submit(this.#service, path, fields, call))
  }

  /** Fills in a form that stands on a page. @returns what it sends. */
  async fill(page: string, action: string, values: Fields = {}): Promise<Fields> {
    const { status, text } = await this.open(page)
    const forms = formsOf({ url: `https://auth.example.com${page}`, text })
    const form = forms.find((each) => new URL(each.action).pathname === action)
    if (!form) {
      const there = forms.map((each) => new URL(each.action).pathname).join()
      throw new Error(`${page} answered ${status} without ${action}: ${there}`)
    }
    const sent: Record<string, string | string[]> = {}
    for (const [name, value] of form.fields) sent[name] = [...[sent[name] ?? []].flat(), value]
    return { ...sent, ...values }
  }

  /** How each of the credentials is answered by now, by its name. */
  async tried(): Promise<Readonly<Record<string, string>>> {
    const { token, refreshToken, key, account, cookies } = this
    const service = this.#service
    const call = { remoteAddress: newAddress() }
    const sessions = '/api/auth/sessions'
    const { email, password } = account
    const asked: Record<string, Promise<Answer> | false> = {
      token: token !== undefined && service.get(sessions, { ...call, token }),
      key: key !== undefined && getData(service, key, call),
      cookies:
        this.cookieToken !== '' &&
        service.get(sessions, { ...call, cookies, headers: { 'sec-fetch-site': 'same-origin' } }),
      refreshToken:
        refreshToken !== undefined && service.post('/api/auth/refresh', { refreshToken }, call),
      password: email !== '' && service.post(LOGIN, { email, password }, call),
    }
    const answers: Record<string, string> = {}
    for (const [name, answer] of Object.entries(asked)) {
      if (!answer) continue
      const given = await answer
      answers[name] = gistOf(given)
      if (name === 'refreshToken') this.refreshToken = given.body?.refreshToken ?? refreshToken
    }
    return answers
  }

  #keep(method: string, path: string, answer: Answer): Answer {
    askedFor.set(answer, [method, path])
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
