import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

const {
  ISSUER: issuer = 'http://localhost:3000',
  // What the service's RESOURCES calls this API: a token for anything else is refused.
  RESOURCE: resource = 'http://localhost:4002',
  PORT = '4002',
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
async function requireAccessToken(context, next) {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? []
  try {
    context.set('user', (await jwtVerify(token, keys, expected)).payload)
  } catch (error) {
    reportOwnToken(error)
    const known = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
    const refused = known && error.code !== 'ERR_JOSE_GENERIC'
    return refused
      ? context.text('Unauthorized', 401, { 'www-authenticate': 'Bearer' })
      : context.text('Service Unavailable', 503, { 'retry-after': '2' })
  }
  await next()
}

/** For people alone: the token of a machine, which an API key was swapped for, belongs to no session. */
async function requirePerson(context, next) {
  if (context.get('user').sid !== undefined) return next()
  return context.text('Unauthorized', 401, { 'www-authenticate': 'Bearer' })
}

const app = new Hono()
app.get('/orders', requireAccessToken, requirePerson, (context) =>
  context.json({ customer: context.get('user').sub, orders: [] }),
)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/orders`)
})
