import openapiTS, { astToString, type OpenAPI3, type OperationObject } from 'openapi-typescript'
import { buildApp } from '../../src/app.js'
import { systemClock } from '../../src/lib/clock.js'
import { loadConfig } from '../../src/config/service.js'
import { createClient } from '../../src/dynamodb/client.js'
import { createRing } from '../../src/keyring/ring.js'
import { silenceVersionWarning } from '../../src/local/runtime.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { CapturingLogger } from './logger.js'

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

/** The service is only described: it is never asked, and so are neither its store nor its keys. */
async function describeService(): Promise<OpenAPI3> {
  silenceVersionWarning()
  const ring = await createRing(0, systemRandom)
  const unasked = { read: async () => undefined, write: async () => false }
  const { app } = await buildApp({
    config: loadConfig({ ISSUER: 'https://auth.example.com' }),
    logger: fastifyLogger(new CapturingLogger({ serviceName: 'latchkey' })),
    client: createClient({ region: 'local' }),
    keyStores: {
      keyRing: { read: async () => ({ ring, revision: 1 }), write: async () => false },
      ticketKeys: unasked,
      dataKeys: unasked,
    },
    clock: systemClock,
    random: systemRandom,
  })
  try {
    return (await app.describeApi()) as OpenAPI3
  } finally {
    await app.close()
  }
}
