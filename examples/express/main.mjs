import express from 'express'
import { createVerifier, VerificationError } from 'latchkey/verifier'

const {
  ISSUER: issuer = 'http://localhost:3000',
  // What the service's RESOURCES calls this API: a token for anything else is refused.
  RESOURCE: resource = 'http://localhost:4001',
  PORT = '4001',
} = process.env
// People alone: for the tokens of machines, which API keys were swapped for, say `accept: 'both'`.
const verifier = createVerifier({ issuer, resource })

const requirePerson = async (request, _response, next) => {
  request.user = await verifier.verifyHeader(request.headers.authorization)
  next()
}

const app = express()
app.get('/orders', requirePerson, (request, response) => {
  response.json({ customer: request.user.sub, orders: [] })
})
app.use((error, _request, response, next) => {
  if (!(error instanceof VerificationError)) return next(error)
  // Such as “this app sends us Latchkey's own token”: for us, and not for who sent it.
  if (error.reason !== undefined) console.warn(error.reason)
  response.status(error.status).set(error.headers).json(error.body)
})
const server = app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`http://127.0.0.1:${server.address().port}/orders`)
})
