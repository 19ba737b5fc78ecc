import type { Test } from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { startIdentityProvider } from '../../src/local/identity-provider/server.js'
import { testClock } from './clock.js'
import { providersEnvironment } from './identity-provider.js'
import { type Service, startService } from './service.js'
import { recordSecret } from './transcript.js'

/** A service as browsers see it: at its own address, with one provider, `Acme`. */
export interface Site {
  readonly url: string
  readonly service: Service
}

export async function startSite(
  t: Test,
  env: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const port = await freePort('127.0.0.1')
  const url = `http://127.0.0.1:${port}`
  const provider = await startIdentityProvider({ redirectUri: `${url}/api/auth/acme/callback` })
  if (!provider) throw new Error('oidc-provider is not installed')
  t.teardown(() => provider.stop())
  recordSecret('key', provider.clientSecret)
  const { issuer, clientId, clientSecret } = provider
  const acme = { name: 'Acme', issuer, clientId, clientSecret }
  const service = await startService(t, {
    clock: testClock(Date.now()),
    env: { ISSUER: url, ...providersEnvironment({ acme }), ...env },
  })
  await service.app.listen({ host: '127.0.0.1', port })
  return { url, service }
}
