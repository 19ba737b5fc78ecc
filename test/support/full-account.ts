import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { Test } from 'tap'
import { SubjectNumbers } from '../../src/cloud-events/subject-numbers.js'
import { Database } from '../../src/dynamodb/database.js'
import type { TableId } from '../../src/dynamodb/tables.js'
import { changeAddress } from './address-change.js'
import { signInToApp } from './app-tokens.js'
import { authorize, newApp, requestOf } from './authorization.js'
import { Browser } from './browser.js'
import { SECOND } from './clock.js'
import { proveFactors } from './factors.js'
import { fromOwnPage, newSubject, type OpenProvider, type Subject } from './identity-provider.js'
import { type Inviter, newInviter } from './invitations.js'
import { getData, KEYS } from './keys.js'
import { deliveryOf, keyOfMail, MAIL, messages } from './mail.js'
import { askToSignIn, byCode, CONFIRM } from './mail-sign-in.js'
import { jarOf, submit } from './pages.js'
import { addPasskey, newPasskey } from './passkeys.js'
import { type Account, newAccount, type Service, startService } from './service.js'

export type Item = Readonly<Record<string, unknown>>

/** An account that has items of each kind that are kept of a person (`PERSONAL_KINDS`). */
export interface FullAccount {
  readonly account: Account
  readonly subject: Subject
  readonly addresses: readonly string[]
  readonly keyIds: readonly string[]
  /** Of a session that has just proved both factors. */
  readonly token: string
  readonly apiKey: string
}

/** Makes one. The service must send mail, and have no policy of second factors. */
export async function makeFullAccount(
  t: Test,
  service: Service,
  provider: OpenProvider,
): Promise<FullAccount> {
  const inviter = await newInviter(service)
  const { email: invited } = await inviter.invite()
  const first = await service.signUp({ email: invited })
  const { email, password } = first
  const subject = { ...newSubject(), email, name: 'Ada L.' }
  const browser = new Browser(service)
  browser.setCookies(jarOf(await submit(service, '/login', { email, password })))
  await service.post('/api/auth/email/verification', undefined, fromOwnPage(browser))
  await provider.signIn(browser, subject, '?link=true')

  const { account, token } = await changeAddress(service, first)
  await service.call('PATCH', '/api/profile', { token, body: { name: 'Ada' } })
  const make = async () => (await service.post(`${KEYS}/generate`, { name: 'k' }, { token })).body
  const [kept, gone] = [await make(), await make()]
  for (const { apiKey } of [kept, gone]) await getData(service, apiKey as string)
  await service.services.keyUsage.flush()
  await service.delete(`${KEYS}/${gone.key.id}`, { token })

  const wrong = newAccount().password
  await service.post('/api/auth/login', { email: account.email, password: wrong })
  await service.post(
    '/api/auth/password',
    { currentPassword: wrong, newPassword: newAccount().password },
    { token },
  )
  service.clock.advance(SECOND)
  await service.post('/api/auth/password/forgot', { email: account.email })
  const app = await signInToApp(service, {}, account)
  await app.newCode({ epoch: 2 })
  await authorize(service, requestOf(await newApp(service), { login_hint: account.email }))
  await beginFactors(t, { service, inviter }, { account, token })
  await deliverOne(service, account)
  await proveFactors(service, token)
  return {
    account,
    subject,
    addresses: [first.email, account.email],
    keyIds: [kept.key.id, gone.key.id],
    token,
    apiKey: kept.apiKey,
  }
}

/** Adds a passkey, and begins all else that has to do with second factors and is good for a while. */
async function beginFactors(
  t: Test,
  { service, inviter }: { readonly service: Service; readonly inviter: Inviter },
  { account, token }: { readonly account: Account; readonly token: string },
): Promise<void> {
  const { id, email, password } = account
  const env = { ...MAIL, SECOND_FACTOR: 'required' }
  const strict = await startService(t, { beside: service, env })
  await strict.post(CONFIRM, byCode(await askToSignIn(strict, email)))
  await addPasskey(service, token, newPasskey(service))
  await service.post('/api/auth/login', { email, password })
  await service.post('/api/auth/step-up', undefined, { token })
  await inviter.call('POST', `/users/${id}/factors-removal`)
}

/** Does to one notice of an account, and to one of its events, what the workers do. */
async function deliverOne(service: Service, { id }: Account): Promise<void> {
  const database = new Database(service.client)
  const table = service.config.tables.events
  const [notice] = (await messages(service)).filter(({ account }) => account === id)
  if (!notice) throw new Error('there is no notice')
  await deliveryOf(service).deliver(keyOfMail(notice))
  const { events = [] } = await allItems(service)
  const event = events.find(({ userId, times }) => userId === id && times === undefined)
  await new SubjectNumbers({ database, table }).of({ userId: id, eventId: String(event?.eventId) })
}

/** All items of all tables, by the table. */
export async function allItems({ client, config }: Service): Promise<Record<string, Item[]>> {
  const found: Record<string, Item[]> = {}
  for (const [table, TableName] of Object.entries(config.tables)) {
    found[table] = []
    const pages = paginateScan({ client: DynamoDBDocumentClient.from(client) }, { TableName })
    for await (const { Items = [] } of pages) found[table].push(...Items)
  }
  return found
}

/** Those that hold one of some texts. */
export async function itemsWith(service: Service, texts: readonly string[]) {
  const tables = Object.entries(await allItems(service)) as [TableId, Item[]][]
  return tables.flatMap(([table, items]) =>
    items.filter((item) => isAbout(item, texts)).map((item) => ({ table, item })),
  )
}

export function isAbout(what: unknown, texts: readonly string[]): boolean {
  const json = JSON.stringify(what, (_key, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : value,
  )
  return texts.some((text) => json.includes(text))
}

/** That nothing of a person is left, but what the tombstones say. */
export async function assertGone(
  t: Test,
  service: Service,
  { account, addresses, keyIds }: Pick<FullAccount, 'account' | 'addresses' | 'keyIds'>,
): Promise<void> {
  const { id } = account
  const left = await itemsWith(service, [id, ...addresses, ...keyIds])
  const erasedAt = left[0]?.item.erasedAt
  t.same(
    left.sort((a, b) => a.table.localeCompare(b.table)),
    [
      { table: 'events', item: { userId: 'ERASED', eventId: id, erasedAt } },
      { table: 'users', item: { pk: `USER#${id}`, erasedAt } },
    ],
    'only the tombstones',
  )
}
