import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config/service.js'
import { createClient } from '../../src/dynamodb/client.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { createRing } from '../../src/keyring/ring.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import { silenceVersionWarning } from '../../src/local/runtime.js'
import { CapturingLogger } from './logger.js'

/**
 * The service, to be described: it gets no request, so it needs neither a store nor keys of its own.
 * @param env variables beside the issuer.
 */
export async function describedService(
  env: Readonly<Record<string, string>> = {},
): Promise<FastifyInstance> {
  silenceVersionWarning()
  const ring = await createRing(0, systemRandom)
  const unasked = { read: async () => undefined, write: async () => false }
  const { app } = await buildApp({
    config: loadConfig({ ISSUER: 'https://auth.example.com', ...env }),
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
  return app
}
