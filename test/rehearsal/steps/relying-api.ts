import { call } from '../http.js'
import { must, type Rehearsal } from '../rehearsal.js'

const ORDERS = 'https://orders.example.com'

/** `examples/orders-api`, with a Latchkey of its own: API Gateway's JWT authorizer, and ours for keys and sign-ins. */
export async function relyingApi(rehearsal: Rehearsal): Promise<void> {
  await rehearsal.cdk.deploy(await rehearsal.assembly('orders-api'))
  const orders = await rehearsal.api('Orders', 'Api')
  const issuer = await rehearsal.api('Orders', 'LatchkeyServiceApi')
  const account = { email: 'ada@example.com', password: 'the password of a rehearsal' }
  must(await call(`${issuer}/api/auth/register`, { body: account }), 201)
  const signedIn = await call(`${issuer}/api/auth/login`, {
    body: { ...account, resource: ORDERS },
  })
  must(signedIn, 200)
  const { accessToken: token } = signedIn.body as { accessToken: string }

  const people = `${orders}/orders`
  must(await call(people, { token }), 200)
  must(await call(people), 401)
  must(await call(people, { token: withAnotherSignature(token) }), 401)
  // A password alone is no strong sign-in.
  must(await call(`${orders}/refunds`, { token, method: 'POST' }), 403)

  const own = await call(`${issuer}/api/auth/login`, { body: account })
  const made = await call(`${issuer}/api/apikeys/generate`, {
    token: (own.body as { accessToken: string }).accessToken,
    body: { name: 'Partner', scopes: ['data:read'] },
  })
  must(made, 201)
  const { apiKey: key } = made.body as { apiKey: string }
  const partners = `${orders}/partners/orders`
  must(await call(partners, { headers: { 'x-api-key': key } }), 200)
  must(await call(partners, { headers: { 'x-api-key': `${key.slice(0, -1)}~` } }), 403)
  must(await call(partners), 401)
}

function withAnotherSignature(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return [header, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join(
    '.',
  )
}
