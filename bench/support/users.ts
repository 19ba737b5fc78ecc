import argon2 from 'argon2'

export interface BenchUser {
  readonly id: string
  readonly email: string
}

/** Who uses each contender that lets ids be chosen; each has a credential of their own. */
export const USERS: readonly BenchUser[] = Array.from({ length: 100 }, (_, number) => ({
  id: `user-${String(number).padStart(17, '0')}`,
  email: `user-${number}@example.com`,
}))

export const PASSWORD = 'a long password of all users'

/** Of each contender whose hash can be set: Latchkey's defaults, which OWASP's cheat sheet names. */
export const ARGON2ID = {
  type: argon2.argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const
