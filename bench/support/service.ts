import { Logger } from '@aws-lambda-powertools/logger'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../src/app.js'
import type { Services } from '../../src/services.js'
import { systemClock } from '../../src/lib/clock.js'
import { loadLocalConfig } from '../../src/config/local.js'
import { type Config, loadConfig } from '../../src/config/service.js'
import type { KeyStores } from '../../src/keyring/store.js'
import { openLocalRuntime } from '../../src/local/runtime.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { systemRandom } from '../../src/lib/random.js'

export type Environment = Readonly<Record<string, string>>

export interface Service {
  readonly app: FastifyInstance
  readonly services: Services
  readonly config: Config
  readonly client: DynamoDBClient
  readonly keyStores: KeyStores
  /** Of the embedded DynamoDB. */
  readonly endpoint: string
  close(): Promise<void>
}

/**
 * The service as `src/entry/server.ts` builds it: embedded engine, real clock, Powertools Logger. The first
 * process on a data folder starts its engine; those that join share its database and its keys.
 */
export async function openService(
  environment: Environment,
  { join }: { join: boolean },
): Promise<Service> {
  const config = loadConfig(environment)
  const local = loadLocalConfig(environment)
  const runtime = await openLocalRuntime({ ...local, tables: config.tables, join })
  const logger = new Logger({ serviceName: 'latchkey', logLevel: config.logLevel })
  const { app, services } = await buildApp({
    config,
    logger: fastifyLogger(logger),
    client: runtime.client,
    keyStores: runtime.keyStores,
    clock: systemClock,
    random: systemRandom,
  })
  const close = async () => {
    await app.close()
    await runtime.stop()
  }
  const { client, keyStores, endpoint } = runtime
  return { app, services, config, client, keyStores, endpoint, close }
}
