import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createVerifier, VerificationError } from 'latchkey/verifier'

const {
  ISSUER: issuer = 'http://localhost:3000',
  // What the service's RESOURCES calls this API: a token for anything else is refused.
  RESOURCE: resource = 'http://localhost:4002',
  PORT = '4002',
} = process.env
// People alone: for the tokens of machines, which API keys were swapped for, say `accept: 'both'`.
const verifier = createVerifier({ issuer, resource })

const requirePerson = async (context, next) => {
  context.set('user', await verifier.verifyHeader(context.req.header('authorization')))
  await next()
}

const app = new Hono()
app.get('/orders', requirePerson, (context) =>
  context.json({ customer: context.get('user').sub, orders: [] }),
)
app.onError((error, context) => {
  if (!(error instanceof VerificationError)) return context.text('Internal Server Error', 500)
  // Such as “this app sends us Latchkey's own token”: for us, and not for who sent it.
  if (error.reason !== undefined) console.warn(error.reason)
  return error.toResponse()
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/orders`)
})
