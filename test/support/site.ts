import type { Test } from 'tap'
import { startIdentityProvider } from '../../src/local/identity-provider/server.js'
import { testClock } from './clock.js'
import { providersEnvironment } from './identity-provider.js'
import { startService } from './service.js'
import { type Listening, startListening } from './socket.js'
import { recordSecret } from './transcript.js'

/** A service as browsers see it: at its own address, with one provider, `Acme`. */
export function startSite(t: Test, env: Readonly<Record<string, string>> = {}): Promise<Listening> {
  return startListening(async (url) => {
    const redirectUri = `${url}/api/auth/acme/callback`
    const provider = await startIdentityProvider({ redirectUri })
    if (!provider) throw new Error('oidc-provider is not installed')
    t.teardown(() => provider.stop())
    recordSecret('key', provider.clientSecret)
    const { issuer, clientId, clientSecret } = provider
    const acme = { name: 'Acme', issuer, clientId, clientSecret, domains: ['example.com'] }
    return startService(t, {
      clock: testClock(Date.now()),
      env: { ISSUER: url, ...providersEnvironment({ acme }), ...env },
    })
  })
}
