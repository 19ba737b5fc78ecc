import { readFileSync } from 'node:fs'
import t from 'tap'
import { Value } from 'typebox/value'
import { canSignIn, changeAddress } from '../support/address-change.js'
import { DAY, SECOND } from '../support/clock.js'
import { itemsWith, makeFullAccount } from '../support/full-account.js'
import { startWithOpenProviders } from '../support/identity-provider.js'
import { lastMail, MAIL } from '../support/mail.js'
import { newAccount, startService } from '../support/service.js'
import { ACCOUNT_EXPORT_SCHEMA, accountExportSchema } from '../support/export-document.js'

const EXPORT = '/api/account/export'

t.test('an export of personal data has all that is kept of a person', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const person = await makeFullAccount(service, providers.north)
  const { account, token, addresses } = person
  const kept = await itemsWith(service, [account.id, ...addresses, ...person.keyIds])
  const answer = await service.get(EXPORT, { token })
  t.equal(answer.status, 200)

  t.test(
    'an export of personal data has every item with the person’s id, address or key',
    async (t) => {
      const { account: profile, version, exportedAt, ...lists } = answer.body
      t.equal(version, 1)
      t.ok(exportedAt)
      const shown = [profile, ...Object.values(lists).flat()].map(({ key }) => key as string)
      const keys = kept.map(({ item }) => {
        const [partition, sort] = [
          item.pk ?? item.keyId ?? item.userId,
          item.pk === undefined && item.keyId === undefined ? (item.sessionId ?? item.eventId) : '',
        ]
        return `${String(partition)} ${String(sort)}`.trim()
      })
      for (const key of keys) t.ok(shown.includes(key), key)
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
