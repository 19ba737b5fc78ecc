/** A server of a scenario. */
export interface Contender {
  readonly name: string
  /** A file of `peers/`. */
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
  /** The first is the baseline. */
  readonly contenders: readonly [Contender, ...Contender[]]
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  protected: {
    title: 'A protected route with an access token',
    seconds: 1.5,
    contenders: [
      { name: 'bare Fastify', peer: 'bare', serves: 'protectedRoute' },
      { name: 'Latchkey', peer: 'latchkey', serves: 'protectedRoute', goal: 0.65 },
      { name: 'Latchkey, uncached', peer: 'latchkey', serves: 'uncached', goal: 0.33 },
    ],
  },
  key: {
    title: 'A route with an API key',
    seconds: 1.5,
    contenders: [
      { name: 'bare Fastify', peer: 'bare', serves: 'key' },
      { name: 'Latchkey', peer: 'latchkey', serves: 'key', goal: 0.6 },
    ],
  },
  'sign-in': {
    title: 'A sign-in with a password',
    seconds: 3,
    contenders: [
      { name: 'raw argon2id', peer: 'bare', serves: 'signIn' },
      { name: 'Latchkey', peer: 'latchkey', serves: 'signIn', goal: 0.8 },
    ],
  },
  refresh: {
    title: 'A refresh of an access token',
    seconds: 1.5,
    contenders: [
      { name: 'the same requests, bare', peer: 'bare', serves: 'refresh' },
      { name: 'Latchkey', peer: 'latchkey', serves: 'refresh', goal: 0.65 },
    ],
  },
}
