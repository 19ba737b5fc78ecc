import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { newId, systemRandom } from '../../src/lib/random.js'
import { hashSecret } from '../../src/sessions/refresh-token.js'
import { putAll } from './items.js'
import type { Service } from './service.js'
import type { Tries } from './sizes.js'

const PASSWORD = 'long enough for a bench'
/** An instance looks how many sessions there are at each sixth sign-in of a person. */
const SIGN_INS_UNTIL_LOOK = 5

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

/** A person with so many sessions, and what they do with them. */
export class PersonWithSessions {
  readonly #service: Service
  readonly #tries: Tries
  readonly #counts: boolean
  readonly #login = { email: `${newId(systemRandom)}@example.com`, password: PASSWORD }

  constructor(service: Service, tries: Tries, counts: boolean) {
    this.#service = service
    this.#tries = tries
    this.#counts = counts
  }

  /** Has one session before it has others, so that its device is known. */
  async live(size: number): Promise<void> {
    const { id } = await this.#service.services.users.register(this.#login)
    const first = await this.#signIn()
    if (size > 1) await this.#copySession(id, size - 2)

    let tokens = await this.#do('sign-in', () => this.#signIn())
    for (let number = 2; number < SIGN_INS_UNTIL_LOOK; number++)
      await this.#signOut(await this.#signIn())
    await this.#signOut(first)
    await this.#do('each sixth sign-in', () => this.#signIn())
    tokens = await this.#do('refresh', () =>
      this.#ask<Tokens>({
        ...{ method: 'POST', url: '/api/auth/refresh' },
        payload: { refreshToken: tokens.refreshToken },
      }),
    )
    const { sessions } = await this.#do('list of sessions', () =>
      this.#ask<{ sessions: { id: string; current: boolean }[] }>({
        ...{ method: 'GET', url: '/api/auth/sessions', headers: bearer(tokens) },
      }),
    )
    const other = sessions.find(({ current }) => !current)
    await this.#do('end of one', () =>
      this.#ask({
        ...{ method: 'DELETE', url: `/api/auth/sessions/${other?.id}`, headers: bearer(tokens) },
      }),
    )
    await this.#do('end of all', () =>
      this.#ask({ method: 'DELETE', url: '/api/auth/sessions', headers: bearer(tokens) }),
    )
  }

  #do<T>(name: string, operate: () => Promise<T>): Promise<T> {
    return this.#tries.do(this.#counts ? name : undefined, operate)
  }

  #signIn(): Promise<Tokens> {
    return this.#ask({ method: 'POST', url: '/api/auth/login', payload: this.#login })
  }

  #signOut(tokens: Tokens): Promise<unknown> {
    return this.#ask({ method: 'POST', url: '/api/auth/logout', headers: bearer(tokens) })
  }

  /** Others like the one that there is. */
  async #copySession(userId: string, count: number): Promise<void> {
    const { services, config, endpoint } = this.#service
    const [sample] = await services.database.query({
      TableName: config.tables.refreshTokens,
      KeyConditionExpression: 'userId = :userId',
      ExpressionAttributeValues: { ':userId': userId },
    })
    const copies = Array.from({ length: count }, () => ({
      table: config.tables.refreshTokens,
      item: { ...sample, sessionId: newId(systemRandom), currentHash: hashSecret(randomBytes(32)) },
    }))
    await putAll(endpoint, copies)
  }

  /** @throws {Error} for an answer that is not what was asked for. */
  async #ask<T>(options: InjectOptions & { readonly url: string }): Promise<T> {
    const answer = await this.#service.app.inject(options)
    if (answer.statusCode >= 300)
      throw new Error(`${options.url}: ${answer.statusCode} ${answer.body}`)
    return (answer.body === '' ? undefined : answer.json()) as T
  }
}

const bearer = ({ accessToken }: Tokens) => ({ authorization: `Bearer ${accessToken}` })
