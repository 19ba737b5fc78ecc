import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { Browser } from '../support/browser.js'
import { MINUTE } from '../support/clock.js'
import { addTotp } from '../support/factors.js'
import { newSubject, startWithOpenProviders, type Subject } from '../support/identity-provider.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM } from '../support/mail-sign-in.js'
import { jarOf, submit } from '../support/pages.js'
import { addPasskey, newPasskey } from '../support/passkeys.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'

/** A person with an account, whom a provider knows too. */
interface Person extends Account {
  readonly subject: Subject
}

type Door = (service: Service, person: Person) => Promise<unknown>

const HELD = {
  nothing: async () => undefined,
  'an authenticator app': async (service: Service, token: string) => addTotp(service, token),
  'a passkey': async (service: Service, token: string) =>
    addPasskey(service, token, newPasskey(service)),
}

const POLICIES = ['optional', 'administrators', 'required'] as const
const ROLES = ['user', 'admin'] as const

async function countSessions({ client, config }: Service): Promise<number> {
  const scan = { TableName: config.tables.refreshTokens, ConsistentRead: true }
  const { Count = 0 } = await client.send(new ScanCommand({ ...scan, Select: 'COUNT' }))
  return Count
}

t.test('no door opens a session without the factors that the policy wants', async (t) => {
  const { service: lax, providers, env } = await startWithOpenProviders(t, ['north'], MAIL)
  const doors: Readonly<Record<string, Door>> = {
    password: (service, { email, password }) => service.post(LOGIN, { email, password }),
    'a page': (service, { email, password }) => submit(service, '/login', { email, password }),
    'registering again': (service, { email, password }) =>
      submit(service, '/register', { email, password }),
    mail: async (service, { email }) =>
      service.post(CONFIRM, byCode(await askToSignIn(service, email))),
    'a page by mail': async (service, { email }) => {
      service.clock.advance(MINUTE)
      const cookies = jarOf(await submit(service, '/login/email', { email }))
      const { code } = await lastMail(service, email)
      return submit(service, '/login/email/confirm', { code }, { cookies })
    },
    provider: (service, { subject }) => providers.north.signIn(new Browser(service), subject),
    'a reset': async (service, { email }) => {
      service.clock.advance(MINUTE)
      await service.post('/api/auth/password/forgot', { email })
      const { secret: ticket } = await lastMail(service, email)
      const { password } = newAccount()
      await service.post('/api/auth/password/reset', { ticket, newPassword: password })
      return service.post(LOGIN, { email, password })
    },
  }
  for (const SECOND_FACTOR of POLICIES) {
    const service = await startService(t, { beside: lax, env: { ...env, ...MAIL, SECOND_FACTOR } })
    for (const role of ROLES) {
      for (const [held, give] of Object.entries(HELD)) {
        const isWanted =
          SECOND_FACTOR === 'required' || (SECOND_FACTOR === 'administrators' && role === 'admin')
        const opens = held === 'nothing' && !isWanted ? 1 : 0
        for (const [door, enter] of Object.entries(doors)) {
          const account = await lax.signUp()
          await proveAddress(lax, account.id)
          const person = { ...account, subject: { ...newSubject(), email: account.email } }
          await providers.north.signIn(new Browser(lax), person.subject)
          const { accessToken } = await lax.signIn(account)
          await give(lax, accessToken)
          await lax.services.users.store.change(account.id, { role })
          const before = await countSessions(lax)
          await enter(service, person)
          const more = (await countSessions(lax)) - before
          t.equal(more, opens, `${SECOND_FACTOR}, ${role} with ${held}, by ${door}`)
        }
      }
    }
  }
})
