import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verifyBcrypt } from './bcrypt.js'
import { parseImported, type Pbkdf2Digest, type ScryptDigest } from './digest.js'

const derivePbkdf2 = promisify(pbkdf2)
const SCRYPT_KEY_BYTES = 32
const AES_BLOCK_BYTES = 16

/**
 * Whether a password is the one of an imported digest. It is taken as it was typed: none of the systems that digests come
 * from has a normal form. Nothing of the work is on the event loop.
 * @param digest as the profile keeps it.
 * @throws {DigestError} for one that no import has made.
 */
export async function verifyImported(digest: string, password: string): Promise<boolean> {
  const parsed = parseImported(digest)
  switch (parsed.kind) {
    case 'bcrypt':
      return verifyBcrypt(parsed.text, password)
    case 'argon2':
      return (await import('argon2')).default.verify(parsed.text, password)
    case 'pbkdf2':
      return verifyPbkdf2(parsed, password)
    case 'scrypt':
      return verifyScrypt(parsed, password)
  }
}

async function verifyPbkdf2(
  { algorithm, iterations, salt, hash }: Pbkdf2Digest,
  password: string,
): Promise<boolean> {
  const derived = await derivePbkdf2(password, salt, iterations, hash.length, algorithm)
  return timingSafeEqual(derived, hash)
}

/** Firebase's own scrypt encrypts a key of the project by AES-256-CTR under what scrypt derives. */
async function verifyScrypt(
  { memCost, rounds, salt, stream }: ScryptDigest,
  password: string,
): Promise<boolean> {
  const N = 2 ** memCost
  const costs = { N, r: rounds, p: 1, maxmem: 256 * N * rounds }
  const key = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, SCRYPT_KEY_BYTES, costs, (error, derived) =>
      error ? reject(error) : resolve(derived),
    )
  })
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(AES_BLOCK_BYTES))
  return timingSafeEqual(cipher.update(Buffer.alloc(stream.length)), stream)
}
