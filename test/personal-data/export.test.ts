import { readFileSync } from 'node:fs'
import t from 'tap'
import { Value } from 'typebox/value'
import { attributesOf } from '../../src/dynamodb/keys.js'
import { tables } from '../../src/dynamodb/tables.js'
import { canSignIn, changeAddress } from '../support/address-change.js'
import { DAY, SECOND } from '../support/clock.js'
import { itemsWith, makeFullAccount } from '../support/full-account.js'
import { startWithOpenProviders } from '../support/identity-provider.js'
import { kindOf, PERSONAL_KINDS } from '../support/item-kinds.js'
import { lastMail, MAIL } from '../support/mail.js'
import { newAccount, startService } from '../support/service.js'
import { ACCOUNT_EXPORT_SCHEMA, accountExportSchema } from '../support/export-document.js'

const EXPORT = '/api/account/export'

/** An item of an export. */
interface Shown {
  readonly key: string
  readonly withheld: readonly string[]
}

const SECRETS = ['passwordHash', 'currentHash', 'hash', 'recoveryCodes']
/** What tells the service how to go on, by part: counters, marks, keyed digests, and when DynamoDB deletes the item. */
const WITHHELD: Readonly<Record<string, readonly string[]>> = {
  account: [
    ...SECRETS,
    ...['directory', 'listedAs', 'epoch', 'factorsVersion', 'keptSession', 'knownAddresses'],
    ...['provedByMail', 'webauthnId'],
  ],
  passkeys: ['mark'],
  sessions: [...SECRETS, 'candidate', 'epoch', 'generation', 'known1', 'addressFlow', 'ttl'],
  apiKeys: SECRETS,
  apiKeyUse: ['ttl'],
  tickets: ['detail', 'epoch', 'codeUntil', 'isDecoy', 'keyId', 'usedBy', 'ttl'],
  invitations: ['id', 'ticketId', 'ttl'],
  events: ['ttl'],
  mails: ['isDecoy', 'ticket', 'account', 'ttl'],
  noticeCounts: ['sent', 'ttl'],
}

t.test('an export of personal data has all that is kept of a person', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const person = await makeFullAccount(t, service, providers.north)
  const { account, token, addresses } = person
  const kept = await itemsWith(service, [account.id, ...addresses, ...person.keyIds])
  const answer = await service.get(EXPORT, { token })
  t.equal(answer.status, 200)
  const parts = Object.entries(answer.body as Record<string, Shown | Shown[]>)
  const shown = Object.fromEntries(
    parts.flatMap(([part, of]) => (typeof of === 'object' ? [[part, [of].flat()]] : [])),
  )

  t.test(
    'an export of personal data has every item with the person’s id, address or key',
    async (t) => {
      const { version, exportedAt } = answer.body
      t.equal(version, 1)
      t.ok(exportedAt)
      const found = kept.map(({ table, item }) => ({
        kind: kindOf(table, item),
        key: attributesOf(tables[table])
          .map((name) => String(item[name]))
          .join(' '),
      }))
      const kinds = new Set(found.map(({ kind }) => kind))
      t.same([...kinds].sort(), [...PERSONAL_KINDS.keys()].sort(), 'every kind is there')
      for (const { kind, key } of found) {
        const part = PERSONAL_KINDS.get(kind) ?? ''
        const isShown = (shown[part] ?? []).some((item) => item.key === key)
        t.ok(isShown, `${key} in ${part}`)
      }
      t.same(Object.keys(shown).sort(), [...new Set(PERSONAL_KINDS.values())].sort())
    },
  )

  t.test('an export of personal data is as its published schema says', async (t) => {
    const schema = readFileSync(ACCOUNT_EXPORT_SCHEMA, 'utf8')
    t.equal(schema, await accountExportSchema(), 'npm run generate')
    t.same([...Value.Errors(JSON.parse(schema), answer.body)], [])
  })

  t.test('an export of personal data names secrets and gives none', async (t) => {
    const { account: profile, sessions, apiKeys, passkeys } = answer.body
    t.match(profile, { email: account.email, name: 'Ada', identities: [{ provider: 'north' }] })
    t.ok(profile.withheld.includes('passwordHash'))
    t.ok(profile.withheld.includes('recoveryCodes'))
    t.equal(passkeys.length, 1)
    t.ok(sessions[0].withheld.includes('currentHash'))
    t.ok(apiKeys[0].withheld.includes('hash'))
    for (const { item } of kept) {
      for (const name of ['passwordHash', 'currentHash', 'hash', 'publicKey']) {
        const { [name]: secret } = item
        if (typeof secret === 'string') t.notOk(answer.text.includes(secret), name)
      }
    }
  })

  t.test('an export of personal data withholds what says nothing to its person', async (t) => {
    for (const [part, items] of Object.entries(shown)) {
      const withheld = new Set(items.flatMap((item) => item.withheld))
      const unlisted = [...withheld].filter((name) => !WITHHELD[part]?.includes(name))
      t.same(unlisted, [], `${part} shows what is new, or it is listed here`)
    }
  })

  t.test(
    'an export of personal data has no ticket of an address that ends like theirs',
    async (t) => {
      const other = await service.signUp({ email: `x${account.email}` })
      service.clock.advance(SECOND)
      await service.post('/api/auth/password/forgot', { email: other.email })
      t.notOk((await service.get(EXPORT, { token })).text.includes(other.email))
    },
  )

  t.test('an export of personal data is given ten times a day', async (t) => {
    for (let asked = 2; asked < 10; asked++) {
      t.equal((await service.get(EXPORT, { token })).status, 200)
    }
    t.match(await service.get(EXPORT, { token }), { status: 429, body: { code: 'RATE_LIMITED' } })
  })

  t.test('an export of personal data is given after a recent sign-in alone', async (t) => {
    service.clock.advance(DAY)
    t.equal((await service.get(EXPORT, { token })).status, 401)
    t.equal((await service.get(EXPORT)).status, 401)
  })
})

t.test(
  'an address that another account has by now is no personal data of who had it',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const { account, token: old } = await changeAddress(service, await service.signUp())
    const { body } = await service.get(EXPORT, { token: old })
    const [former] = body.account.earlierAddresses as { email: string }[]
    service.clock.advance(8 * DAY)
    const other = await service.signUp({ email: former?.email as string })
    service.clock.advance(SECOND)
    await service.post('/api/auth/password/forgot', { email: other.email })
    const mail = await lastMail(service, other.email)

    const { accessToken: token } = await service.signIn(account)
    const { text } = await service.get(EXPORT, { token })
    t.notOk(text.includes(other.id))
    t.equal((await service.delete('/api/account', { token })).status, 204)
    const { password: newPassword } = newAccount()
    const reset = { ticket: mail.secret, newPassword }
    t.equal(
      (await service.post('/api/auth/password/reset', reset)).status,
      204,
      'their link is good',
    )
    t.ok(await canSignIn(service, other.email, newPassword))
  },
)
