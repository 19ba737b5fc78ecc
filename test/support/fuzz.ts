import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { bounds } from './bounds.js'
import type { Route } from './routes.js'
import { recordSecret } from './transcript.js'

/** `FUZZ_SEED` sends the requests of an earlier run once more. `npm test` sends the same ones each time. */
export const SEED = Number(process.env.FUZZ_SEED ?? (bounds.isProve ? randomInt(2 ** 31) : 1))

/** Stands where a caller puts a secret; no log line and no answer may have it. */
export const SENTINEL = `Sentinel-${randomBytes(8).toString('hex')}`
recordSecret('password', SENTINEL)

/** A request, as bytes can say it: header values and the body are Latin-1, one character a byte. */
export interface FuzzedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** Texts that have broken parsers, serializers and stores. */
const NASTY = [
  ...[
    '',
    ' ',
    '\0',
    '%',
    '%00',
    '%ff',
    '%E0%A4%A',
    '%0d%0aX: y',
    '\ufffd',
    '\ufeff',
    'ä',
    '漢',
    '🔑',
    '\u202e',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'true',
    '-1',
    '1e309',
    '[]',
    '{}',
    '""',
  ],
  ...[
    '../../etc/passwd',
    '//evil.example',
    'https://evil.example',
    '<script>',
    "' OR 1=1 --",
    '${7*7}',
  ],
  ...[
    'a.b.c',
    'eyJ.eyJ.',
    'lk_live_x',
    'lkr_x',
    'Bearer',
    '=',
    ';',
    ',',
    '(0)',
    '"',
    '\\',
    'x'.repeat(300),
  ],
]
const nasty = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
  { weight: 1, arbitrary: fc.constant(SENTINEL) },
)
/** What a header line can carry: Node's own parser refuses the rest, which is tried less often. */
const headerText = nasty.map((text) =>
  Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[\0\r\n]/g, ''),
)
const secret = fc.oneof(fc.constant(SENTINEL), headerText)

const headerOf = (name: string, ...values: readonly string[]) =>
  fc.tuple(
    fc.constant(name),
    values.length > 0 ? fc.oneof(fc.constantFrom(...values), headerText) : headerText,
  )

const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data',
]
const SCHEMES = ['Bearer ', 'Basic ', 'bearer', 'Digest ', '']
const COOKIES = [
  'access',
  'refresh',
  'oauth',
  'oauth_x',
  'oauth_ (0)',
  'oauth_\u00ff',
  'other',
].flatMap((name) => [`__Host-latchkey_${name}`, `latchkey_${name}`])

const headers = fc.array(
  fc.oneof(
    headerOf(
      'origin',
      'https://auth.example.com',
      'https://app.example.com',
      'https://evil.example',
      'null',
    ),
    headerOf('content-type', ...TYPES, 'application/json; charset=utf-16'),
    headerOf('accept', 'application/json', 'text/html', '*/*'),
    headerOf('sec-fetch-mode', 'navigate', 'cors'),
    headerOf('sec-fetch-site', 'same-origin', 'cross-site', 'none'),
    headerOf('access-control-request-method', 'POST'),
    headerOf('accept-language', 'de', 'en;q=.1'),
    fc.tuple(
      fc.constant('user-agent'),
      // The log says who asked.
      headerText.map((text) => text.replaceAll(SENTINEL, 'Mozilla/5.0')),
    ),
    headerOf('github-public-key-signature'),
    headerOf('expect', '100-continue', 'tea'),
    headerOf('x-forwarded-for', '6.6.6.6'),
    headerOf('purpose', 'prefetch'),
    headerOf('upgrade', 'websocket'),
    headerOf('if-none-match', '*'),
    fc.tuple(
      fc.constant('authorization'),
      fc.tuple(fc.constantFrom(...SCHEMES), secret).map(([scheme, value]) => scheme + value),
    ),
    fc.tuple(fc.constant('x-api-key'), secret),
    fc.tuple(
      fc.constant('cookie'),
      fc
        .array(fc.tuple(fc.constantFrom(...COOKIES), secret), { maxLength: 7 })
        .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('; ')),
    ),
  ),
  { maxLength: 6 },
)

const NAMES = [
  'error',
  'done',
  'returnTo',
  'code',
  'state',
  'iss',
  'link',
  'ownerId',
  'resource',
  'access_token',
]
const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...NAMES, 'x', '__proto__'), nasty, fc.boolean()), {
        maxLength: 4,
      })
      .map((pairs) =>
        pairs
          .map(
            ([name, value, isRaw]) =>
              `${name}=${isRaw ? rawOf(value) : encodeURIComponent(value.toWellFormed())}`,
          )
          .join('&'),
      ),
  },
)
/** What a request line can hold. */
const rawOf = (text: string): string => text.replaceAll(/[^\x21-\x7e]|#/g, '')

const FIELDS = [
  'email',
  'name',
  'scopes',
  'grant_type',
  'token',
  'refreshToken',
  'useCookies',
  'expiresAt',
  'id',
]
const SECRETS = [
  'password',
  'currentPassword',
  'newPassword',
  'client_secret',
  'code',
  'ticket',
  'access_token',
]
const field = fc.oneof(
  fc.tuple(
    fc.constantFrom(...FIELDS, 'returnTo', '__proto__'),
    nasty.filter((text) => text !== SENTINEL),
  ),
  fc.tuple(fc.constantFrom(...SECRETS), nasty),
)
const fields = fc.array(field, { maxLength: 5 })
const body = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fields.map((pairs) => JSON.stringify(Object.fromEntries(pairs))) },
  {
    weight: 2,
    arbitrary: fields.map((pairs) =>
      new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(),
    ),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
)

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'QUERY',
  'TRACE',
  'FOO',
  'get',
]

/** Requests to the routes of an app and beside them. */
export function fuzzedRequests(routes: readonly Route[]): fc.Arbitrary<FuzzedRequest> {
  const known = fc.constantFrom(...routes).chain(({ method, url }) =>
    fc.record({
      method: fc.oneof(
        { weight: 5, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      path: nasty.map((id) => url.replaceAll(/:\w+/g, encodeURIComponent(id.toWellFormed()))),
    }),
  )
  const anywhere = fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.array(nasty, { maxLength: 3 }).map((parts) => `/${parts.map(rawOf).join('/')}`),
  })
  const line = fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: anywhere })
  return fc
    .tuple(line, query, headers, body)
    .map(([{ method, path }, query, headers, body]) => ({ method, path, query, headers, body }))
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Sends a request over a connection of its own, byte for byte. @throws {Error} where nothing comes back. */
export async function sendRaw(port: number, request: FuzzedRequest): Promise<WireAnswer> {
  const { method, path, query, headers, body } = request
  const target = query === '' ? path : `${path}?${query}`
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`
  // Written for the body, a byte a character.
  const content = Buffer.from(body.replaceAll(/[^\0-\xff]/g, '?'), 'latin1')
  const head = `${method} ${target} HTTP/1.1\r\nHost: auth.example.com\r\nConnection: close\r\n${length}${lines}\r\n`
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), content]))
  const text = (await buffer(socket))
    .toString('utf8')
    .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
  const [top = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...named] = top.split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  if (!status) throw new Error(`no answer: ${JSON.stringify(text.slice(0, 100))}`)
  const pairs = named.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { status, headers: Object.fromEntries(pairs), text: rest.join('\r\n\r\n') }
}
