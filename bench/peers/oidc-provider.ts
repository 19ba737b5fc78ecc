import Provider, { type Configuration } from 'oidc-provider'
import { bearerCall, refreshCall } from '../support/calls.js'
import { LastingAdapter } from '../support/lasting-adapter.js'
import { listenWith } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { USERS } from '../support/users.js'

const CLIENT = { client_id: 'bench', client_secret: 'a secret of the bench' }

/**
 * https://github.com/panva/node-oidc-provider/blob/main/docs/README.md, on a store in memory. Its refresh tokens rotate, as
 * Latchkey's do.
 */
const CONFIGURATION: Configuration = {
  adapter: LastingAdapter,
  clients: [
    {
      ...CLIENT,
      redirect_uris: ['https://app.example.com/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  scopes: ['openid', 'offline_access'],
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  rotateRefreshToken: true,
}

async function open() {
  const provider = new Provider('http://127.0.0.1', CONFIGURATION)
  const client = await provider.Client.find(CLIENT.client_id)
  if (!client) throw new Error('The client that is configured is not there')
  const grantOf = async (accountId: string) => {
    const grant = new provider.Grant({ accountId, clientId: client.clientId })
    grant.addOIDCScope('openid offline_access')
    return grant.save()
  }
  return { provider, client, grantOf }
}

/** Userinfo, which takes its opaque access tokens. */
export async function protectedRoute(): Promise<Scene> {
  const { provider, client, grantOf } = await open()
  const calls = []
  for (const { id: accountId } of USERS) {
    const token = new provider.AccessToken({
      ...{ accountId, client, grantId: await grantOf(accountId), gty: 'authorization_code' },
      scope: 'openid',
      claims: {},
    })
    calls.push(bearerCall('/me', await token.save(), accountId))
  }
  return { port: await listenWith(provider.callback()), calls }
}

export async function refresh(): Promise<Scene> {
  const { provider, client, grantOf } = await open()
  const calls = []
  for (const { id: accountId } of USERS) {
    const token = new provider.RefreshToken({
      ...{ accountId, client, grantId: await grantOf(accountId), gty: 'authorization_code' },
      scope: 'openid offline_access',
      claims: {},
    })
    calls.push(refreshCall('/token', await token.save(), CLIENT))
  }
  const port = await listenWith(provider.callback())
  return { port, calls, refusal: 400, successor: 'refresh_token' }
}
