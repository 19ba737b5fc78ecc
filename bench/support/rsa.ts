import { generateKeyPairSync } from 'node:crypto'

/** PEM, of as many bits as Latchkey's signing key: every JWT of the comparison is RS256, or what its library signs by itself. */
export const newRsaKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
