import openapiTS, { astToString, type OpenAPI3, type OperationObject } from 'openapi-typescript'
import { describedService } from './described-service.js'

/** Where the generated types stand. */
export const CLIENT_TYPES = new URL('../../src/client/api.ts', import.meta.url)

const OPTIONS = { alphabetize: true, immutable: true }

const HEADER = `/**
 * Made from the service's own OpenAPI document by \`npm run generate\`; a test compares the two.
 * Change the routes' schemas, not this file.
 */
`

/**
 * TypeScript for what the client speaks of the contract, as `openapi-typescript` makes it of `/openapi.json`.
 * Failures are left out, which the client throws as classes, and so is OAuth, which has clients of its own.
 */
export async function clientTypes(): Promise<string> {
  const { paths = {}, ...document } = await describeService()
  const spoken = Object.entries(paths).filter(([path]) => !path.startsWith('/oauth/'))
  for (const [, operations] of spoken) {
    for (const { responses } of Object.values(operations as Record<string, OperationObject>)) {
      for (const status of Object.keys(responses ?? {})) {
        if (Number(status) >= 400) Reflect.deleteProperty(responses as object, status)
      }
    }
  }
  const nodes = await openapiTS({ ...document, paths: Object.fromEntries(spoken) }, OPTIONS)
  return HEADER + astToString(nodes)
}

async function describeService(): Promise<OpenAPI3> {
  const app = await describedService()
  try {
    return withoutChoices((await app.inject('/openapi.json')).json()) as OpenAPI3
  } finally {
    await app.close()
  }
}

/** What settings choose is another thing at each service. */
function withoutChoices(document: unknown): unknown {
  return JSON.parse(
    JSON.stringify(document, (_name, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('x-setting' in value)) return value
      return Object.fromEntries(Object.entries(value).filter(([name]) => !OF_CHOICES.has(name)))
    }),
  )
}

const OF_CHOICES = new Set(['x-setting', 'enum', 'examples', 'not'])
