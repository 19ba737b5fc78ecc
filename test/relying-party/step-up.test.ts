import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import jwt, { type AuthenticationRequirement } from '../../src/relying-party/jwt.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { forgerFor } from '../support/forge.js'
import { type Issuer, startIssuer } from '../support/issuer.js'
import { newOwner } from '../support/keys.js'
import { newTokenFor, ORDERS } from '../support/resources.js'
import { machineToken } from '../support/social.js'

const WEAK = 'urn:latchkey:1'
const STRONG = 'urn:latchkey:2'

/** An API whose `GET /refunds` asks for a sign-in. */
async function startApi(
  t: Test,
  { url: issuer }: Pick<Issuer, 'url'>,
  requirement: AuthenticationRequirement,
): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(jwt, { issuer, resource: ORDERS })
  const onRequest = [app.requireAccessToken(), app.requireAuthentication(requirement)]
  app.get('/refunds', { onRequest }, async ({ user }) => ({ sub: user.sub }))
  return app
}

async function ask(app: FastifyInstance, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const { statusCode, headers: head, body } = await app.inject({ url: '/refunds', headers })
  const challenge = head['www-authenticate']
  return { status: statusCode, challenge, body: JSON.parse(body) as Record<string, unknown> }
}

/** Signs access tokens with the claims of a sign-in. */
async function signerOf({ service }: Issuer) {
  const forger = await forgerFor(service, await newTokenFor(service, ORDERS))
  return (claims: Readonly<Record<string, unknown>>) => forger.forge({ claims })
}

t.test('RFC 9470 §3: the challenge of a relying party says which sign-in would do', async (t) => {
  const issuer = await startIssuer(t)
  const tokenOf = await signerOf(issuer)
  const weak = tokenOf({ acr: WEAK, auth_time: issuer.service.clock() / 1000 - 301 })
  const start =
    'Bearer realm="latchkey", error="insufficient_user_authentication", error_description="A stronger or more recent sign-in is required"'
  for (const [requirement, parameters] of [
    [{ acrValues: [STRONG] }, `acr_values="${STRONG}"`],
    [{ acrValues: [STRONG, 'phr'], maxAge: 300 }, `acr_values="${STRONG} phr", max_age="300"`],
    [{ maxAge: 0 }, 'max_age="0"'],
  ] as const) {
    const app = await startApi(t, issuer, requirement)
    const { status, challenge, body } = await ask(app, weak)
    t.equal(status, 401)
    t.equal(challenge, `${start}, ${parameters}`)
    t.match(body, { code: 'AUTHENTICATION_INSUFFICIENT', ...requirement, requestId: String })
    t.equal(body.type, `${issuer.url}/errors#AUTHENTICATION_INSUFFICIENT`)
  }
})

t.test('to a relying party a level satisfies itself and the weaker ones of Latchkey', async (t) => {
  const issuer = await startIssuer(t)
  const tokenOf = await signerOf(issuer)
  const rows: [wanted: string[], acr: string | undefined, status: number][] = [
    [[WEAK], WEAK, 200],
    [[WEAK], STRONG, 200],
    [[STRONG], STRONG, 200],
    [[STRONG], WEAK, 401],
    [[STRONG, WEAK], WEAK, 200],
    [[STRONG], undefined, 401],
    [[WEAK], undefined, 401],
    [['phr'], STRONG, 401],
    [['phr'], 'phr', 200],
    [[STRONG], 'urn:latchkey:3', 401],
    [[STRONG], 'URN:LATCHKEY:2', 401],
    [[STRONG], `${WEAK} ${STRONG}`, 401],
  ]
  for (const [acrValues, acr, status] of rows) {
    const app = await startApi(t, issuer, { acrValues })
    t.equal((await ask(app, tokenOf({ acr }))).status, status, `${acrValues.join(' ')}: ${acr}`)
  }
})

t.test(
  'to a relying party a sign-in is recent for maxAge seconds, whenever the token was made',
  async (t) => {
    const issuer = await startIssuer(t)
    const { clock } = issuer.service
    const tokenOf = await signerOf(issuer)
    const app = await startApi(t, issuer, { maxAge: 300 })
    const now = Math.floor(clock() / 1000)
    const token = tokenOf({ auth_time: now })
    t.equal((await ask(app, token)).status, 200)
    clock.advance(5 * MINUTE)
    t.equal((await ask(app, token)).status, 200)
    clock.advance(SECOND)
    t.equal((await ask(app, token)).status, 401, 'the same token')
    t.equal((await ask(app, tokenOf({ auth_time: undefined }))).status, 401, 'no time at all')
    const both = await startApi(t, issuer, { acrValues: [STRONG], maxAge: 300 })
    t.equal((await ask(both, tokenOf({ acr: STRONG, auth_time: now }))).status, 401, 'too long ago')
    t.equal((await ask(both, tokenOf({ acr: WEAK, auth_time: now + 300 }))).status, 401, 'too weak')
    t.equal((await ask(both, tokenOf({ acr: STRONG, auth_time: now + 300 }))).status, 200)
  },
)

t.test('to a relying party no sign-in is behind a machine’s token', async (t) => {
  const issuer = await startIssuer(t)
  const { service } = issuer
  const machine = await machineToken(service, await (await newOwner(service)).generate())
  const forger = await forgerFor(service, machine)
  const claims = { acr: STRONG, auth_time: Math.floor(service.clock() / 1000), aud: ORDERS }
  for (const requirement of [{ acrValues: [WEAK] }, { maxAge: 300 }]) {
    const app = await startApi(t, issuer, requirement)
    for (const token of [forger.forge({ claims: { aud: ORDERS } }), forger.forge({ claims })]) {
      t.match(await ask(app, token), { status: 401, body: { code: 'AUTHENTICATION_INSUFFICIENT' } })
    }
  }
})

t.test(
  'a relying party refuses a token whose claims of a sign-in are of another type',
  async (t) => {
    const issuer = await startIssuer(t)
    const tokenOf = await signerOf(issuer)
    const app = await startApi(t, issuer, { acrValues: [WEAK] })
    const now = Math.floor(issuer.service.clock() / 1000)
    const good = { acr: STRONG, amr: ['pwd', 'otp', 'mfa'], auth_time: now }
    t.equal((await ask(app, tokenOf(good))).status, 200)
    t.equal((await ask(app, tokenOf({ ...good, amr: [], auth_time: now + 5 }))).status, 200)
    for (const wrong of [
      { amr: 'mfa' },
      { amr: ['pwd', 2] },
      { amr: [''] },
      { amr: null },
      { amr: { 0: 'mfa' } },
      { acr: 2 },
      { acr: '' },
      { acr: [STRONG] },
      { acr: null },
      { auth_time: String(now) },
      { auth_time: now + 0.5 },
      { auth_time: now + 6 },
      { auth_time: null },
      { auth_time: 1e300 },
    ]) {
      const { status, body } = await ask(app, tokenOf({ ...good, ...wrong }))
      t.match(
        { status, body },
        { status: 401, body: { code: 'TOKEN_INVALID' } },
        JSON.stringify(wrong),
      )
    }
  },
)

t.test('what a request does to its claims at a relying party stays with it', async (t) => {
  const issuer = await startIssuer(t)
  const tokenOf = await signerOf(issuer)
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(jwt, { issuer: issuer.url, resource: ORDERS })
  app.get('/amr', { onRequest: app.requireUser() }, async ({ user }) => {
    ;(user.amr as string[]).push('mfa')
  })
  const headers = { authorization: `Bearer ${tokenOf({ amr: ['pwd'] })}` }
  t.equal((await app.inject({ url: '/amr', headers })).statusCode, 500)
  const claims = await app.verifyAccessToken(headers.authorization.slice('Bearer '.length))
  t.same(claims.amr, ['pwd'])
})

t.test(
  'a relying party’s step-up options that would let everyone in, or no one, stop the app',
  async (t) => {
    const app = Fastify()
    await app.register(jwt, { issuer: 'https://auth.example.com', resource: ORDERS })
    for (const [options, why] of [
      [undefined, /must be an object/],
      [{}, /needs acrValues, maxAge or both/],
      [{ acrValues: [STRONG], max_age: 300 }, /max_age: there is no such option/],
      [{ acrValues: [] }, /acrValues: must be a list/],
      [{ acrValues: STRONG }, /acrValues: must be a list/],
      [{ acrValues: [2] }, /acrValues: must be a list/],
      [{ acrValues: [''] }, /acrValues: must be a list/],
      [{ acrValues: [`${WEAK} ${STRONG}`] }, /without spaces and quotes/],
      [{ acrValues: ['a"b'] }, /without spaces and quotes/],
      [{ acrValues: ['a\\b'] }, /without spaces and quotes/],
      [{ acrValues: ['a\r\nb'] }, /without spaces and quotes/],
      [{ acrValues: ['stärker'] }, /without spaces and quotes/],
      [{ maxAge: -1 }, /maxAge: must be a whole number/],
      [{ maxAge: 1.5 }, /maxAge: must be a whole number/],
      [{ maxAge: '300' }, /maxAge: must be a whole number/],
      [{ maxAge: NaN }, /maxAge: must be a whole number/],
      [{ maxAge: null }, /maxAge: must be a whole number/],
    ] as const) {
      const require = () => app.requireAuthentication(options as AuthenticationRequirement)
      t.throws(require, { name: 'TypeError', message: why }, JSON.stringify(options))
    }
  },
)
