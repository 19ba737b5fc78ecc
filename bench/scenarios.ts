/** A server of a scenario. */
export interface Contender {
  readonly name: string
  /** A file of `own/` or `peers/`. */
  readonly peer: string
  /** What the file calls the server. */
  readonly serves: string
  /** The least share of the baseline's rate that is good enough. */
  readonly goal?: number
}

export interface Scenario {
  readonly title: string
  /** The length of a slice. */
  readonly seconds: number
  /** How many answers end a slice sooner: each needs a credential that no call before has used, and those are made beforehand. */
  readonly answers?: number
  /** Whether the load sleeps while it waits: the embedded DynamoDB, which answers meanwhile, is on its core. */
  readonly sleeps?: boolean
  /** The first is the baseline. */
  readonly contenders: readonly [Contender, ...Contender[]]
}

const LATCHKEY = { name: 'Latchkey', peer: 'own/latchkey' }

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  protected: {
    title: 'A protected route with an access token',
    seconds: 1,
    contenders: [
      { name: 'bare Fastify', peer: 'own/bare', serves: 'protectedRoute' },
      { name: 'bare, with our headers', peer: 'own/bare', serves: 'protectedRouteWithHeaders' },
      { ...LATCHKEY, serves: 'protectedRoute', goal: 0.65 },
      { ...LATCHKEY, name: 'Latchkey, uncached', serves: 'uncached', goal: 0.33 },
      { name: 'a Map of verified tokens', peer: 'own/map', serves: 'protectedRoute' },
      { name: 'one signature, no cache', peer: 'own/map', serves: 'uncached' },
      { name: '@fastify/jwt with cache', peer: 'peers/fastify-jwt', serves: 'protectedRoute' },
      { name: '@fastify/jwt', peer: 'peers/fastify-jwt', serves: 'uncached' },
      { name: 'Hono jwt', peer: 'peers/hono', serves: 'protectedRoute' },
      { name: 'Express, jsonwebtoken', peer: 'peers/express', serves: 'protectedRoute' },
      { name: 'Better Auth session', peer: 'peers/better-auth', serves: 'protectedRoute' },
      { name: 'OpenAuth verify', peer: 'peers/openauth', serves: 'protectedRoute' },
      { name: 'oidc-provider userinfo', peer: 'peers/oidc-provider', serves: 'protectedRoute' },
    ],
  },
  key: {
    title: 'A route with an API key',
    seconds: 1,
    contenders: [
      { name: 'bare Fastify', peer: 'own/bare', serves: 'key' },
      { name: 'bare, with our headers', peer: 'own/bare', serves: 'keyWithHeaders' },
      { ...LATCHKEY, serves: 'key', goal: 0.6 },
      { name: 'a Map of keys', peer: 'own/map', serves: 'key' },
      { name: 'Better Auth API key', peer: 'peers/better-auth', serves: 'key' },
    ],
  },
  'sign-in': {
    title: 'A sign-in with a password',
    seconds: 3,
    sleeps: true,
    contenders: [
      { name: 'raw argon2id', peer: 'own/bare', serves: 'signIn' },
      { ...LATCHKEY, serves: 'signIn', goal: 0.8 },
      { name: 'Express, bcrypt', peer: 'peers/express', serves: 'signIn' },
      { name: 'Better Auth, scrypt', peer: 'peers/better-auth', serves: 'signIn' },
      { name: 'Better Auth, argon2id', peer: 'peers/better-auth', serves: 'signInArgon2id' },
    ],
  },
  refresh: {
    title: 'A refresh of an access token',
    seconds: 4,
    answers: 500,
    sleeps: true,
    contenders: [
      { name: 'the same requests, bare', peer: 'own/bare', serves: 'refresh' },
      { ...LATCHKEY, serves: 'refresh', goal: 0.65 },
      { name: 'OpenAuth in memory', peer: 'peers/openauth', serves: 'refresh' },
      { name: 'oidc-provider in memory', peer: 'peers/oidc-provider', serves: 'refresh' },
    ],
  },
}
