import { createPublicKey, verify } from 'node:crypto'
import t from 'tap'
import { AccessTokenSigner } from '../../src/access-tokens/signer.js'
import { newKeyPair } from '../../src/keyring/signing-key.js'
import { systemRandom } from '../../src/lib/random.js'

const CLAIMS = {
  sub: 'user',
  client_id: 'latchkey',
  iat: 1,
  exp: 901,
  jti: 'token',
  scope: 'user',
}

t.test('a token has the signature of the key that signs when it is made', async (t) => {
  const first = await newKeyPair(systemRandom)
  const second = await newKeyPair(systemRandom)
  // A ring that is written by hand may give a key the id of another.
  const keys = [first, second, first, { ...second, kid: first.kid }]
  let signing = first
  const signer = new AccessTokenSigner({
    issuer: 'https://auth.example.com',
    audience: 'latchkey',
    signingKey: async () => signing,
  })
  for (const key of keys) {
    signing = key
    const tokens = { 'at+jwt': await signer.sign(CLAIMS), JWT: await signer.signAs('JWT', CLAIMS) }
    for (const [typ, token] of Object.entries(tokens)) {
      const [header = '', payload = '', signature = ''] = token.split('.')
      t.same(JSON.parse(text(header)), { alg: 'RS256', typ, kid: key.kid })
      const input = Buffer.from(`${header}.${payload}`)
      const publicKey = createPublicKey(key.privateKey)
      t.ok(verify('RSA-SHA256', input, publicKey, Buffer.from(signature, 'base64url')))
    }
  }
})

const text = (part: string): string => Buffer.from(part, 'base64url').toString()
