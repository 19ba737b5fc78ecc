import type { ApiDocument } from './links.js'
import { responsesOf } from './operations.js'

const RETRY_AFTER = {
  description: 'Seconds after which to try again',
  required: true,
  schema: { type: 'integer', minimum: 0 },
}
const WWW_AUTHENTICATE = {
  description: 'Which credential is needed (RFC 9110 §11.6.1), how strong and how fresh (RFC 9470)',
  required: true,
  schema: { type: 'string', minLength: 1 },
}
const LOCATION = {
  description: 'Where the browser goes on',
  required: true,
  schema: { type: 'string', format: 'uri-reference' },
}
const HEADERS = {
  'Retry-After': RETRY_AFTER,
  'WWW-Authenticate': WWW_AUTHENTICATE,
  Location: LOCATION,
}

/** The header that each answer of a status has. */
const OF_STATUS: Readonly<Record<string, keyof typeof HEADERS>> = {
  302: 'Location',
  303: 'Location',
  401: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
}

/** Says which header a client needs of an answer, once for all answers. */
export function describeHeaders(document: ApiDocument): void {
  for (const [status, response] of responsesOf(document)) {
    const name = OF_STATUS[status]
    if (name) response.headers = { [name]: { $ref: `#/components/headers/${name}` } }
  }
  const { components } = document as { readonly components?: object }
  Object.assign(document, { components: { ...components, headers: HEADERS } })
}
