import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { scanPages } from '../../src/dynamodb/scan.js'
import { HAS_SEALED, resealAll, type Resealed } from '../../src/factors/resealing.js'
import { SealedSecrets, totpPlace } from '../../src/factors/sealed-secret.js'
import { FactorsStore } from '../../src/factors/store.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, HOUR } from '../support/clock.js'
import { signInWithFactor, withTotp } from '../support/factors.js'
import { maintenanceOf, quickKeys } from '../support/rings.js'
import { type Account, type Service, startService } from '../support/service.js'

/** Lets time pass, with a run of the rotation at least every ten days. */
async function live(service: Service, days: number): Promise<void> {
  const maintenance = maintenanceOf(service)
  for (let left = days; left > 0; left -= 10) {
    service.clock.advance(Math.min(left, 10) * DAY)
    await maintenance.maintain()
  }
  service.clock.advance(HOUR)
}

/** The id of the key that has sealed an account's secret. */
async function keyOf({ client, config }: Service, { id }: Account): Promise<string> {
  const read = new GetCommand({ TableName: config.tables.users, Key: { pk: `USER#${id}` } })
  const { Item } = await DynamoDBDocumentClient.from(client).send(read)
  return (Item as { totp: { secret: string } }).totp.secret.split('.')[0] as string
}

const newestKey = async ({ services }: Service) => (await services.dataKeys.current()).id

t.test(
  'an authenticator app’s sealed secret works for years, and is sealed again when it is used',
  async (t) => {
    quickKeys(t)
    const service = await startService(t)
    const { account, app, recoveryCodes } = await withTotp(service)
    const assertCodeWorks = async (index: number, when: string) => {
      const recoveryCode = recoveryCodes[index] ?? ''
      for (const status of [200, 401]) {
        const answer = await signInWithFactor(service, account, { recoveryCode })
        t.equal(answer.status, status, `a recovery code, once, ${when}`)
      }
    }
    const firstKey = await keyOf(service, account)
    for (const [index, days] of [61, 400].entries()) {
      await live(service, days)
      const newest = await newestKey(service)
      t.not(await keyOf(service, account), newest)
      t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
      t.equal(await keyOf(service, account), newest, `by the first use after ${days} days`)
      await assertCodeWorks(index, `after ${days} days`)
    }
    await maintenanceOf(service).replaceNow()
    service.clock.advance(HOUR)
    const signedIn = await signInWithFactor(service, account, { totp: app.code() })
    t.equal(signedIn.status, 200, 'the data keys outlive the replacement of the others')
    await assertCodeWorks(2, 'after a replacement')
    t.ok(await service.services.dataKeys.byId(firstKey), 'no data key is ever removed')
  },
)

t.test(
  'sealed secrets of authenticator apps that are not used are sealed again by a run over all',
  async (t) => {
    quickKeys(t)
    const service = await startService(t)
    const holders = [await withTotp(service), await withTotp(service), await withTotp(service)]
    await service.signUp()
    await live(service, 31)
    const fresh = await withTotp(service)
    const newest = await newestKey(service)
    const keys = () => Promise.all(holders.map(({ account }) => keyOf(service, account)))
    t.notOk((await keys()).includes(newest))

    await t.rejects(
      reseal(service, () => {
        throw new Error('stopped')
      }),
      /stopped/,
    )
    const done = await reseal(service)
    t.match(done, { damaged: [] })
    t.ok(done.looked >= 5, 'it looks at everything')
    t.same(await keys(), [newest, newest, newest])
    t.equal((await reseal(service)).resealed, 0, 'a second run has nothing to do')
    for (const { account, app } of [...holders, fresh]) {
      t.equal((await signInWithFactor(service, account, { totp: app.code() })).status, 200)
    }
  },
)

t.test('an authenticator app’s sealed secret opens in its own place alone', async (t) => {
  const service = await startService(t)
  const [ada, bob] = [await withTotp(service), await withTotp(service)]
  await copySecret(service, ada.account, bob.account)
  const answer = await signInWithFactor(service, bob.account, { totp: ada.app.code() })
  t.equal(answer.status, 500, 'a record that was tampered with is a fault, and opens nothing')
  t.match(await reseal(service), { damaged: [bob.account.id] })

  const secrets = new SealedSecrets(service.services.dataKeys, systemRandom)
  const sealed = await secrets.seal(Buffer.from('secret'), totpPlace('a'))
  t.equal(String((await secrets.open(sealed, totpPlace('a'))).secret), 'secret')
  const refused: [string, string, { userId: string; field: string }][] = [
    ['of another user', sealed, totpPlace('b')],
    ['of another field', sealed, { userId: 'a', field: 'other' }],
    [
      'with another key',
      sealed.replace(/^\w/, (digit) => (digit === '0' ? '1' : '0')),
      totpPlace('a'),
    ],
    ['cut', sealed.slice(0, -4), totpPlace('a')],
    ['empty', '', totpPlace('a')],
  ]
  for (const [what, text, place] of refused) await t.rejects(secrets.open(text, place), what)
  t.not(sealed, await secrets.seal(Buffer.from('secret'), totpPlace('a')), 'never twice alike')
})

function reseal(service: Service, tell: (done: Resealed) => void = () => undefined) {
  const { client, config, services } = service
  const table = config.tables.users
  const secrets = new SealedSecrets(services.dataKeys, systemRandom)
  const store = new FactorsStore(services.database, table)
  return resealAll({ store, secrets }, scanPages(client, { TableName: table, ...HAS_SEALED }), tell)
}

async function copySecret({ client, config }: Service, from: Account, to: Account): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client)
  const key = ({ id }: Account) => ({ TableName: config.tables.users, Key: { pk: `USER#${id}` } })
  const { Item } = await documents.send(new GetCommand(key(from)))
  const { secret } = (Item as { totp: { secret: string } }).totp
  await documents.send(
    new UpdateCommand({
      ...key(to),
      UpdateExpression: 'SET totp.secret = :secret',
      ExpressionAttributeValues: { ':secret': secret },
    }),
  )
}
