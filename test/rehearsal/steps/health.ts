import assert from 'node:assert/strict'
import { must, type Rehearsal } from '../rehearsal.js'

/** The service answers at the address that the deployment printed. */
export async function health(rehearsal: Rehearsal): Promise<void> {
  must(await rehearsal.call('/healthz'), 200)
  const discovery = await rehearsal.call('/.well-known/openid-configuration')
  must(discovery, 200)
  assert.equal(discovery.body.issuer, rehearsal.issuer)
  const { jwks_uri: jwksUri } = discovery.body as { jwks_uri: string }
  const jwks = await rehearsal.call(jwksUri.slice(rehearsal.issuer.length))
  must(jwks, 200)
  assert.ok(jwks.body.keys.length > 0)
}
