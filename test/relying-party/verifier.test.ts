import t, { type Test } from 'tap'
import {
  createKeyVerifier,
  createVerifier,
  VerificationError,
  type VerifierOptions,
} from '../../src/relying-party/verifier.js'
import { signInToApp } from '../support/app-tokens.js'
import { MINUTE } from '../support/clock.js'
import { startIssuer } from '../support/issuer.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { BILLING, newTokenFor, ORDERS, signInTo } from '../support/resources.js'
import { machineToken } from '../support/social.js'

/** What a verification was refused with. */
async function refusal(t: Test, verification: Promise<unknown>): Promise<VerificationError> {
  const error = await verification.then(
    () => t.fail('it was let through') as never,
    (error: unknown) => error,
  )
  if (error instanceof VerificationError) return error
  throw error
}

t.test('latchkey/verifier for any framework', async (t) => {
  const issuer = await startIssuer(t)
  const { service, url } = issuer
  const of = (options: Partial<VerifierOptions> = {}) =>
    createVerifier({ issuer: url, resource: ORDERS, ...options })
  const account = await service.signUp()
  const { accessToken: token } = await signInTo(service, ORDERS, account)
  const machine = await machineToken(service, await (await newOwner(service)).generate())

  t.test('latchkey/verifier gives the claims of a person’s token', async (t) => {
    t.match(await of().verify(token), { sub: account.id, aud: ORDERS, role: 'user' })
    t.match(await of().verifyHeader(`Bearer ${token}`), { sub: account.id })
    t.match(await of().verifyHeader(`bearer ${token}`), { sub: account.id })
  })

  t.test('latchkey/verifier tells people and machines apart by an option', async (t) => {
    t.match(await refusal(t, of().verify(machine)), {
      status: 401,
      code: 'TOKEN_INVALID',
      reason: 'it is of a machine',
    })
    t.match(await of({ accept: 'machines' }).verify(machine), { aud: ORDERS })
    t.match(await refusal(t, of({ accept: 'machines' }).verify(token)), { status: 401 })
    t.match(await of({ accept: 'both' }).verify(machine), { aud: ORDERS })
    t.match(await of({ accept: 'both' }).verify(token), { sub: account.id })
  })

  t.test(
    'latchkey/verifier takes the token of an app of others where a scope is named',
    async (t) => {
      const asked = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
      const { access_token: ofOthers } = await (await signInToApp(service)).tokens(asked)
      for (const accept of ['people', 'both'] as const) {
        t.match(await refusal(t, of({ accept }).verify(ofOthers)), {
          status: 403,
          code: 'INSUFFICIENT_SCOPE',
          headers: { 'www-authenticate': /scope="user"/ },
        })
        t.match(await of({ accept }).verify(ofOthers, { scopes: ['orders:read'] }), { aud: ORDERS })
      }
    },
  )

  t.test('latchkey/verifier refuses what is not for this API, and tells the log why', async (t) => {
    const { accessToken: own } = await service.signIn(account)
    const refused = await refusal(t, of().verify(own))
    t.match(refused, { status: 401, reason: "this app sends us Latchkey's own token" })
    t.notMatch(JSON.stringify(refused.body), 'own token', 'and not the sender')
    const other = await newTokenFor(service, BILLING)
    t.match(await refusal(t, of().verify(other)), { reason: /aud is/ })
  })

  t.test('latchkey/verifier answers as the service does', async (t) => {
    const { status, code, headers, body } = await refusal(t, of().verifyHeader(undefined))
    t.same([status, code], [401, 'ACCESS_TOKEN_REQUIRED'])
    t.match(headers, {
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer realm="latchkey"',
    })
    t.match(body, { type: `${url}/errors#ACCESS_TOKEN_REQUIRED`, status: 401 })
    const answer = (await refusal(t, of().verify('nonsense'))).toResponse()
    t.equal(answer.status, 401)
    t.match(await answer.json(), { code: 'TOKEN_INVALID' })
    for (const header of ['Bearer', 'Bearer a b', 'Bearer a, Bearer b']) {
      t.match(await refusal(t, of().verifyHeader(header)), { status: /^40[01]$/ }, header)
    }
  })

  t.test(
    'latchkey/verifier asks for scopes, a role, and a stronger or fresher sign-in',
    async (t) => {
      t.match(await of().verify(token, { scopes: ['orders:read'], role: 'user' }), {})
      t.match(await refusal(t, of().verify(token, { scopes: ['orders:write'] })), {
        status: 403,
        code: 'INSUFFICIENT_SCOPE',
        headers: { 'www-authenticate': /scope="orders:write"/ },
      })
      t.match(await refusal(t, of().verify(token, { role: 'admin' })), { code: 'FORBIDDEN' })
      const stronger = { acrValues: ['urn:latchkey:2'] }
      t.match(await refusal(t, of().verify(token, stronger)), {
        status: 401,
        headers: { 'www-authenticate': /insufficient_user_authentication/ },
      })
      t.match(await of().verify(token, { maxAge: 60 }), {})
      service.clock.advance(2 * MINUTE)
      t.match(await refusal(t, of().verify(token, { maxAge: 60 })), { status: 401 })
      await t.rejects(of().verify(token, { maxAge: -1 }), TypeError)
    },
  )

  t.test(
    'latchkey/verifier reads the keys before the first token, and knows them in an outage',
    async (t) => {
      const verifier = of()
      issuer.asked.length = 0
      await verifier.hydrate()
      t.same(issuer.asked, ['GET /.well-known/jwks.json'])
      const { accessToken: fresh } = await signInTo(service, ORDERS, account)
      issuer.away = true
      t.match(await verifier.verify(fresh), { sub: account.id })
      const refused = await refusal(t, of().hydrate())
      t.match(refused, { status: 503, headers: { 'retry-after': /^\d+$/ } })
      issuer.away = false
    },
  )

  t.test(
    'latchkey/verifier is not made for what can be no issuer, API or kind of caller',
    async (t) => {
      t.throws(() => of({ issuer: `${url}/` }), TypeError)
      t.throws(() => of({ resource: url }), TypeError)
      t.throws(() => of({ accept: 'anyone' as never }), TypeError)
    },
  )
})

t.test('latchkey/verifier of API keys for any framework', async (t) => {
  const { service, url: issuer } = await startIssuer(t)
  const { secret: introspectionKey } = await (
    await newAdmin(service)
  ).generate({ scopes: ['token:introspect'] })
  const keys = createKeyVerifier({ issuer, introspectionKey })
  const partner = await newOwner(service)
  const { secret, id } = await partner.generate({ scopes: ['data:read'] })
  const address = '192.0.2.1'
  t.match(await keys.verify(secret, { address, scopes: ['data:read'] }), { keyId: id })
  t.match(await refusal(t, keys.verify(secret, { address, scopes: ['data:write'] })), {
    status: 403,
    code: 'INSUFFICIENT_SCOPE',
  })
  t.match(await refusal(t, keys.verify(undefined, { address })), {
    status: 401,
    code: 'API_KEY_REQUIRED',
    headers: { 'www-authenticate': /ApiKey/ },
  })
  t.match(await refusal(t, keys.verify('nonsense', { address })), { code: 'API_KEY_INVALID' })
  t.throws(() => createKeyVerifier({ issuer, introspectionKey: undefined }), TypeError)
})
