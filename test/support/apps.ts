import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { newClientSecret } from '../../src/oauth/clients/secret.js'
import { systemRandom } from '../../src/lib/random.js'
import type { Service } from './service.js'
import { recordSecret } from './transcript.js'

/** An app as the store has it: confidential, not the team's own, with one redirect URI, unless told otherwise. */
export function madeApp(overrides: Partial<AppClient> = {}, now = 0) {
  const { secret, kept } = newClientSecret(systemRandom, now)
  const client: AppClient = {
    clientId: `app_${systemRandom(16).toString('base64url')}`,
    name: 'Orders',
    redirectUris: ['https://orders.example.com/callback'],
    postLogoutRedirectUris: [],
    isFirstParty: false,
    isPublic: false,
    secrets: overrides.isPublic ? [] : [kept],
    createdAt: now,
    createdBy: 'command-line',
    ...overrides,
  }
  return { client, secret }
}

/** The same, registered at a service. */
export async function registeredApp(service: Service, overrides: Partial<AppClient> = {}) {
  const { client, secret } = madeApp(overrides, service.clock())
  recordSecret('client-secret', secret)
  const store = DynamoDBDocumentClient.from(service.client)
  await store.send(new PutCommand({ TableName: service.config.tables.clients, Item: client }))
  return { client, secret }
}

/** What a confidential client sends in `Authorization` (RFC 6749 §2.3.1). */
export const basicOf = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
