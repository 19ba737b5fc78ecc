import type { ApiDocument } from './links.js'
import { operationsOf } from './operations.js'

const FORM = 'application/x-www-form-urlencoded'

interface Body {
  required?: boolean
  readonly content: Readonly<Record<string, { schema: Schema }>>
}

interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
}

/** Bodies as OpenAPI words them: one that may be left out is not required, and forms have text alone. */
export function describeBodies(document: ApiDocument): void {
  for (const { requestBody } of operationsOf(document)) {
    const body = requestBody as Body | undefined
    for (const [type, media] of Object.entries(body?.content ?? {})) {
      if (body && media.schema.anyOf?.some(({ type }) => type === 'null')) body.required = false
      // Names that are not known are ignored, but each comes once.
      if (type === FORM) media.schema = { ...media.schema, ...NO_LISTS }
    }
  }
}

const NO_LISTS = { additionalProperties: { type: 'string' } }
