// Every export as another project uses it: compiled in an empty folder that has the tarball, and run there.
import { App, Stack } from 'aws-cdk-lib'
import Fastify, { type FastifyInstance } from 'fastify'
import apiKey, { type ApiKeyOptions, type VerifiedKey } from 'latchkey/api-key'
import { Latchkey, type LatchkeyProps } from 'latchkey/cdk'
import { createClient, LatchkeyClient, SignInRequiredError, type TokenStore } from 'latchkey/client'
import jwt, {
  type AccessTokenClaims,
  type AuthenticationRequirement,
  type JwtOptions,
} from 'latchkey/jwt'
import { type McpAuthInfo, protectMcpServer } from 'latchkey/mcp'
import { useLatchkey } from 'latchkey/react'
import securityHeaders from 'latchkey/security-headers'

const issuer = 'https://auth.example.com'
const resource = 'https://orders.example.com'
const jwtOptions: JwtOptions = { issuer, resource }
const keyOptions: ApiKeyOptions = { issuer, introspectionKey: 'lk_live_…' }
const settings: LatchkeyProps = {
  resources: { [resource]: { name: 'Orders' } },
  environment: { PASSWORD_MIN_LENGTH: '15' },
}
const store: TokenStore = { get: () => undefined, set: () => undefined }

const app: FastifyInstance = Fastify()
await app.register(securityHeaders)
await app.register(jwt, jwtOptions)
app.get(
  '/',
  { onRequest: [app.requireAccessToken(), app.requireRole('admin')] },
  async (request) => {
    const claims: AccessTokenClaims = request.user
    return claims.sub
  },
)
const strong: AuthenticationRequirement = { acrValues: ['urn:latchkey:2'], maxAge: 300 }
app.post(
  '/refunds',
  { onRequest: [app.requireUser(), app.requireAuthentication(strong)] },
  async (request) => request.user.acr,
)
app.get('/mine', { onRequest: app.requireUser() }, async (request) => request.user.sub)
const refused = await app.inject('/')
const unusable = await Fastify()
  .register(apiKey, keyOptions)
  .then(
    () => 'an unusable key was taken',
    (error: unknown) => String(error),
  )
console.log(unusable)
const readScopes = ({ scopes }: VerifiedKey): readonly string[] => scopes

const mcp = protectMcpServer({ issuer, resource, scopes: ['orders:read'] })
const readAuthInfo = async (): Promise<McpAuthInfo['scopes']> =>
  (await mcp.requireToken('Bearer nonsense')).scopes

const stack = new Stack(new App(), 'Auth')
const latchkey = new Latchkey(stack, 'Latchkey', settings)

const client = new LatchkeyClient({ issuer, store })
const readProfile = async (): Promise<string | undefined> =>
  (await client.get('/api/profile')).user.email
const failure: unknown = await client
  .get('/api/profile', { signal: AbortSignal.abort(new Error('given up')) })
  .catch((error: unknown) => error)

const appClient = createClient({
  issuer,
  clientId: 'app_AAAAAAAAAAAAAAAAAAAAAA',
  resources: [resource],
})
const showUser = (): string | undefined => useLatchkey(appClient).user?.email
const noPage = await appClient.signInWithRedirect().catch((error: unknown) => String(error))

console.log(refused.statusCode, refused.headers['x-content-type-options'], refused.body.length > 0)
console.log(typeof readScopes, typeof readProfile, failure instanceof SignInRequiredError)
console.log(mcp.metadataPath, typeof readAuthInfo)
console.log(typeof latchkey.issuer, stack.node.findAll().length > 20, String(failure))
console.log(typeof showUser, await appClient.handleRedirect(), noPage)
