import express from 'express'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

const {
  ISSUER: issuer = 'http://localhost:3000',
  // What the service's RESOURCES calls this API: a token for anything else is refused.
  RESOURCE: resource = 'http://localhost:4001',
  PORT = '4001',
} = process.env
// Compared with `iss` letter for letter: with a slash at its end it would refuse every token.
if (new URL(issuer).origin !== issuer) throw new Error(`ISSUER: must be ${new URL(issuer).origin}`)
if (!URL.canParse(resource) || new URL(resource).origin === issuer) {
  throw new Error('RESOURCE: must be an absolute URI of this API, not of the issuer')
}
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
const expected = { issuer, audience: resource, algorithms: ['RS256'], typ: 'at+jwt' }

/** An app that sends Latchkey's own token shows this API what opens a person's whole account. */
function reportOwnToken({ claim, payload }) {
  const isOwn =
    payload?.client_id === 'latchkey' && (payload.aud === issuer || !URL.canParse(payload.aud))
  if (claim === 'aud' && isOwn) console.warn("this app sends us Latchkey's own token")
}

/** 401 for a token that is no good; 503 where the issuer can't be asked which keys there are. */
async function requireAccessToken(request, response, next) {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  try {
    request.user = (await jwtVerify(token, keys, expected)).payload
    next()
  } catch (error) {
    reportOwnToken(error)
    const known = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
    const refused = known && error.code !== 'ERR_JOSE_GENERIC'
    response.set(refused ? { 'www-authenticate': 'Bearer' } : { 'retry-after': '2' })
    response.sendStatus(refused ? 401 : 503)
  }
}

/** For people alone: the token of a machine, which an API key was swapped for, belongs to no session. */
function requirePerson(request, response, next) {
  if (request.user.sid !== undefined) next()
  else response.set('www-authenticate', 'Bearer').sendStatus(401)
}

const app = express()
app.get('/orders', requireAccessToken, requirePerson, (request, response) => {
  response.json({ customer: request.user.sub, orders: [] })
})
const server = app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`http://127.0.0.1:${server.address().port}/orders`)
})
