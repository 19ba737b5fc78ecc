import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { pathOf, readDocument } from '../support/documents.js'

/** Each file of the sources with its text; comments are no code. */
const SOURCES = new Map(
  readdirSync(pathOf('src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && file !== 'client/api.ts')
    .map((file) => [file, withoutComments(readFileSync(pathOf(`src/${file}`), 'utf8'))]),
)

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** The files whose text matches. */
const filesWith = (pattern: RegExp): string[] =>
  [...SOURCES]
    .filter(([, source]) => pattern.test(source))
    .map(([file]) => file)
    .sort()

/** What is matched in any file, each once. */
const found = (pattern: RegExp): string[] =>
  [...new Set([...SOURCES.values()].flatMap((source) => source.match(pattern) ?? []))].sort()

t.test(
  'no broken algorithm of cryptography is in the sources (ASVS V11.3.1, V11.4.1)',
  async (t) => {
    t.same(filesWith(/\bmd5\b|\bmd4\b|ripemd|\brc4\b|\bdes-|3des|blowfish|-ecb\b|-cbc\b/i), [])
    t.same(filesWith(/publicEncrypt|privateDecrypt|RSA1_5|createCipher\(/), [])
    // HMAC-SHA-1 is what every authenticator app makes (RFC 6238 §1.2); collisions of SHA-1 do not touch it.
    t.same(filesWith(/sha-?1\b/i), ['factors/schemas.ts', 'factors/totp.ts'])
    t.same(found(/createHash\('[^']+'|createHash\([^']/g), ["createHash('sha256'"])
    t.same(found(/createHmac\('[^']+'|createHmac\([^']/g), ["createHmac('sha256'"])
    // Firebase's own scrypt ends in AES-CTR over its signer key: a hash, which seals nothing.
    t.same(found(/aes-[\w-]+/g), ['aes-256-ctr', 'aes-256-gcm'])
    t.same(filesWith(/aes-256-ctr/), ['users/imported/verify.ts'])
    t.same(filesWith(/aes-256-gcm/), ['factors/sealed-secret.ts'])
    t.same(filesWith(/'dir'|A\d+GCM|A\d+CBC/), ['lib/sealed.ts'])
  },
)

t.test('cryptography comes from these libraries alone (ASVS V11.2.1)', async (t) => {
  const packages = found(/(?<=from '|import\('|resolve\(')[^'.][^']*/g)
  const cryptographic = packages.filter((name) =>
    /crypt|hash|cipher|jwt|jose|sign|ssl|forge|nacl|elliptic|argon|otp|webauthn/i.test(name),
  )
  t.same(cryptographic, [
    '@fastify/jwt',
    '@simplewebauthn/server',
    '@simplewebauthn/server/helpers',
    '@smithy/signature-v4',
    'argon2',
    'bcryptjs',
    'jose',
    'node:crypto',
    'otpauth',
  ])
})

t.test(
  'secrets are of the system’s generator, and no UUID is one (ASVS V6.5.3, V11.5.1)',
  async (t) => {
    t.same(filesWith(/Math\.random/), [])
    t.same(filesWith(/\brandomBytes\b/), [
      'lib/random.ts',
      'local/identity-provider/provider.ts',
      'local/identity-provider/server.ts',
      'testing/fake-issuer.ts',
    ])
    // Ids of requests, names of files, and what the issuer for tests makes.
    t.same(filesWith(/\brandomUUID\b/), [
      'aws/edge-answers.ts',
      'frame.ts',
      'http/client-errors.ts',
      'local/engine.ts',
      'local/file-key-ring.ts',
      'relying-party/verification-error.ts',
      'testing/fake-issuer.ts',
    ])
  },
)

t.test('no regular expression is made of what a caller sends (ASVS V1.2.9)', async (t) => {
  // Each of these is made once, of constants, or of the schema of a variable of the environment.
  t.same(filesWith(/new RegExp\(/), [
    'config/environment.ts',
    'config/sign-up-setting.ts',
    'factors/recovery-codes.ts',
    'lib/display-name.ts',
    'social/flow-cookies.ts',
  ])
})

t.test('SECURITY.md lists the cryptography in use (ASVS V11.1.2)', async (t) => {
  const [, list = ''] = /^Cryptography in use: (.*)$/m.exec(readDocument('SECURITY.md')) ?? []
  for (const name of [
    ...['argon2id', 'RSASSA-PKCS1-v1_5', 'HMAC-SHA-256', 'SHA-256', 'HKDF', 'AES-256-GCM'],
    ...['HMAC-SHA-1', 'EdDSA', 'ES256', 'RS256', 'bcrypt', 'PBKDF2', 'scrypt', 'CSPRNG'],
  ]) {
    t.ok(list.includes(name), name)
  }
})
