import { encode, type Asked } from './authorization.js'
import { type App, authorization, newPkce, type Redeemable } from './code-flow.js'
import { OWN_PAGE } from './browser.js'
import { Person } from './person.js'
import { recordSecret } from './transcript.js'

/** How a client authenticates at an endpoint of an OpenID provider. */
export type Authentication = 'basic' | 'post' | 'none'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, any>>
}

/** An OpenID provider over real sockets, and a person who is signed in there. */
export class OpenIdProvider {
  readonly url: string
  readonly person: Person
  /** Who has never been there. */
  readonly stranger: Person

  constructor(url: string, person: Person) {
    this.url = url
    this.person = person
    this.stranger = new Person(person.account)
  }

  /** What an authorization request leads to, told so that two providers can be compared. */
  async authorize(
    parameters: Asked,
    { by = this.person, method = 'GET' }: { by?: Person; method?: 'GET' | 'POST' } = {},
  ): Promise<string> {
    const path = `${this.url}/oauth/authorize`
    const query = encode(parameters)
    const headers = { ...OWN_PAGE, 'sec-fetch-site': 'cross-site' }
    const first =
      method === 'GET'
        ? await by.browser.visit(`${path}?${query}`, { headers })
        : await by.browser.visit(path, {
            form: [...new URLSearchParams(query)],
            headers: { ...headers, origin: 'https://app.example.com' },
          })
    const isOwn = (next: string) => next.startsWith(path)
    const last = await by.browser.follow(first, (next) => !isOwn(next))
    const { location, status } = last
    if (location === undefined) return `${status} page`
    if (location.startsWith(this.url)) return `asks to ${question(location)}`
    return `${status} to the app: ${this.#outcome(new URL(location), parameters.state)}`
  }

  /** Where a request of an app leads to, once the person has answered all questions. */
  async goTo(parameters: Asked): Promise<URL> {
    const url = `${this.url}/oauth/authorize?${encode(parameters)}`
    const { location, text } = await this.person.open(url, {
      until: (next) => !next.startsWith(this.url),
    })
    if (location === undefined) throw new Error(`no way to the app: ${text}`)
    return new URL(location)
  }

  /** A code for the person, and the verifier of its challenge. */
  async code(app: App, more: Asked = {}): Promise<Redeemable> {
    const pkce = newPkce()
    const answer = await this.goTo(authorization(app, pkce, more))
    const code = answer.searchParams.get('code')
    if (code === null) throw new Error(`no code: ${answer.search}`)
    return { code, verifier: pkce.verifier }
  }

  /** A form, as a client sends it. */
  async post(
    path: string,
    form: Asked,
    app?: Pick<App, 'clientId' | 'secret'>,
    authentication: Authentication = app?.secret === undefined ? 'none' : 'basic',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const { clientId = '', secret = '' } = app ?? {}
    const body = encode({
      ...(app && authentication !== 'basic' && { client_id: clientId }),
      ...(app && authentication === 'post' && { client_secret: secret }),
      ...form,
    })
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)
    return this.send(path, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(app &&
          authentication === 'basic' && { authorization: `Basic ${basic.toString('base64')}` }),
        ...headers,
      },
    })
  }

  async send(path: string, init: RequestInit): Promise<HttpAnswer> {
    const answer = await fetch(this.url + path, { redirect: 'manual', ...init })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      recordSecret('token', body[name])
    }
    return { status: answer.status, headers: answer.headers, body }
  }

  redeem(
    app: App,
    { code, verifier }: Redeemable,
    more: Asked = {},
    authentication?: Authentication,
  ): Promise<HttpAnswer> {
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: app.redirectUri,
      ...more,
    }
    return this.post('/oauth/token', form, app, authentication)
  }

  refresh(app: App, refreshToken: string, more: Asked = {}): Promise<HttpAnswer> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...more }
    return this.post('/oauth/token', form, app)
  }

  #outcome({ searchParams, hash }: URL, state: Asked[string]): string {
    const sent = typeof state === 'string' && state !== '' ? state : null
    const faults = [
      searchParams.get('iss') !== this.url && 'without iss',
      (searchParams.get('state') ?? '') !== (sent ?? '') && 'with another state',
      hash !== '' && 'with a fragment',
    ].filter((fault) => fault !== false)
    const what = searchParams.get('error') ?? (searchParams.has('code') ? 'code' : 'nothing')
    return [what, ...faults].join(', ')
  }
}

/** What the person is asked, at whichever of the two. */
function question(location: string): string {
  const { pathname } = new URL(location)
  if (/^\/(login|step-up|interaction\/login\/.*)$/.test(pathname)) return 'sign in'
  if (/^\/(consent|interaction\/consent\/.*)$/.test(pathname)) return 'consent'
  if (/^\/(register|interaction\/create\/.*)$/.test(pathname)) return 'sign up'
  return pathname
}

/** An answer of an endpoint for machines, in one line. */
export function describe({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `${status} redirect`
  if (body.error !== undefined) return `${status} ${body.error}`
  const challenge = /error="([a-z_]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
  if (challenge !== undefined) return `${status} ${challenge}`
  const members = Object.keys(body).sort()
  const scope = typeof body.scope === 'string' ? body.scope.split(' ').sort().join(' ') : undefined
  return [status, members.join(' '), ...(scope === undefined ? [] : [`scope=${scope}`])]
    .join(' ')
    .trim()
}
