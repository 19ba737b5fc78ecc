import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Answer, ISSUER, type Service } from './service.js'
import { recordSecret } from './transcript.js'

/** A page, or a redirect that has not been followed. */
export interface Visit {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Absolute; undefined where nothing redirects. */
  readonly location: string | undefined
}

/** What answers for the service: one of this process, or one of another. */
export type Answering = Pick<Service, 'call'>

interface Cookie {
  readonly value: string
  readonly path: string
}

/** What a form sends; pairs where a name comes more than once. */
export type FormFields =
  Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[]

const bodyOf = (form: FormFields): URLSearchParams =>
  new URLSearchParams(form as Record<string, string>)

const MAX_REDIRECTS = 10

/** What a browser says of a click on one of our own pages. */
export const OWN_PAGE = {
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  accept: 'text/html',
}

/** What a browser says of a page that a person goes to. */
const NAVIGATION = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html',
}

/**
 * A person's browser: cookies by origin, redirects followed on demand. URLs of the service go to the given
 * instance, all others over real sockets.
 */
export class Browser {
  #service: Answering | undefined
  readonly #jars = new Map<string, Map<string, Cookie>>()

  /** @param service leave out where only real sockets are visited. */
  constructor(service?: Answering) {
    this.#service = service
  }

  /** Another instance answers from now on. */
  moveTo(service: Answering): void {
    this.#service = service
  }

  /** Names and values of the cookies that the service has set. */
  cookies(origin = ISSUER): Record<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, Cookie>()
    return Object.fromEntries([...jar].map(([name, { value }]) => [name, value]))
  }

  setCookies(cookies: Readonly<Record<string, string>>, origin = ISSUER): void {
    const jar = new Map(
      Object.entries(cookies).map(([name, value]) => [name, { value, path: '/' }]),
    )
    this.#jars.set(origin, jar)
  }

  /** One request, by GET unless a form is given. */
  async visit(
    target: string,
    { form, headers = {} }: { form?: FormFields; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Visit> {
    const url = new URL(target, ISSUER)
    const answer =
      this.#service && url.origin === ISSUER
        ? fromAnswer(await this.#ask(this.#service, url, form, headers))
        : await this.#fetch(url, form, headers)
    this.#keepCookies(url, answer.headers)
    const location = answer.headers.get('location')
    const next = location === null ? undefined : new URL(location, url)
    recordSecret('code', next?.searchParams.get('code'))
    return { url: url.href, ...answer, location: next?.href }
  }

  /** Follows redirects to the first page that is none, or that `stop` names. */
  async follow(first: Visit, stop: (next: string) => boolean = () => false): Promise<Visit> {
    let visit = first
    for (let hops = 0; visit.location !== undefined && !stop(visit.location); hops++) {
      if (hops === MAX_REDIRECTS) throw new Error(`too many redirects, last to ${visit.location}`)
      visit = await this.visit(visit.location)
    }
    return visit
  }

  #ask(
    service: Answering,
    { pathname, search }: URL,
    form: FormFields | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const target = pathname + search
    if (!form) return service.call('GET', target, { cookies: this.cookies(), headers })
    return service.call('POST', target, {
      cookies: this.cookies(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: bodyOf(form).toString(),
    })
  }

  async #fetch(url: URL, form: FormFields | undefined, headers: Readonly<Record<string, string>>) {
    const jar = this.#jars.get(url.origin) ?? new Map<string, Cookie>()
    const cookie = [...jar]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    // `fetch` would say that a script asks, to which many apps answer differently.
    const outgoing = request(url, {
      agent: false,
      method: form ? 'POST' : 'GET',
      headers: {
        ...NAVIGATION,
        ...headers,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(cookie !== '' && { cookie }),
      },
    }).end(form && bodyOf(form).toString())
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    return fromAnswer({
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      text: await text(incoming),
    })
  }

  #keepCookies({ origin }: URL, headers: Headers): void {
    const jar = this.#jars.get(origin) ?? new Map<string, Cookie>()
    this.#jars.set(origin, jar)
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const attribute = (wanted: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.split('=')[1]
      const isPast = Date.parse(attribute('expires') ?? '') <= 0
      const expired = attribute('max-age') === '0' || value === '' || isPast
      if (expired) jar.delete(name)
      else jar.set(name, { value, path: attribute('path') ?? '/' })
    }
  }
}

function fromAnswer({ status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>) {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return { status, headers: new Headers(pairs), text }
}
