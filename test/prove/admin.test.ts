import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { Secret, TOTP } from 'otpauth'
import t, { type Test } from 'tap'
import { ADMIN_ACTIONS } from '../../infra/permissions/table-actions.js'
import { createClient } from '../../src/dynamodb/client.js'
import { LOCAL_ACCESS } from '../../src/local/runtime.js'
import { engineEndpoint, enginePids, soon } from '../support/engine-process.js'
import { temporaryFolder } from '../support/engine.js'
import { mailFiles } from '../support/local-mail.js'
import {
  type Exit,
  type ProcessOptions,
  runAdmin,
  type ServerProcess,
  startServer,
} from '../support/process.js'
import { startProxy } from '../support/proxy.js'
import { type Account, newAccount } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

interface Request extends Omit<ProcessOptions, 'dataDir'> {
  /** Goes to standard input, as from a pipe, and may come out nowhere. */
  readonly password?: string
}

const COMMANDS = [
  'create',
  'show',
  'sessions',
  'invite',
  'withdraw',
  'events',
  'promote',
  'demote',
  'disable',
  'enable',
  'end-sessions',
  'delete',
  'release-address',
  'verify-address',
  'reset',
  'readdress',
]

/** What a command that only looks says beside what it has found. */
const LOOK = /^\{"level":"WARN","message":"authz_admin",.*"userId":"command-line".*\}\n/gm

const PADDED = 'The email must have no space at its start or end.'

t.test('--help lists the commands', async (t) => {
  const { code, stdout } = await runAdmin(t, ['--help'])
  t.equal(code, 0)
  const listed = [
    ...stdout.matchAll(/^ {2}([a-z-]+)(?:\|[a-z]+)? .*<(?:email|id)(?:-or-id)?>/gm),
  ].map(([, name]) => name)
  t.same(listed, COMMANDS)
})

t.test('a command that changes nothing of its own makes no database', async (t) => {
  t.jobs = 2
  const sentence = (dataDir: string) =>
    `There is no data of Latchkey in ${dataDir}. Set DATA_DIR to the folder that the service uses.`
  for (const command of COMMANDS.filter((name) => name !== 'create')) {
    const dataDir = join(temporaryFolder(), 'data')
    const more = command === 'readdress' ? ['bob@example.com'] : []
    const exit = await runAdmin(t, [command, 'ada@example.com', ...more], { dataDir })
    checkRefusal(t, exit, sentence(dataDir))
    t.notOk(existsSync(dataDir), command)
  }
  const refused = await runAdmin(t, ['show', 'ada@example.com'], {
    env: { NODE_ENV: 'production' },
  })
  checkRefusal(t, refused, /^The embedded DynamoDB is for development/)
})

t.test('on one data folder', async (t) => {
  const start = new Date().toISOString().replace(/\.\d+/, '')
  const dataDir = temporaryFolder()
  const [ada, bob] = [newAccount(), newAccount()]

  const admin = async (
    t: Test,
    args: readonly string[],
    { password, ...options }: Request = {},
  ) => {
    const input = password === undefined ? '' : `${password}\n`
    recordSecret('password', password)
    const exit = await runAdmin(t, args, { ...options, dataDir, input })
    if (password) t.notOk((exit.stdout + exit.stderr).includes(password), 'prints no password')
    return exit
  }
  const succeed = async (t: Test, args: readonly string[], request?: Request) => {
    const { code, stdout, stderr } = await admin(t, args, request)
    t.same({ code, said: stderr.replaceAll(LOOK, '') }, { code: 0, said: '' }, args.join(' '))
    return stdout
  }

  await t.test('works while the service is stopped', async (t) => {
    await succeed(t, ['create', ada.email, '--name', 'Ada'], ada)
    await succeed(t, ['create', bob.email, '--role', 'user'], bob)
    await succeed(t, ['disable', bob.email])
    t.same(enginePids(dataDir), [], 'no engine stays')
    t.same(readdirSync(dataDir).sort(), ['dynamodb.sqlite', 'keyring'])
  })

  await t.test('keys replace-now', async (t) => {
    const keys = () =>
      readdirSync(join(dataDir, 'keyring')).filter((name) => name.endsWith('.json'))
    const said = await succeed(t, ['keys', 'replace-now'])
    t.match(said, /^Key [0-9a-f]{16} signs now\..*\n.*restart it/)
    t.same(keys(), ['1.json', '2.json'])
    const { code, stdout } = await admin(t, ['keys', 'replace-now', '--since', start, '--dry-run'])
    t.equal(code, 0)
    t.same(keys(), ['1.json', '2.json'], 'which replaces none')
    const made = { made: 'role', event: 'authz_admin', actor: 'command-line' }
    t.match(linesOf(stdout), [
      { ...made, details: { action: 'create', to: 'admin' } },
      { ...made, details: { action: 'create', to: 'user' } },
    ])
    t.equal(linesOf(stdout).length, 2, 'and none that takes something away')
    const refused = await admin(t, ['keys', 'replace-now', '--since', 'yesterday'])
    checkRefusal(t, refused, 'The time must be past and in UTC')
    checkRefusal(t, await admin(t, ['keys', 'replace-now', '--dry-run']), '--dry-run only lists.')
    t.same(keys(), ['1.json', '2.json'], 'a wrong time replaces none')
  })

  const server = await startServer(t, { dataDir })

  t.test('as the next run of the service knows', async (t) => {
    t.equal(await adminStatus(server, await chooseOwnPassword(server, ada)), 200)
    t.equal((await server.signIn(bob)).status, 401)
  })

  const asked = new Set<string>()

  t.test('works at once on a running service', async (t) => {
    t.jobs = 2
    const proxy = await startProxy(t, engineEndpoint(dataDir))
    proxy.decide(({ operation }) => {
      // The one command without --aws looks whether the local tables are there.
      if (!operation.endsWith('Table')) asked.add(operation)
      return 'pass'
    })
    /** What is granted to who runs the commands in AWS: they go by way of the proxy. */
    const succeedOnAws = (t: Test, args: readonly string[], request?: Request) =>
      succeed(t, ['--aws', ...args], { ...request, env: awsEnvironment(proxy.endpoint) })

    t.test('create', async (t) => {
      const account = newAccount()
      const said = await succeedOnAws(t, ['create', account.email], account)
      t.match(said, `Created admin ${account.email}`)
      t.match(eventIn(said), { event: 'authz_admin', action: 'create', to: 'admin' })
      const first = await server.signIn(account)
      t.match(first, { status: 401, body: { code: 'PASSWORD_CHANGE_REQUIRED' } })
      t.equal(await adminStatus(server, await chooseOwnPassword(server, account)), 200)
    })

    t.test('promote and demote', async (t) => {
      const { account } = await server.signUp()
      t.equal(await adminStatus(server, account), 403)
      const refused = await admin(t, ['promote', account.email])
      checkRefusal(t, refused, /is not verified: .* signs in by password, /)
      t.match(refused.stderr, account.id)
      t.equal(
        await adminStatus(server, account),
        403,
        'an address that is not proved is not enough',
      )
      await succeedOnAws(t, ['promote', account.id])
      t.equal(await adminStatus(server, account), 200)
      const demoted = await succeed(t, ['demote', account.email.toUpperCase()])
      t.match(eventIn(demoted), {
        ...{ level: 'WARN', event: 'authz_admin', userId: 'command-line', action: 'role' },
        ...{ targetId: account.id, from: 'admin', to: 'user' },
      })
      t.notMatch(JSON.stringify(eventIn(demoted)), account.email)
      t.equal(await adminStatus(server, account), 403)
    })

    t.test('disable and enable', async (t) => {
      const { account } = await server.signUp()
      const before = await refreshTokenOf(server, account)
      const act = { event: 'authz_admin', action: 'status', from: 'active', to: 'disabled' }
      t.match(eventIn(await succeedOnAws(t, ['disable', account.email])), act)
      const refused = await server.signIn(account)
      t.match(refused, { status: 401, body: { error: 'Invalid credentials' } })
      t.equal((await server.refresh(before)).status, 401)

      await succeed(t, ['enable', account.email])
      t.equal((await server.signIn(account)).status, 200)
      t.equal((await server.refresh(before)).status, 401, 'no session is revived')
    })

    t.test('end-sessions', async (t) => {
      const { account } = await server.signUp()
      const tokens = [await refreshTokenOf(server, account), await refreshTokenOf(server, account)]
      const two: unknown = JSON.parse(await succeed(t, ['show', account.email]))
      t.match(two, { sessions: 2 })
      const ended = eventIn(await succeedOnAws(t, ['end-sessions', account.email]))
      t.match(ended, { event: 'authz_admin', action: 'end_sessions', targetId: account.id })
      for (const token of tokens) t.equal((await server.refresh(token)).status, 401)
      t.equal((await server.signIn(account)).status, 200)
    })

    t.test('delete', async (t) => {
      const { account } = await server.signUp()
      const { accessToken, refreshToken } = (await server.signIn(account)).body
      const made = await server.post('/api/apikeys/generate', { name: 'k' }, { token: accessToken })
      t.equal(made.status, 201)
      const headers = { 'x-api-key': made.body.apiKey as string }
      checkRefusal(t, await admin(t, ['delete', account.email]), /is not verified: /)

      const said = await succeedOnAws(t, ['delete', account.id])
      t.match(said, `${account.email} (${account.id}) is deleted.`)
      const event = { event: 'authz_admin', userId: 'command-line', action: 'delete' }
      t.match(eventIn(said), { ...event, targetId: /^erased-/ })
      t.equal((await server.signIn(account)).status, 401)
      t.equal((await server.refresh(refreshToken)).status, 401)
      t.equal((await server.get('/api/auth/sessions', { token: accessToken })).status, 401)
      const byKey = await server.get('/api/data', { headers })
      t.match(byKey.body, { code: 'API_KEY_INVALID' })
      checkRefusal(t, await admin(t, ['show', account.id]), /^There is no user /)
      t.equal((await server.signUp({ ...newAccount(), email: account.email })).status, 201, 'free')
    })

    t.test('release-address and readdress', async (t) => {
      const { account } = await server.signUp()
      await succeed(t, ['promote', account.id])
      const { refreshToken } = (await server.signIn(account)).body
      const said = await succeedOnAws(t, ['release-address', account.email])
      t.match(said, `${account.email} (${account.id}) has no address now.`)
      const event = { event: 'authz_admin', userId: 'command-line', targetId: account.id }
      t.match(eventIn(said), { ...event, action: 'release_address' })
      t.notMatch(JSON.stringify(eventIn(said)), account.email)
      t.equal((await server.refresh(refreshToken)).status, 401)
      t.equal((await server.signIn(account)).status, 401)
      const shown = JSON.parse(await succeed(t, ['show', account.id])) as object
      t.match(shown, { id: account.id, emailVerified: false, role: 'admin' })
      t.notMatch(JSON.stringify(shown), account.email)
      checkRefusal(t, await admin(t, ['release-address', account.id]), /has no address\./)
      const disabled = await succeed(t, ['disable', account.id])
      t.match(disabled, `The user without an address (${account.id}) is disabled.`)
      await succeed(t, ['enable', account.id])

      const { email } = newAccount()
      const taken = await admin(t, ['readdress', account.id, ada.email])
      checkRefusal(t, taken, 'Email already registered.')
      checkRefusal(t, await admin(t, ['readdress', account.id, 'ada']), /^The email must be /)
      const given = await succeedOnAws(t, ['readdress', account.id, email])
      t.match(given, `The user ${account.id} has the address ${email} now, which is not verified.`)
      t.match(eventIn(given), { ...event, action: 'give_address' })
      t.equal(await adminStatus(server, { ...account, email }), 200)
      const again = await admin(t, ['readdress', account.id, account.email])
      checkRefusal(t, again, /has an address\. Release it first: release-address /)
    })

    t.test('verify-address', async (t) => {
      const { account } = await server.signUp()
      const refused = await admin(t, ['verify-address', account.email])
      checkRefusal(t, refused, /is not verified: .* give its id: /)
      const said = await succeedOnAws(t, ['verify-address', account.id])
      t.match(said, `${account.email} (${account.id}) has a verified address now.`)
      const event = { event: 'authz_admin', userId: 'command-line', targetId: account.id }
      t.match(eventIn(said), { ...event, action: 'verify_address' })
      t.match(JSON.parse(await succeed(t, ['show', account.email])), { emailVerified: true })
      await succeed(t, ['release-address', account.email])
      const none = await admin(t, ['verify-address', account.id])
      checkRefusal(t, none, 'This account has no address.')
    })

    t.test('reset', async (t) => {
      const { account } = await server.signUp()
      const said = await succeed(t, ['reset', account.email])
      t.match(said, `${account.email} (${account.id}) gets a mail`)
      t.match(eventIn(said), { userId: 'command-line', action: 'offer_password' })
      const linkTo = () =>
        mailFiles(dataDir)
          .filter(({ to }) => to === account.email)
          .flatMap(({ text }) => /reset#ticket=([\w-]{65})/.exec(text)?.[1] ?? [])
      t.ok(await soon(() => linkTo().length === 1), 'the service sends it')
      const [ticket] = linkTo()
      const { password } = newAccount()
      const chosen = { ticket, newPassword: password }
      t.equal((await server.post('/api/auth/password/reset', chosen)).status, 204)
      t.equal((await server.signIn({ ...account, password })).status, 200)

      const env = { ...awsEnvironment(proxy.endpoint), MAIL_FROM: 'auth@example.com' }
      await succeed(t, ['--aws', 'reset', account.id], { env })
      t.ok(await soon(() => linkTo().length === 2))
      const silent = await admin(t, ['--aws', 'reset', account.id], {
        env: awsEnvironment(proxy.endpoint),
      })
      checkRefusal(t, silent, 'No mail is sent. Set MAIL_FROM as the service has it.')
      const { account: boss } = await server.signUp()
      await succeed(t, ['promote', boss.id])
      checkRefusal(t, await admin(t, ['reset', boss.id]), /Verify it first: verify-address /)
      await succeed(t, ['disable', account.id])
      checkRefusal(t, await admin(t, ['reset', account.id]), /disabled/)
    })

    t.test('factors', async (t) => {
      const { account } = await server.signUp()
      const { accessToken } = (await server.signIn(account)).body
      const headers = { authorization: `Bearer ${accessToken}` }
      const begun = await server.post('/api/auth/factors/totp', undefined, { headers })
      const { secret } = begun.body as { readonly secret: string }
      recordSecret('factor', secret)
      const code = TOTP.generate({ secret: Secret.fromBase32(secret) })
      const made = await server.post('/api/auth/factors/totp/confirm', { code }, { headers })
      t.equal(made.status, 200)
      t.match(await server.signIn(account), { body: { code: 'SECOND_FACTOR_REQUIRED' } })
      const shown: unknown = JSON.parse(await succeed(t, ['factors', 'show', account.id]))
      t.match(shown, { totp: { wrongInARow: 0, isLocked: false }, recoveryCodesLeft: 10 })
      t.match(shown, { passkeys: [], trustedDevices: 0, removal: null })

      const unlocked = await succeedOnAws(t, ['factors', 'unlock', account.id])
      t.match(unlocked, `${account.email} (${account.id}) can use the authenticator app again.`)
      t.match(eventIn(unlocked), { userId: 'command-line', action: 'unlock_factors' })

      const unmeant = await admin(t, ['factors', 'remove', account.email, '--yes'])
      checkRefusal(t, unmeant, /is not verified: .* give its id: /)
      const unsure = await admin(t, ['factors', 'remove', account.id])
      checkRefusal(t, unsure, 'Nothing was changed: --yes says')
      t.match(await server.signIn(account), { status: 401 })
      const said = await succeedOnAws(t, ['factors', 'remove', account.id, '--yes'])
      t.match(said, `${account.email} (${account.id}) has no second factor now.`)
      t.match(eventIn(said), { userId: 'command-line', action: 'remove_factors' })
      t.equal((await server.signIn(account)).status, 200)
      const none = await admin(t, ['factors', 'remove', account.id, '--yes'])
      checkRefusal(t, none, `The user ${account.id} has no second factor.`)
    })

    t.test('clients', async (t) => {
      const uri = 'https://orders.example.com/callback'
      const add = ['clients', 'add', 'Orders', '--redirect-uri', uri, 'http://127.0.0.1/cb']
      const said = await succeedOnAws(t, [...add, '--first-party'])
      const [, id = ''] = /^Registered Orders: its client_id is (app_[\w-]{22})$/m.exec(said) ?? []
      t.match(said, /^Its secret, which is shown only this once: lkcs_[\w-]{43}$/m)
      const event = { level: 'WARN', event: 'client_registered', userId: 'command-line' }
      t.match(eventIn(said), { ...event, clientId: id })
      const query = new URLSearchParams({
        ...{ client_id: id, redirect_uri: uri, response_type: 'code', scope: 'openid' },
        ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
      })
      const asked = await server.get(`/oauth/authorize?${query.toString()}`)
      t.equal(asked.status, 200, 'the running service knows it, and has led to the sign-in')
      const listed = async () => {
        const apps = JSON.parse(await succeedOnAws(t, ['clients', 'list'])) as { id: string }[]
        return apps.find((app) => app.id === id)
      }
      const app = { name: 'Orders', redirectUris: [uri, 'http://127.0.0.1/cb'], firstParty: true }
      t.match(await listed(), { ...app, createdBy: 'command-line', secrets: [{ until: null }] })

      const changes = ['--name', 'New', '--post-logout-redirect-uri', uri, '--no-first-party']
      const changed = await succeedOnAws(t, ['clients', 'change', id, ...changes])
      t.match(changed, `New (${id}) is changed.`)
      t.match(eventIn(changed), { event: 'client_changed', clientId: id })
      t.match(await listed(), {
        ...{ ...app, name: 'New', firstParty: false, postLogoutRedirectUris: [uri] },
      })

      const rotate = ['clients', 'rotate-secret', id, '--overlap-seconds', '3600']
      const rotated = await succeedOnAws(t, rotate)
      t.match(rotated, /The old one works for 3600 s\.\nIts secret, .*: lkcs_[\w-]{43}\n/)
      t.match(eventIn(rotated), { event: 'client_secret_rotated', clientId: id })
      t.match(await listed(), { secrets: [{ until: null }, { until: String }] })

      const removed = await succeedOnAws(t, ['clients', 'remove', id])
      t.match(removed, `The app ${id} is removed.`)
      t.match(eventIn(removed), { event: 'client_removed', clientId: id })
      t.equal(await listed(), undefined)
      const none = await admin(t, ['clients', 'remove', id])
      checkRefusal(t, none, `There is no app ${id}. See clients list.`)

      const open = await succeed(t, [...add, '--public'])
      t.notMatch(open, 'lkcs_')
    })

    t.test('show', async (t) => {
      const shown: unknown = JSON.parse(await succeed(t, ['show', ada.email]))
      t.match(shown, { email: ada.email, name: 'Ada', role: 'admin', status: 'active' })
      const { id } = shown as { readonly id: string }
      t.same(JSON.parse(await succeed(t, ['show', id])), shown, 'by the id that logs have')
      t.match(shown, { emailVerified: false, hasPassword: true, providers: [], sessions: Number })
      const names = [
        ...['createdAt', 'email', 'emailVerified', 'hasPassword', 'id', 'identities', 'name'],
        ...['providers', 'role', 'sessions', 'status', 'keys', 'lastSignInAt'],
        ...['factorsRemoval', 'isAdminAccount', 'isTotpLocked', 'secondFactors'],
      ]
      t.same(Object.keys(shown as object).sort(), names.sort())
    })

    t.test('keys replace-now --since', async (t) => {
      const since = new Date().toISOString().replace(/\.\d+/, '')
      const { account } = await server.signUp()
      const { accessToken: token } = (await server.signIn(account)).body
      const generated = await server.post('/api/apikeys/generate', { name: 'k' }, { token })
      const { id: keyId } = (generated.body as { readonly key: { readonly id: string } }).key
      const rotated = await server.post(`/api/apikeys/${keyId}/rotate`, {}, { token })
      t.equal(rotated.status, 201)
      const begun = await server.post('/api/auth/factors/totp', {}, { token })
      const { secret } = begun.body as { readonly secret: string }
      recordSecret('factor', secret)
      const code = TOTP.generate({ secret: Secret.fromBase32(secret) })
      await server.post('/api/auth/factors/totp/confirm', { code }, { token })
      await succeed(t, ['promote', account.id])
      await succeed(t, ['disable', account.id])
      const uri = 'https://made.example.com/callback'
      const app = await succeed(t, ['clients', 'add', 'Made', '--public', '--redirect-uri', uri])
      const [clientId] = /app_[\w-]{22}/.exec(app) ?? []

      const list = ['--aws', 'keys', 'replace-now', '--since', since, '--dry-run']
      const {
        code: exit,
        stdout,
        stderr,
      } = await admin(t, list, {
        env: awsEnvironment(proxy.endpoint),
      })
      t.equal(exit, 0)
      t.match(stderr, /^Made or changed since .*Z: key \d+, identity 0, factor \d+, role \d+, /)
      const lines = linesOf(stdout) as { userId: string; details: { clientId?: string } }[]
      const self = { actor: 'self', ip: String }
      t.match(
        lines.filter(({ userId }) => userId === account.id),
        [
          { ...self, made: 'key', event: 'sensitive_create', details: { keyId } },
          { ...self, made: 'key', event: 'sensitive_rotate', details: { keyId } },
          { ...self, made: 'factor', event: 'authn_factor_added', details: { factor: 'totp' } },
          { made: 'role', actor: 'command-line', details: { from: 'user', to: 'admin' } },
        ],
      )
      t.match(
        lines.filter(({ details }) => details.clientId === clientId),
        [{ made: 'app', event: 'client_registered', userId: 'command-line' }],
      )
    })

    t.test('list, find, sessions, keys and export', async (t) => {
      const { account } = await server.signUp()
      const { accessToken: token } = (await server.signIn(account)).body
      await server.post('/api/apikeys/generate', { name: 'k' }, { token })
      const lines = (said: string) =>
        said
          .trimEnd()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      const { id, email } = account
      const found = lines(await succeedOnAws(t, ['find', email.slice(0, 12)]))
      t.match(
        found.find((user) => user.id === id),
        { email, status: 'active' },
      )
      t.match(lines(await succeedOnAws(t, ['find', id])), [{ id, email }])
      t.match(lines(await succeedOnAws(t, ['sessions', id])), [{ current: false, ip: String }])
      t.match(lines(await succeedOnAws(t, ['keys', id])), [{ name: 'k', ownerId: id }])
      await succeed(t, ['disable', id])
      const disabled = lines(await succeedOnAws(t, ['list', '--status', 'disabled']))
      t.ok(disabled.some((user) => user.id === id))
      t.ok(disabled.every(({ status }) => status === 'disabled'))
      const exported = lines(await succeedOnAws(t, ['export']))
      t.match(
        exported.find((user) => user.id === id),
        { status: 'disabled', hasPassword: true },
      )
      t.match(
        exported.find((user) => user.email === ada.email),
        { role: 'admin' },
      )
      t.match(await succeedOnAws(t, ['reindex']), '0 accounts are put into the lists.')
      await makeOlder(dataDir, id)
      const isListed = async () =>
        lines(await succeed(t, ['list', '--status', 'disabled'])).some((user) => user.id === id)
      t.notOk(await isListed(), 'an account of an earlier version is in no list')
      t.match(await succeedOnAws(t, ['reindex']), '1 account is put into the lists.')
      t.ok(await isListed(), 'until all are put there')
      const { stderr } = await admin(t, ['find', id])
      t.match(JSON.parse(stderr), { event: 'authz_admin', action: 'search' })
    })

    t.test('keys reseal', async (t) => {
      const said = await succeed(t, ['keys', 'reseal'], { env: awsEnvironment(proxy.endpoint) })
      t.match(said, /^\d+ items looked at, 0 secrets sealed again\n0 secrets are sealed again\./)
    })

    t.test('show --aws, by the endpoint and credentials of the environment', async (t) => {
      t.match(await succeedOnAws(t, ['show', ada.email]), `"email": "${ada.email}"`)
    })
  })

  t.test('and asks DynamoDB for what its role is granted, and nothing else', async (t) => {
    // A transaction needs the permission of its parts.
    const parts = new Set(['ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'])
    const granted = [...new Set(Object.values(ADMIN_ACTIONS).flat())]
    const alone = granted.filter((action) => !parts.has(action))
    const others = [...asked].filter((action) => !parts.has(action))
    t.same(others.sort(), [...alone, 'TransactWriteItems'].sort())
  })

  t.test('refuses in one sentence', async (t) => {
    t.jobs = 2
    const { email } = newAccount()
    const refusals: [string, readonly string[], Request, string | RegExp][] = [
      [
        'an unknown user',
        ['promote', email],
        {},
        `There is no user ${email}. The data folder is ${dataDir}.`,
      ],
      ['an unknown id', ['show', randomUUID()], {}, /^There is no user [0-9a-f-]{36}\./],
      ['a weak password', ['create', email], { password: 'elevenchars' }, 'at least 12 characters'],
      ['no password', ['create', email], {}, 'There is no password on standard input.'],
      [
        'a taken e-mail, before the password',
        ['create', ada.email],
        {},
        'Email already registered.',
      ],
      [
        'what is no e-mail, likewise',
        ['create', 'ada'],
        {},
        'The email must be an e-mail address.',
      ],
      ['a space before a new address', ['create', ` ${ada.email}`], {}, PADDED],
      ['a space after one that is known', ['show', `${ada.email}\u00a0`], {}, PADDED],
      [
        'no name',
        ['create', email, '--name', '\n'],
        {},
        /^The name must be visible, without line breaks/,
      ],
      ['an app without a URI', ['clients', 'add', 'x'], {}, /^--redirect-uri: must /],
      [
        'an app with a URI that no browser leads to',
        ['clients', 'add', 'x', '--redirect-uri', 'http://orders.example.com/'],
        {},
        /^--redirect-uri: must be an https:\/\/ URI, /,
      ],
      [
        'an app with an API that is not declared',
        ['clients', 'add', 'x', '--redirect-uri', 'https://a.example/', '--resource', 'orders'],
        {},
        '--resource: must be an API that RESOURCES declares.',
      ],
      ['no change of an app', ['clients', 'change', 'x'], {}, 'Say what to change: see --help.'],
      ['no region', ['--aws', 'show', email], { env: NO_REGION }, /^Set AWS_REGION to/],
    ]
    for (const [what, args, request, sentence] of refusals) {
      t.test(what, async (t) => checkRefusal(t, await admin(t, args, request), sentence))
    }
  })

  t.test('takes no password as an argument', async (t) => {
    const { email, password } = newAccount()
    const { code, stderr } = await admin(t, ['create', email, '--password', password], { password })
    t.equal(code, 1)
    t.match(stderr, /^error: unknown option '--password'/)
    t.equal((await server.signUp({ id: '', email, password })).status, 201, 'nobody was made')
  })
})

function checkRefusal(t: Test, { code, stdout, stderr }: Exit, sentence: string | RegExp): void {
  t.same({ code, stdout }, { code: 1, stdout: '' })
  t.match(stderr, sentence)
  t.equal(stderr.trimEnd().split('\n').length, 1, 'one sentence')
}

/** The first sign-in of an account that the command line has made. @returns it with its own password. */
async function chooseOwnPassword(server: ServerProcess, account: Account): Promise<Account> {
  const { password } = newAccount()
  recordSecret('password', password)
  const { email } = account
  const body = { email, password: account.password, newPassword: password }
  const { status } = await server.post('/api/auth/login', body)
  if (status !== 200) throw new Error(`sign-in answered ${status}`)
  return { ...account, password }
}

/** Takes away what an account of an earlier version does not have. */
async function makeOlder(dataDir: string, id: string): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: 'latchkey-users',
    Key: { pk: { S: `USER#${id}` } },
    UpdateExpression: 'REMOVE directory, listedAs',
  })
  const client = createClient({ endpoint: engineEndpoint(dataDir), ...LOCAL_ACCESS })
  await client.send(update)
  client.destroy()
}

/** What the administrators' route answers to a fresh sign-in. */
async function adminStatus(server: ServerProcess, account: Account): Promise<number> {
  const { body } = await server.signIn(account)
  return (await server.get('/api/admin', { token: body.accessToken })).status
}

async function refreshTokenOf(server: ServerProcess, account: Account): Promise<string> {
  return (await server.signIn(account)).body.refreshToken
}

/** Not in a profile of the developer's either. */
const NO_REGION = {
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
}

/** The log line that a command wrote. */
function eventIn(said: string): unknown {
  const line = said.split('\n').find((text) => text.startsWith('{"level"'))
  return line === undefined ? undefined : JSON.parse(line)
}

/** JSON lines of the standard output. */
const linesOf = (said: string): unknown[] =>
  said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

const awsEnvironment = (endpoint: string) => ({
  USERS_TABLE: 'latchkey-users',
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
})
