import t, { type Test } from 'tap'
import {
  protectMcpServer,
  scopesOfCall,
  type McpServerOptions,
  VerificationError,
} from '../../src/relying-party/mcp.js'
import { signInToApp } from '../support/app-tokens.js'
import { startIssuer } from '../support/issuer.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { BILLING, newTokenFor, ORDERS, signInTo } from '../support/resources.js'
import { machineToken } from '../support/social.js'

const METADATA = '/.well-known/oauth-protected-resource'

async function refusal(t: Test, call: Promise<unknown>): Promise<VerificationError> {
  const error = await call.then(
    () => t.fail('it was let through') as never,
    (error: unknown) => error,
  )
  if (error instanceof VerificationError) return error
  throw error
}

t.test('an MCP server that Latchkey protects (latchkey/mcp)', async (t) => {
  const issuer = await startIssuer(t)
  const { service, url } = issuer
  const protect = (options: Partial<McpServerOptions> = {}) =>
    protectMcpServer({ issuer: url, resource: ORDERS, scopes: ['orders:read'], ...options })

  t.test(
    'latchkey/mcp says in a document of the MCP server who gives out its tokens',
    async (t) => {
      const named = protect({ name: 'Orders' })
      t.equal(named.metadataPath, METADATA)
      const answer = named.protectedResourceMetadata()
      t.equal(answer.headers.get('content-type'), 'application/json')
      t.equal(answer.headers.get('access-control-allow-origin'), '*')
      t.same(await answer.json(), {
        resource: ORDERS,
        authorization_servers: [url],
        bearer_methods_supported: ['header'],
        resource_name: 'Orders',
        scopes_supported: ['orders:read'],
      })
      const { metadataPath, metadata } = protect({ resource: BILLING, scopes: [] })
      t.equal(metadataPath, `${METADATA}/billing`, 'before the path of its identifier')
      t.notOk('scopes_supported' in metadata)
    },
  )

  t.test('latchkey/mcp hands a good token to the SDK as it wants it', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await signInTo(service, ORDERS, account)
    const info = await protect().requireToken(`Bearer ${token}`)
    t.match(info, {
      token,
      clientId: 'latchkey',
      scopes: ['user', 'orders:read'],
      resource: new URL(ORDERS),
      extra: { sub: account.id, aud: ORDERS },
    })
    t.equal(info.expiresAt, Math.floor(service.clock() / 1000) + 900)
  })

  t.test('latchkey/mcp takes clients that are not the team’s own', async (t) => {
    const app = await signInToApp(service)
    const asked = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
    const { access_token: token } = await app.tokens(asked)
    for (const scopes of [['orders:read'], []]) {
      const info = await protect({ scopes }).requireToken(`Bearer ${token}`)
      t.match(info, { clientId: app.client.clientId, scopes: ['orders:read'] })
    }
  })

  t.test('latchkey/mcp bids an MCP client without a good token to ask for one', async (t) => {
    const invitation = `scope="orders:read", resource_metadata="${ORDERS}${METADATA}"`
    const other = await newTokenFor(service, BILLING)
    const machine = await machineToken(service, await (await newOwner(service)).generate())
    for (const [what, header] of Object.entries({
      none: undefined,
      'an empty one': null,
      nonsense: 'Bearer nonsense',
      'another API’s': `Bearer ${other}`,
      'a machine’s': `Bearer ${machine}`,
    })) {
      const { status, headers } = await refusal(t, protect().requireToken(header))
      t.equal(status, 401, what)
      const challenge = headers['www-authenticate'] ?? ''
      t.ok(challenge.startsWith('Bearer realm="latchkey"'), what)
      t.ok(challenge.endsWith(invitation), what)
    }
    const { headers } = await refusal(t, protect({ scopes: [] }).requireToken(undefined))
    t.notMatch(headers['www-authenticate'], 'scope=')
  })

  t.test('latchkey/mcp asks for scopes that are missing, with what the token has', async (t) => {
    const token = `Bearer ${await newTokenFor(service, ORDERS)}`
    const { status, headers } = await refusal(t, protect().requireToken(token, ['orders:write']))
    t.equal(status, 403)
    t.match(headers['www-authenticate'], /error="insufficient_scope"/)
    t.match(headers['www-authenticate'], /scope="orders:read orders:write", resource_metadata=/)
    const admin = await newAdmin(service)
    const { accessToken } = await signInTo(service, ORDERS, admin.account)
    t.match(await protect().requireToken(`Bearer ${accessToken}`, ['orders:write']), {
      clientId: 'latchkey',
    })
  })

  t.test('latchkey/mcp refuses no one while the issuer is away', async (t) => {
    const token = await newTokenFor(service, ORDERS)
    issuer.away = true
    const refused = await refusal(t, protect().requireToken(`Bearer ${token}`))
    t.match(refused, { status: 503, headers: { 'retry-after': /^\d+$/ } })
    t.notOk('www-authenticate' in refused.headers)
    issuer.away = false
  })
})

t.test('a message to an MCP server needs the scopes of the tools that it calls', async (t) => {
  const scopes = { write: ['notes:write'], erase: ['notes:write', 'notes:erase'] }
  const call = (name: unknown) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name },
  })
  t.same(scopesOfCall(call('write'), scopes), ['notes:write'])
  t.same(scopesOfCall([call('read'), call('write'), call('erase')], scopes), [
    'notes:write',
    'notes:erase',
  ])
  for (const message of [
    ...[call('read'), call('constructor'), call(['write']), { ...call('write'), method: 'ping' }],
    ...[undefined, null, 'write', [null], { method: 'tools/call' }],
    { method: 'tools/call', params: null },
  ]) {
    t.same(scopesOfCall(message, scopes), [], JSON.stringify(message))
  }
})
