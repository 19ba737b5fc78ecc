import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { MINUTE } from './clock.js'
import type { Account, Answer, Call, Service } from './service.js'

export const KEYS = '/api/apikeys'

/** A key as its owner has it after making it. */
export interface Generated {
  readonly id: string
  readonly secret: string
}

/** A user who makes keys. */
export interface Owner {
  readonly id: string
  readonly account: Account
  /** A call below `/api/apikeys` under a token that is fresh by the service's clock. */
  call(method: string, path?: string, body?: unknown): Promise<Answer>
  /** The same below `/api/admin/users`. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>
  generate(settings?: object): Promise<Generated>
  /** @returns the new secret. */
  rotate(id: string, overlapSeconds: number): Promise<string>
  patch(id: string, changes: object): Promise<Answer>
  /** A key as the API shows it. */
  show(id: string): Promise<any>
}

const TOKEN_AGE = 10 * MINUTE

/** Signs a user up, and in again whenever the clock has gone past their token. */
export async function newOwner(service: Service): Promise<Owner> {
  const account = await service.signUp()
  let session = { token: '', until: -Infinity }

  const freshToken = async (): Promise<string> => {
    if (service.clock() >= session.until) {
      const { accessToken } = await service.signIn(account)
      session = { token: accessToken, until: service.clock() + TOKEN_AGE }
    }
    return session.token
  }
  const call: Owner['call'] = async (method, path = '', body) =>
    service.call(method, KEYS + path, { token: await freshToken(), body })

  return {
    id: account.id,
    account,
    call,
    admin: async (method, path, body) =>
      service.call(method, `/api/admin/users${path}`, { token: await freshToken(), body }),
    async generate(settings = {}) {
      const { body } = expectStatus(
        201,
        await call('POST', '/generate', { name: 'k', ...settings }),
      )
      return { id: body.key.id, secret: body.apiKey }
    },
    async rotate(id, overlapSeconds) {
      const answer = await call('POST', `/${id}/rotate`, { overlapSeconds })
      return expectStatus(201, answer).body.apiKey
    },
    patch: async (id, changes) => expectStatus(200, await call('PATCH', `/${id}`, changes)),
    show: async (id) => expectStatus(200, await call('GET', `/${id}`)).body.key,
  }
}

/** A user who has been an administrator for years. */
export async function newAdmin(service: Service): Promise<Owner> {
  const admin = await newOwner(service)
  await service.services.users.store.change(admin.id, { role: 'admin' })
  await setAdminSince(service, admin.id, '2020-01-01T00:00:00.000Z')
  return admin
}

/** Lets an administrator have the role since a time, or, without one, since before times were kept. */
export async function setAdminSince({ client, config }: Service, id: string, since?: string) {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${id}` },
      UpdateExpression: since === undefined ? 'REMOVE adminSince' : 'SET adminSince = :since',
      ...(since !== undefined && { ExpressionAttributeValues: { ':since': since } }),
    }),
  )
}

/** The smallest route that asks for a key. */
export const getData = (service: Service, secret: string, call: Call = {}): Promise<Answer> =>
  service.get('/api/data', { ...call, headers: { 'x-api-key': secret, ...call.headers } })

/** The status of a call with the key. */
export const statusOf = async (service: Service, secret: string): Promise<number> =>
  (await getData(service, secret)).status

function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer
  throw new Error(`expected ${status}, not ${answer.status} ${answer.text}`)
}
