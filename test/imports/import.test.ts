import { readFileSync } from 'node:fs'
import t from 'tap'
import { Value } from 'typebox/value'
import { MINUTE, SECOND } from '../support/clock.js'
import { allItems, isAbout } from '../support/full-account.js'
import { ACTING, administrationOf } from '../support/administration.js'
import { VECTORS } from '../support/imported-hashes.js'
import { IMPORT_SCHEMA, importSchema } from '../support/export-document.js'
import { importerOf, importLines } from '../support/imports.js'
import { newAdmin } from '../support/keys.js'
import { MAIL, mailsTo, messages } from '../support/mail.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { linesOf } from '../../src/imports/lines.js'

const LOGIN = '/api/auth/login'
const HASH = VECTORS['bcrypt $2b$']?.passwordHash

const row = (more: object = {}) => ({ email: newAccount().email, emailVerified: true, ...more })

const profileOf = async (service: Service, email: string) =>
  (await allItems(service)).users?.find((item) => item.email === email)

t.test('the schema of a line of an import is published', async (t) => {
  const schema = readFileSync(IMPORT_SCHEMA, 'utf8')
  t.equal(schema, await importSchema(), 'npm run generate')
  for (const { passwordHash } of Object.values(VECTORS)) {
    t.same([...Value.Errors(JSON.parse(schema), row({ passwordHash }))], [])
  }
})

t.test('an import makes the accounts of its lines, and leaves them as they are', async (t) => {
  const service = await startService(t)
  const lines = [
    row({ name: 'Ada', createdAt: '2021-05-04T14:30:00+02:00', externalId: 'a-1' }),
    row({ email: newAccount().email.toUpperCase(), emailVerified: false, passwordHash: HASH }),
    row({ disabled: true, role: 'user' }),
  ]
  const outcomes = await importLines(service, lines)
  t.match(outcomes, [
    { line: 1, outcome: 'created', externalId: 'a-1' },
    { line: 2, outcome: 'created', externalId: undefined },
    { line: 3, outcome: 'created' },
  ])
  const [ada, bob, eve] = await Promise.all(
    lines.map(({ email }) => profileOf(service, email.toLowerCase())),
  )
  const verified = { emailVerified: true, provedByMail: true }
  t.match(ada, {
    ...verified,
    name: 'Ada',
    createdAt: '2021-05-04T12:30:00.000Z',
    status: 'active',
  })
  t.match(bob, { emailVerified: undefined, role: 'user', epoch: 0, passwordHash: /^imported:/ })
  t.match(eve, { ...verified, status: 'disabled', directory: /^disabled#/ })

  await t.test('an import writes one event for each account, without its address', async (t) => {
    const events = (await allItems(service)).events ?? []
    const ids = outcomes.map((outcome) => 'id' in outcome && outcome.id)
    t.same(events.map(({ userId }) => userId).sort(), ids.sort())
    const told = { event: 'authz_admin', actorId: 'command-line', facts: { action: 'import' } }
    for (const event of events) t.match(event, told)
    t.notOk(
      isAbout(
        events,
        lines.map(({ email }) => email),
      ),
    )
  })

  await t.test('an import of the same lines again changes nothing', async (t) => {
    const before = await allItems(service)
    service.clock.advance(MINUTE)
    const again = await importLines(service, lines)
    t.same(
      again,
      outcomes.map((outcome) => ({ ...outcome, outcome: 'unchanged' })),
    )
    t.same(await allItems(service), before)
  })

  await t.test(
    'an imported person is in the directory, and the event in their trail',
    async (t) => {
      const { account } = await newAdmin(service)
      const { accessToken: token } = await service.signIn(account)
      const query = lines[0]?.email
      const { body } = await service.post('/api/admin/users/search', { query }, { token })
      t.match(body.users, [{ name: 'Ada', createdAt: '2021-05-04T12:30:00.000Z' }])
      const trail = await service.get(`/api/admin/users/${body.users[0].id}/events`, { token })
      t.match(trail.body.events, [{ event: 'authz_admin', details: { action: 'import' } }])
    },
  )
})

t.test('an import refuses wrong lines by their numbers, and makes the others', async (t) => {
  const service = await startService(t)
  const own = await service.signUp()
  const first = row()
  const wrong: [unknown, RegExp][] = [
    ['{"email":', /^is no JSON$/],
    ['[]', /object$/],
    [row({ email: 'ada' }), /^email: must be an e-mail address$/],
    [row({ email: ` ${newAccount().email}` }), /^email: /],
    [{ email: newAccount().email }, /emailVerified/],
    [row({ name: 'a\nb' }), /^name: must be visible/],
    [row({ role: 'admin' }), /^role: must be user; promote makes administrators$/],
    [row({ createdAt: 'yesterday' }), /^createdAt: must be a date and time/],
    [row({ createdAt: '2999-01-01T00:00:00Z' }), /^createdAt: must be past/],
    [row({ passwordHash: 7 }), /^passwordHash: has none of the forms/],
    [row({ password: 'a secret word' }), /^password: is no field of an import$/],
    [row({ externalId: 'x'.repeat(20_000) }), /^must be UTF-8 and have at most 16384 bytes$/],
    [row({ email: own.email.toUpperCase() }), /^email: an account that no import made has it$/],
    [first, /^email: is the one of line 1$/],
  ]
  const outcomes = await importLines(service, [first, '', ...wrong.map(([line]) => line), row()])
  t.match(outcomes[0], { line: 1, outcome: 'created' })
  t.match(outcomes.at(-1), { line: wrong.length + 3, outcome: 'created' }, 'an empty line is none')
  for (const [at, [line, reason]] of wrong.entries()) {
    const outcome = outcomes[at + 1]
    t.match(
      outcome,
      { line: at + 3, outcome: 'refused', reason },
      JSON.stringify(line).slice(0, 70),
    )
    t.notMatch(JSON.stringify(outcome), /@example|secret/)
  }
  const found = await profileOf(service, own.email)
  t.equal(found?.id, own.id, 'the account that was there stays')
})

t.test('an import’s dry run says the same and writes nothing', async (t) => {
  const service = await startService(t)
  const own = await service.signUp()
  const lines = [row({ passwordHash: HASH }), row({ email: own.email }), 'x']
  const before = await allItems(service)
  const dry = await importLines(service, lines, { isDryRun: true })
  t.same(await allItems(service), before)
  t.same(await importLines(service, lines), dry)
  t.match(dry, [{ outcome: 'created' }, { outcome: 'refused' }, { outcome: 'refused' }])
})

t.test('an import that was interrupted goes on where it was', async (t) => {
  const service = await startService(t)
  const lines = Array.from({ length: 120 }, () => row())
  const importer = await importerOf(service)
  const text = lines.map((line) => JSON.stringify(line)).join('\n')
  const input = async function* () {
    yield Buffer.from(text)
  }
  const stop = new AbortController()
  let made = 0
  for await (const outcomes of importer.run(linesOf(input()), { stop: stop.signal })) {
    made += outcomes.length
    stop.abort()
  }
  t.equal(made, 50, 'what was begun is finished')
  const rest = await importLines(service, lines)
  const count = (wanted: string) => rest.filter(({ outcome }) => outcome === wanted).length
  t.same([count('unchanged'), count('created')], [50, 70])
})

t.test('an import at the same time as another makes each account once', async (t) => {
  const service = await startService(t)
  const lines = Array.from({ length: 30 }, () => row())
  const both = await Promise.all([importLines(service, lines), importLines(service, lines)])
  for (const [at] of lines.entries()) {
    const outcomes = both.map((of) => of[at]?.outcome).sort()
    t.same(outcomes, ['created', 'unchanged'])
  }
  const profiles = (await allItems(service)).users?.filter(({ status }) => status !== undefined)
  t.equal(profiles?.length, lines.length)
  t.equal((await allItems(service)).events?.length, lines.length, 'and each event')
})

t.test('an import does not make an account again that was deleted', async (t) => {
  const service = await startService(t)
  const line = row({ passwordHash: HASH, name: 'Ada' })
  const [made] = await importLines(service, [line])
  const id = made && 'id' in made ? made.id : ''
  service.clock.advance(MINUTE)
  await administrationOf(service).remove(ACTING, id)
  const before = await allItems(service)
  t.notOk(isAbout(Object.values(before).flat(), [line.email]))
  for (const options of [{}, { isDryRun: true }, { isMailed: true, withoutHashes: true }]) {
    const again = await importLines(service, [line], options)
    const reason = 'the account of this address was deleted, and is not made again'
    t.same(again, [{ line: 1, outcome: 'refused', reason }])
  }
  t.same(await allItems(service), before)
  const { password } = newAccount()
  const own = await service.post('/api/auth/register', { email: line.email, password })
  t.equal(own.status, 201, 'the person can come back by themselves')
  t.match(await importLines(service, [line]), [{ outcome: 'refused' }])
})

t.test('an import again leaves what its people have changed', async (t) => {
  const service = await startService(t)
  const [line, other] = [row({ passwordHash: HASH, name: 'Ada' }), row({ passwordHash: HASH })]
  await importLines(service, [line, other])
  service.clock.advance(SECOND)
  const { email } = line
  const { body } = await service.post(LOGIN, { email, password: VECTORS['bcrypt $2b$']?.password })
  const token: string = body.accessToken
  await service.call('PATCH', '/api/profile', { token, body: { name: 'Ada L.' } })
  const changed = { ...line, passwordHash: VECTORS['bcrypt $2y$']?.passwordHash, name: 'Eve' }
  t.match(await importLines(service, [changed]), [{ outcome: 'unchanged' }])
  t.match(await profileOf(service, email), { name: 'Ada L.', passwordHash: /^\$argon2id/ })

  const untouched = { ...other, passwordHash: VECTORS['bcrypt $2y$']?.passwordHash }
  const reason = 'passwordHash: the account was imported before with another one'
  t.same(await importLines(service, [untouched]), [{ line: 1, outcome: 'refused', reason }])
})

t.test('an import without hashes mails each person a link to choose a password', async (t) => {
  const service = await startService(t, { env: MAIL })
  const lines = [row({ passwordHash: HASH }), row({ passwordHash: HASH, disabled: true })]
  const options = { withoutHashes: true, isMailed: true }
  t.match(await importLines(service, lines, options), [
    { outcome: 'created' },
    { outcome: 'created' },
  ])
  const [{ email } = { email: '' }, disabled] = lines
  t.equal((await profileOf(service, email))?.passwordHash, undefined)
  const mails = await mailsTo(service, email)
  t.match(mails, [{ kind: 'password-offer', ticket: { kind: 'password-reset' } }])
  t.same(await mailsTo(service, disabled?.email ?? ''), [], 'none to a disabled account')

  t.match(await importLines(service, lines, options), [
    { outcome: 'unchanged' },
    { outcome: 'unchanged' },
  ])
  t.equal((await messages(service)).length, 1, 'a second run mails none again')

  const { password } = newAccount()
  const reset = { ticket: mails[0]?.secret, newPassword: password }
  t.equal((await service.post('/api/auth/password/reset', reset)).status, 204)
  service.clock.advance(SECOND)
  t.equal((await service.post(LOGIN, { email, password })).status, 200)
})
