import { readFirebaseParameters } from '../../src/imports/firebase.js'
import type { ImportRow } from '../../src/imports/row.js'

interface Vector {
  readonly source: string
  readonly password: string
  readonly passwordHash: NonNullable<ImportRow['passwordHash']>
}

/** The parameters of the project whose vector Firebase publishes, as its console shows them. */
export const FIREBASE_CONFIG = `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}`

export const FIREBASE = readFirebaseParameters(FIREBASE_CONFIG)

const CRYPT_BLOWFISH = 'crypt_blowfish 1.3, wrapper.c'
const KEYCLOAK = 'an export of a realm of Keycloak'
const ARGON2 = 'phc-winner-argon2, src/test.c'

/** What the original systems publish. */
export const VECTORS: Readonly<Record<string, Vector>> = {
  'bcrypt $2a$': {
    source: CRYPT_BLOWFISH,
    password: 'U*U*U',
    passwordHash: '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a',
  },
  'bcrypt $2b$': {
    source: CRYPT_BLOWFISH,
    password: 'U*U*U',
    passwordHash: '$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a',
  },
  'bcrypt $2y$': {
    source: CRYPT_BLOWFISH,
    password: 'U*U*',
    passwordHash: '$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK',
  },
  'bcrypt of more than 72 bytes': {
    source: CRYPT_BLOWFISH,
    password:
      '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
    passwordHash: '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
  },
  'PBKDF2 of Django': {
    source: 'Django 4.1, tests/auth_tests/test_hashers.py',
    password: 'lètmein',
    passwordHash: 'pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=',
  },
  'PBKDF2 with SHA-256 of Keycloak': {
    source: KEYCLOAK,
    password: 'password',
    passwordHash: keycloak('pbkdf2-sha256', 27_500, {
      value: 'JsfNbCOIdZUbyBJ+BT+VoGI91Ec2rWLOvkLPDaX8e9k=',
      salt: 'P5rtFkGtPfoaryJ6PizUJw==',
    }),
  },
  'PBKDF2 of two blocks of Keycloak': {
    source: KEYCLOAK,
    password: 'Password1',
    passwordHash: keycloak('pbkdf2-sha256', 27_500, {
      value:
        'UsKAhMJtom6iw6vtMcMmJYIUqafeauEd6gaBKpJXByIc7SkJxJACkNlKOAEFci6cnoxU9jUPLATLk+PMno143g==',
      salt: 'kAzT9d8gCl6l5DjQ+D8Vlw==',
    }),
  },
  'PBKDF2 with SHA-512 of Keycloak': {
    source: KEYCLOAK,
    password: 'password',
    passwordHash: keycloak('pbkdf2-sha512', 210_000, {
      value:
        '5IL4kCCyOerhaEHfdK1BbjYxO6HitYLRtJOxwD8MUZH5wCgc1edmf35rWiP9sRxEwnQDstxch8twKh08Usi1fQ==',
      salt: 'JaBKqx57IIB/dLDTpWBu+Q==',
    }),
  },
  'scrypt of Firebase': {
    source: 'github.com/firebase/scrypt, README.md',
    password: 'user1password',
    passwordHash: {
      hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC+ixf3L2lw==',
    },
  },
  argon2i: {
    source: ARGON2,
    password: 'password',
    passwordHash:
      '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  },
  argon2id: {
    source: ARGON2,
    password: 'password',
    passwordHash:
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  },
}

/** A credential of type `password` as Keycloak exports it. */
export function keycloak(
  algorithm: string,
  hashIterations: number,
  secret: { readonly value: string; readonly salt: string },
  additionalParameters: Readonly<Record<string, readonly string[]>> = {},
) {
  return {
    id: '6b1f2c9e-3d5c-4b6f-9d0e-0c1f2f3a4b5c',
    type: 'password',
    createdDate: 1_740_654_903_754,
    secretData: JSON.stringify({ ...secret, additionalParameters: {} }),
    credentialData: JSON.stringify({ hashIterations, algorithm, additionalParameters }),
  }
}
