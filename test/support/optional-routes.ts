import { generateKeyPairSync } from 'node:crypto'
import { providersEnvironment } from './identity-provider.js'

/** Variables with which the service has every route that it can have. */
export function optionalRoutes(): Record<string, string> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = 'https://login.acme.example'
  return {
    API_KEY_LEAK_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    ...providersEnvironment({ acme: { clientId: 'c', clientSecret: 'not a real one', issuer } }),
  }
}
