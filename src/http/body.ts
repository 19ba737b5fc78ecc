import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem, type ProblemType } from './problem.js'
import { decodeUtf8, isPercentUtf8 } from '../lib/utf8.js'
import { MALFORMED_JSON } from './errors.js'

const MALFORMED_FORM: ProblemType = {
  status: 400,
  code: 'MALFORMED_FORM',
  title: 'The form is not valid',
}
const NOT_UTF8: ProblemType = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  title: 'The charset must be UTF-8',
}

/** JSON for every route. An empty body counts as none: a refresh by cookie has nothing to say. */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = decodeBody(request, body as Buffer, MALFORMED_JSON)
    if (text === '') done(null, undefined)
    else void parse(request, text, done)
  })
}

/** Forms too, for the routes of a context. A name that comes twice is a list. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request, body, done) => done(null, parseForm(request, body as Buffer)),
  )
}

function parseForm(request: FastifyRequest, body: Buffer): object {
  const text = decodeBody(request, body, MALFORMED_FORM)
  if (!isPercentUtf8(text)) throw new Problem(MALFORMED_FORM)
  const fields = Object.create(null) as Record<string, string | string[]>
  // URLSearchParams would drop a leading question mark.
  for (const [name, value] of new URLSearchParams(`&${text}`)) {
    const before = fields[name]
    fields[name] = before === undefined ? value : [before, value].flat()
  }
  return fields
}

/** @throws {Problem} UNSUPPORTED_MEDIA_TYPE for another charset, `malformed` for bytes that are not UTF-8. */
export function decodeBody(
  { headers }: FastifyRequest,
  body: Buffer,
  malformed: ProblemType,
): string {
  if (!isUtf8Type(headers['content-type'] ?? '')) throw new Problem(NOT_UTF8)
  const text = decodeUtf8(body)
  if (text === undefined) throw new Problem(malformed)
  return text
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/gi

/** A type without a charset is UTF-8. `utf8` is a label of the Encoding Standard. */
const isUtf8Type = (type: string): boolean =>
  [...type.matchAll(CHARSET)].every(([, charset = '']) => /^utf-?8$/i.test(charset))
