import type { Answer, Call, Service } from './service.js'
import { recordSecret } from './transcript.js'

/** What the browser says of a form on one of our own pages. */
const ownForm = (service: Service) => ({
  'content-type': 'application/x-www-form-urlencoded',
  origin: service.config.issuer,
})

/** Sends a form of a page, as a browser without scripts does. An array sends its name once for each value. */
export function submit(
  service: Service,
  path: string,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
  { headers, ...call }: Call = {},
): Promise<Answer> {
  for (const name of ['password', 'currentPassword', 'newPassword']) {
    recordSecret('password', fields[name])
  }
  recordSecret('email', fields.email)
  const pairs = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as [string, string]),
  )
  return service.call('POST', path, {
    ...call,
    headers: { ...ownForm(service), ...headers },
    body: new URLSearchParams(pairs).toString(),
  })
}

/** The cookies that an answer leaves in a browser. */
export const jarOf = ({ cookies }: Answer): Record<string, string> =>
  Object.fromEntries(
    cookies.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  )

/** What the page says has gone wrong, all of it, without markup. */
export function complaints({ text }: Pick<Answer, 'text'>): string[] {
  const found = text.matchAll(/<p [^>]*(?:role="alert"|class="wrong")[^>]*>(.*?)<\/p>/g)
  return [...found].map(([, sentence = '']) => sentence)
}
