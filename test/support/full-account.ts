import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { Test } from 'tap'
import { changeAddress } from './address-change.js'
import { signInToApp } from './app-tokens.js'
import { Browser } from './browser.js'
import { MINUTE, SECOND } from './clock.js'
import { proveFactors } from './factors.js'
import { fromOwnPage, newSubject, type OpenProvider, type Subject } from './identity-provider.js'
import { getData, KEYS } from './keys.js'
import { addPasskey, newPasskey } from './passkeys.js'
import { type Account, newAccount, type Service } from './service.js'

export type Item = Readonly<Record<string, unknown>>

/** An account of which every table that can hold something does. */
export interface FullAccount {
  readonly account: Account
  readonly subject: Subject
  readonly addresses: readonly string[]
  readonly keyIds: readonly string[]
  /** Of a session that has just proved both factors. */
  readonly token: string
  readonly refreshToken: string
  readonly apiKey: string
}

/** Makes one. The service must send mail. */
export async function makeFullAccount(
  service: Service,
  provider: OpenProvider,
): Promise<FullAccount> {
  const subject = newSubject()
  const browser = new Browser(service)
  await provider.signIn(browser, { ...subject, name: 'Ada L.' })
  const { password } = newAccount()
  await service.post('/api/auth/password', { newPassword: password }, fromOwnPage(browser))
  const { user } = (await service.get('/api/profile', fromOwnPage(browser))).body
  const first = { id: String(user.id), email: String(user.email), password }
  service.clock.advance(MINUTE)

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
  for (const path of ['/api/auth/password/forgot', '/api/auth/login/email']) {
    service.clock.advance(SECOND)
    await service.post(path, { email: account.email })
  }
  const app = await signInToApp(service, {}, account)
  await app.newCode({ epoch: 2 })
  await addPasskey(service, token, newPasskey(service))
  const { refreshToken } = await service.signIn(first).catch(() => ({ refreshToken: '' }))
  await proveFactors(service, token)
  return {
    account,
    subject,
    addresses: [first.email, account.email],
    keyIds: [kept.key.id, gone.key.id],
    token,
    refreshToken,
    apiKey: kept.apiKey,
  }
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
  const tables = Object.entries(await allItems(service))
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
