import { join } from 'node:path'
import { ERRORS } from '../../src/http/error-codes.js'

export const ERRORS_DOCUMENT = join(import.meta.dirname, '../../docs/errors.md')

/** `docs/errors.md`, as `npm run generate` writes it. */
export function errorsDocument(): string {
  const sections = Object.entries(ERRORS).map(
    ([code, { cause, cure }]) => `## ${code}\n\n${cause}\n\n${cure}\n`,
  )
  return [
    '# Errors',
    '',
    'Every failure is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): `code` never changes, `type` links to its section on the page `/errors` of the service, and `requestId` is what support asks for. `/oauth/*` answers with the errors of RFC 6749 instead. This file is generated from `src/http/error-codes.ts`.',
    '',
    sections.join('\n'),
  ].join('\n')
}
