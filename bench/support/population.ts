import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { newKeyId } from '../../src/api-keys/verification/format.js'
import type { TableNames } from '../../src/dynamodb/tables.js'
import { emailKey, profileItem, profileKey } from '../../src/dynamodb/user-items.js'
import { newId, systemRandom } from '../../src/lib/random.js'
import type { ProgressBar } from '../../src/local/progress-bar.js'
import type { User } from '../../src/users/user.js'
import { type Item, type Put, putAll } from './items.js'
import type { Service } from './service.js'

/** What the service has written for one person. */
interface Person {
  readonly profile: User
  readonly session: Item
  readonly key: Item
  readonly keyCount: Item
}

const WITH_KEYS = 10
const PASSWORD = 'a password of one account alone'

/**
 * Many people with a session each, a tenth of them with an API key, a fifth disabled. All are copies of one person
 * whom the service itself has made.
 */
export class Population {
  readonly #endpoint: string
  readonly #tables: TableNames
  readonly #person: Person

  private constructor({ endpoint, config }: Service, person: Person) {
    this.#endpoint = endpoint
    this.#tables = config.tables
    this.#person = person
  }

  static async begin(service: Service): Promise<Population> {
    return new Population(service, await makePerson(service))
  }

  async growTo(size: number, bar: ProgressBar): Promise<void> {
    await putAll(this.#endpoint, this.#items(size, bar))
  }

  *#items(size: number, bar: ProgressBar): Generator<Put> {
    const { users, refreshTokens, apiKeys } = this.#tables
    for (let number = 0; number < size; number++) {
      const user = this.#user(number)
      yield { table: users, item: { ...profileItem(user), ...profileKey(user.id) } }
      yield { table: users, item: { ...emailKey(user.email), userId: user.id } }
      yield { table: refreshTokens, item: { ...this.#person.session, userId: user.id } }
      bar.advance(1)
      if (number % WITH_KEYS > 0) continue
      const keyId = newKeyId(user.id, systemRandom)
      yield { table: apiKeys, item: { ...this.#person.key, keyId, ownerId: user.id } }
      yield { table: apiKeys, item: { ...this.#person.keyCount, keyId: `OWNER#${user.id}` } }
    }
  }

  #user(number: number) {
    return {
      ...this.#person.profile,
      id: newId(systemRandom),
      email: `person${String(number).padStart(7, '0')}@example.com`,
      status: number % 5 === 0 ? ('disabled' as const) : ('active' as const),
      createdAt: madeAt(number),
    }
  }
}

/** When an account was made: long ago, one a second. */
export function madeAt(number: number): string {
  return new Date(Date.UTC(2020) + number * 1000).toISOString()
}

async function makePerson({ app, client, config, services }: Service): Promise<Person> {
  const login = { email: 'first@example.com', password: PASSWORD }
  const { id } = await services.users.register(login)
  const post = async (url: string, payload: object, token = '') => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await app.inject({ method: 'POST', url, payload, ...(token && { headers }) })
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`)
    return answer.json<{ accessToken: string }>()
  }
  const { accessToken } = await post('/api/auth/login', login)
  await post('/api/apikeys/generate', { name: 'k' }, accessToken)

  const get = async (table: string, key: Item): Promise<Item> => {
    const Key = marshall(key)
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }))
    return unmarshall(Item ?? {})
  }
  const first = async (table: string, index: { IndexName?: string }, attribute: string) => {
    const { Items: [item] = [] } = await client.send(
      new QueryCommand({
        ...{ TableName: table, ...index, KeyConditionExpression: '#key = :id' },
        ...{ ExpressionAttributeNames: { '#key': attribute } },
        ExpressionAttributeValues: marshall({ ':id': id }),
      }),
    )
    return unmarshall(item ?? {})
  }
  const { users, refreshTokens, apiKeys } = config.tables
  return {
    profile: (await get(users, profileKey(id))) as unknown as User,
    session: await first(refreshTokens, {}, 'userId'),
    key: await first(apiKeys, { IndexName: 'byOwner' }, 'ownerId'),
    keyCount: await get(apiKeys, { keyId: `OWNER#${id}` }),
  }
}
