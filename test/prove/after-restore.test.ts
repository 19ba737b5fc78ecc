import {
  BatchWriteItemCommand,
  type AttributeValue,
  paginateScan,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { Restoration } from '../../src/restoration/restoration.js'
import { Runs } from '../../src/restoration/runs.js'
import { KeyMaintenance } from '../../src/keyring/maintenance.js'
import { systemRandom } from '../../src/lib/random.js'
import { RegisteredClients } from '../../src/oauth/clients/registered.js'
import { SessionsStore } from '../../src/sessions/store.js'
import { Database } from '../../src/dynamodb/database.js'
import { UsersStore } from '../../src/users/store.js'
import { ApiKeysStore } from '../../src/api-keys/store.js'
import type { Identities } from '../../src/users/identities/identities.js'
import { changeAddress } from '../support/address-change.js'
import { ACTING, administrationOf, erasureOf } from '../support/administration.js'
import { registeredApp } from '../support/apps.js'
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.js'
import {
  addTotp,
  type AuthenticatorApp,
  signInWithFactor,
  ticketOf,
  TOTP,
  withTotp,
} from '../support/factors.js'
import { type Generated, newAdmin, newOwner, type Owner, statusOf } from '../support/keys.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import {
  addPasskey,
  newPasskey,
  PASSKEYS,
  signInWith as signInWithPasskey,
  withPasskey,
} from '../support/passkeys.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const CALLER = { language: 'en' } as const

/** A credential, and whether a service accepts it. */
interface Probe {
  readonly name: string
  readonly isAccepted: (service: Service) => Promise<boolean>
  /** What nothing can decide: then it is refused, and a person looks at it. */
  readonly isUndecidable?: boolean
}

type Tables = Record<string, Record<string, AttributeValue>[]>

/** All tables but that of events. */
const tablesOf = ({ config }: Service) =>
  Object.entries(config.tables)
    .filter(([id]) => id !== 'events')
    .map(([, name]) => name)

async function itemsOf({ client }: Service, TableName: string) {
  const items: Record<string, AttributeValue>[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items)
  return items
}

async function snapshotOf(service: Service): Promise<Tables> {
  const tables: Tables = {}
  for (const name of tablesOf(service)) tables[name] = await itemsOf(service, name)
  return tables
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  users: ['pk'],
  refreshTokens: ['userId', 'sessionId'],
  apiKeys: ['keyId'],
  rateLimits: ['key'],
  tickets: ['pk'],
  clients: ['clientId'],
}

/** What AWS Backup or point-in-time recovery does, as the service sees it. */
async function putBack(service: Service, snapshot: Tables): Promise<void> {
  const { client, config } = service
  for (const [id, names] of Object.entries(KEYS)) {
    const table = config.tables[id as keyof typeof config.tables]
    const deletions = (await itemsOf(service, table)).map((item) => ({
      DeleteRequest: { Key: Object.fromEntries(names.map((name) => [name, item[name]])) as never },
    }))
    const puts = (snapshot[table] ?? []).map((Item) => ({ PutRequest: { Item } }))
    for (const requests of [deletions, puts]) {
      for (let at = 0; at < requests.length; at += 25) {
        const RequestItems = { [table]: requests.slice(at, at + 25) }
        await client.send(new BatchWriteItemCommand({ RequestItems }))
      }
    }
  }
}

function restorationOf(service: Service) {
  const { client, config, clock, services } = service
  const { trail } = services
  // The command line has rights that the app has not.
  const database = new Database(client)
  const progress: string[] = []
  const restoration = new Restoration({
    ...{ client, database, trail, tables: config.tables },
    users: new UsersStore(database, config.tables.users, clock),
    erasure: erasureOf(service),
    sessions: new SessionsStore(database, config.tables),
    apiKeys: new ApiKeysStore(database, config.tables, new Set()),
    clients: new RegisteredClients(database, config.tables.clients),
    runs: new Runs(database, config.tables.users),
    replaceKeys: () =>
      new KeyMaintenance({
        stores: service.keyRing.stores,
        lifetimes: { accessMs: 15 * MINUTE, refreshMs: 30 * DAY },
        clock,
        random: systemRandom,
      }).replaceSessionKeys(),
    actorId: 'command-line',
    onProgress: (text) => progress.push(text),
    clock,
    random: systemRandom,
  })
  return { restoration, progress }
}

/** What was done is told in no order. */
const sorted = (ids: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(ids).map(([what, which]) => [what, [...which].sort()]))

const byPassword = (name: string, { email, password }: Account, isUndecidable = false): Probe => ({
  name,
  isUndecidable,
  isAccepted: async (service) => {
    const { status, body } = await service.post('/api/auth/login', { email, password })
    if (status !== 200 && body.code !== 'INVALID_CREDENTIALS' && body.code !== 'RATE_LIMITED')
      return body.code !== 'SECOND_FACTOR_REQUIRED'
    return status === 200
  },
})

const byKey = (name: string, { secret }: Generated, isUndecidable = false): Probe => ({
  name,
  isUndecidable,
  isAccepted: async (service) => (await statusOf(service, secret)) === 200,
})

const byToken = (name: string, token: string, isUndecidable = false): Probe => ({
  name,
  isUndecidable,
  isAccepted: async (service) =>
    (await service.get('/api/auth/sessions', { token })).status === 200,
})

t.test('nothing that was refused before a restore is accepted after it', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { clock } = service
  const step = (): void => clock.advance(SECOND)
  const admin = await newAdmin(service)
  const administration = administrationOf(service)
  const member = async (): Promise<Owner> => {
    step()
    const owner = await newOwner(service)
    await proveAddress(service, owner.id)
    return owner
  }
  const identities = service.services.identities as unknown as Identities
  const profileOf = (account: Account, subject: string) => ({
    ...{ provider: 'north', issuer: 'https://north.example', subject, email: account.email },
    ...{ emailVerified: true, domains: ['*'] },
  })

  // As it is at the moment of the tables.
  const untouched = await member()
  const untouchedKey = await untouched.generate()
  const owners = {
    changed: await member(),
    reset: await member(),
    disabled: await member(),
    reenabled: await member(),
    erased: await member(),
    readdressed: await member(),
    released: await member(),
    loggedOut: await member(),
    allOut: await member(),
    enrolled: await member(),
    unlinked: await member(),
    partner: await member(),
    lately: await member(),
  }
  const demoted = await newAdmin(service)
  const keys = {
    deleted: await owners.partner.generate(),
    stopped: await owners.partner.generate(),
    narrowed: await owners.partner.generate(),
    expired: await owners.partner.generate(),
    rotated: await owners.partner.generate(),
    overlapping: await owners.partner.generate(),
    toggled: await owners.partner.generate(),
    revoked: await owners.partner.generate(),
    byAdmin: await owners.partner.generate(),
    kept: await owners.partner.generate(),
    twice: await owners.partner.generate(),
    elsewhere: await owners.partner.generate({ allowedCidrs: ['127.0.0.0/8'] }),
    planted: await owners.partner.generate(),
  }
  await service.services.apiKeys.suspend({}, keys.planted.id, 'password_changed')
  const ofErased = await owners.erased.generate()
  const loggedOut = await service.signIn(owners.loggedOut.account)
  const allOut = await service.signIn(owners.allOut.account)
  const staying = await service.signIn(untouched.account)
  const heldPasskey = await withPasskey(service)
  const gonePasskey = await withPasskey(service)
  const totp = await withTotp(service)
  const removedTotp = await withTotp(service)
  const codes = await withTotp(service)
  const halfWay = await withTotp(service)
  const openTicket = await ticketOf(service, halfWay.account)
  await identities.link(
    CALLER,
    { id: owners.unlinked.id, epoch: 0 },
    profileOf(owners.unlinked.account, 'gone'),
  )
  await identities.link(
    CALLER,
    { id: untouched.id, epoch: 0 },
    profileOf(untouched.account, 'kept'),
  )
  const app = await registeredApp(service)
  const goneApp = await registeredApp(service)
  const forgot = await service.post('/api/auth/password/forgot', {
    email: owners.reset.account.email,
  })
  const resetMail = await lastMail(service, owners.reset.account.email)
  clock.advance(MINUTE)

  const snapshot = await snapshotOf(service)
  // Answered before the moment, and written after it.
  await administration.change(ACTING, owners.lately.id, { status: 'disabled' })
  clock.advance(SECOND)
  const since = new Date(clock()).toISOString()
  clock.advance(SECOND)

  // What happens then.
  const changedPassword = newAccount().password
  {
    const { account, id } = owners.changed
    const { accessToken: token } = await service.signIn(account)
    const body = { currentPassword: account.password, newPassword: changedPassword }
    t.equal((await service.post('/api/auth/password', body, { token })).status, 204, id)
  }
  step()
  const resetPassword = newAccount().password
  const resetWith = () =>
    service.post('/api/auth/password/reset', {
      ...{ flow: forgot.body.flow, code: resetMail.code },
      newPassword: resetPassword,
    })
  t.equal((await resetWith()).status, 204)
  const admins = async (owner: Owner, path: string, method: string, body?: unknown) => {
    step()
    const { status } = await admin.admin(method, `/${owner.id}${path}`, body)
    t.ok(status < 300, `${method} ${path} ${status}`)
  }
  await admins(owners.disabled, '', 'PATCH', { status: 'disabled' })
  await admins(owners.reenabled, '', 'PATCH', { status: 'disabled' })
  await admins(owners.reenabled, '', 'PATCH', { status: 'active' })
  await admins(demoted, '', 'PATCH', { role: 'user' })
  step()
  await administration.remove(ACTING, owners.erased.id)
  step()
  const moved = await changeAddress(service, owners.readdressed.account)
  step()
  await administration.releaseAddress(ACTING, owners.released.id)
  await service.post('/api/auth/logout', undefined, { token: loggedOut.accessToken })
  step()
  await service.delete('/api/auth/sessions', { token: allOut.accessToken })
  const { partner } = owners
  for (const [id, change] of [
    [keys.stopped.id, { status: 'disabled' }],
    [keys.narrowed.id, { allowedCidrs: ['192.0.2.0/24'] }],
    [keys.expired.id, { expiresAt: new Date(clock() + 10 * MINUTE).toISOString() }],
    [keys.toggled.id, { status: 'disabled' }],
    [keys.toggled.id, { status: 'active' }],
    [keys.elsewhere.id, { allowedCidrs: ['192.0.2.0/24'] }],
  ] as const) {
    step()
    await partner.patch(id, change)
  }
  await partner.call('DELETE', `/${keys.deleted.id}`)
  step()
  const rotated = await partner.rotate(keys.rotated.id, 0)
  await partner.rotate(keys.overlapping.id, 86_400)
  await partner.rotate(keys.twice.id, 86_400)
  step()
  await partner.rotate(keys.twice.id, 0)
  await admin.call('GET')
  await admin.patch(keys.byAdmin.id, { status: 'disabled' })
  await admin.patch(keys.planted.id, { status: 'disabled' })
  step()
  await service.services.apiKeys.revoke({}, keys.revoked.id)
  step()
  const { body: byPasskey } = await signInWithPasskey(service, gonePasskey.passkey)
  const removed = await service.delete(`${PASSKEYS}/${gonePasskey.id}`, {
    token: byPasskey.accessToken,
  })
  t.equal(removed.status, 204)
  step()
  t.equal((await service.delete(TOTP, { token: removedTotp.token })).status, 204)
  step()
  const again = await addTotp(service, removedTotp.token)
  step()
  const [usedCode = ''] = codes.recoveryCodes
  const byCode = (on: Service) => signInWithFactor(on, codes.account, { recoveryCode: usedCode })
  t.equal((await byCode(service)).status, 200)
  const complete = (on: Service, app: AuthenticatorApp) =>
    on.post('/api/auth/login/factor', { ticket: openTicket, totp: app.nextCode() })
  t.equal((await complete(service, halfWay.app)).status, 200)
  step()
  const { accessToken: enrolling } = await service.signIn(owners.enrolled.account)
  await addPasskey(service, enrolling, newPasskey(service))
  step()
  {
    const user = await service.services.users.store.findById(owners.unlinked.id)
    const event = service.services.trail.part({}, 'identity_unlinked', {
      userId: owners.unlinked.id,
      identityId: user?.identities?.[0]?.id ?? '',
    })
    const change = { usable: ['north'], caused: [event] }
    await identities.unlink(owners.unlinked.id, user?.identities?.[0]?.id ?? '', change)
  }
  step()
  const { services } = service
  await new RegisteredClients(services.database, service.config.tables.clients).remove(
    goneApp.client.clientId,
    [
      services.trail.part({}, 'client_removed', {
        userId: 'command-line',
        clientId: goneApp.client.clientId,
      }),
    ],
  )
  clock.advance(MINUTE)

  const probes: readonly Probe[] = [
    byPassword('an untouched password', untouched.account),
    byKey('an untouched key', untouchedKey),
    byToken('an untouched session', staying.accessToken, true),
    byPassword('the password before', owners.changed.account),
    byPassword('the new password', { ...owners.changed.account, password: changedPassword }, true),
    byPassword('the password before the mail', owners.reset.account),
    {
      name: 'the mail that was used',
      isAccepted: async (on) =>
        (
          await on.post('/api/auth/password/reset', {
            ...{ flow: forgot.body.flow, code: resetMail.code },
            newPassword: newAccount().password,
          })
        ).status === 204,
    },
    byPassword('a disabled account', owners.disabled.account),
    byPassword('an account that was disabled and enabled', owners.reenabled.account),
    byPassword('an account that was disabled at the moment', owners.lately.account),
    byPassword('an erased account', owners.erased.account),
    byKey('a key of an erased account', ofErased),
    byPassword('the address before', owners.readdressed.account),
    byPassword('the new address', moved.account, true),
    byPassword('a released address', owners.released.account),
    byToken('a session that was signed out', loggedOut.accessToken),
    byToken('a session of those that all ended', allOut.accessToken),
    byPassword('a password without the new factor', owners.enrolled.account),
    ...Object.entries(keys)
      .filter(([name]) => name !== 'overlapping')
      .map(([name, key]) => byKey(`a key that is ${name}`, key)),
    byKey('a secret that still overlaps', keys.overlapping),
    {
      name: 'the owner, to enable what an administrator disabled',
      isAccepted: async (on) => {
        const { accessToken: token } = await on.signIn(partner.account)
        const body = { status: 'active' }
        const path = `/api/apikeys/${keys.planted.id}`
        return (await on.call('PATCH', path, { token, body })).status === 200
      },
    },
    byKey('a secret that has come since', { id: '', secret: rotated }, true),
    {
      name: 'a passkey',
      isAccepted: async (on) => (await signInWithPasskey(on, heldPasskey.passkey)).status === 200,
    },
    {
      name: 'a removed passkey',
      isAccepted: async (on) => (await signInWithPasskey(on, gonePasskey.passkey)).status === 200,
    },
    {
      name: 'an authenticator app',
      isAccepted: async (on) =>
        (await signInWithFactor(on, totp.account, { totp: totp.app.nextCode() })).status === 200,
    },
    {
      name: 'an authenticator app before',
      isAccepted: async (on) => {
        const { email, password } = removedTotp.account
        const begun = await on.post('/api/auth/login', { email, password })
        if (begun.status === 200) return true
        const proof = { ticket: begun.body.ticket ?? '', totp: removedTotp.app.nextCode() }
        return (await on.post('/api/auth/login/factor', proof)).status === 200
      },
    },
    {
      name: 'the new authenticator app',
      isUndecidable: true,
      isAccepted: async (on) => {
        const { email, password } = removedTotp.account
        const begun = await on.post('/api/auth/login', { email, password })
        const proof = { ticket: begun.body.ticket ?? '', totp: again.app.nextCode() }
        return (await on.post('/api/auth/login/factor', proof)).status === 200
      },
    },
    { name: 'a used recovery code', isAccepted: async (on) => (await byCode(on)).status === 200 },
    {
      name: 'a used ticket',
      isAccepted: async (on) => (await complete(on, halfWay.app)).status === 200,
    },
    {
      name: 'an unlinked identity',
      isAccepted: async (on) => {
        const held = on.services.identities as unknown as Identities
        const profile = profileOf(owners.unlinked.account, 'gone')
        const arrival = await held.signIn(CALLER, profile).catch(() => undefined)
        return arrival?.how === 'returned'
      },
    },
    {
      name: 'a linked identity',
      isAccepted: async (on) => {
        const held = on.services.identities as unknown as Identities
        const arrival = await held.signIn(CALLER, profileOf(untouched.account, 'kept'))
        return arrival.how === 'returned'
      },
    },
    {
      name: 'an administrator',
      isAccepted: async (on) => {
        const { accessToken: token } = await on.signIn(admin.account)
        return (await on.get('/api/admin', { token })).status === 200
      },
    },
    {
      name: 'a demoted administrator',
      isAccepted: async (on) => {
        const { accessToken: token } = await on.signIn(demoted.account)
        return (await on.get('/api/admin', { token })).status === 200
      },
    },
    {
      name: 'an app',
      isAccepted: async (on) => (await on.services.clients.find(app.client.clientId)) !== undefined,
    },
    {
      name: 'a removed app',
      isAccepted: async (on) =>
        (await on.services.clients.find(goneApp.client.clientId)) !== undefined,
    },
  ]
  const verdicts = async (on: Service) => {
    const accepted = new Map<string, boolean>()
    for (const { name, isAccepted } of probes) accepted.set(name, await isAccepted(on))
    return accepted
  }
  clock.advance(10 * MINUTE)
  const before = await verdicts(await startService(t, { beside: service, env: MAIL }))
  clock.advance(MINUTE)
  await putBack(service, snapshot)

  const { restoration, progress } = restorationOf(service)
  const planned = await restoration.run(since, { isDryRun: true })
  t.ok(planned.isDryRun)
  t.same(
    (await itemsOf(service, service.config.tables.users)).length,
    snapshot[service.config.tables.users]?.length,
    'a dry run writes nothing',
  )
  const report = await restoration.run(since, { isDryRun: false })
  t.same(Object.keys(report.accounts).sort(), Object.keys(planned.accounts).sort())
  t.ok(progress.length > 0)

  const after = await verdicts(await startService(t, { beside: service, env: MAIL }))
  for (const { name, isUndecidable = false } of probes) {
    if (before.get(name) === false) t.equal(after.get(name), false, `${name} stays refused`)
    else if (!isUndecidable) t.equal(after.get(name), true, `${name} stays accepted`)
  }
  t.match(report.accounts, {
    erased: [owners.erased.id],
    demoted: [demoted.id],
    passwordCleared: { length: 2 },
    addressTaken: { length: 2 },
  })
  t.match(report.keys, { deleted: [keys.deleted.id] })
  t.match(report.apps, { removed: [goneApp.client.clientId] })
  const undecided = new Set(report.undecided.map(({ id }) => id))
  for (const id of [owners.readdressed.id, owners.enrolled.id, keys.rotated.id])
    t.ok(undecided.has(id), id)

  t.test('a restoration of the accounts that runs again changes nothing', async (t) => {
    const tables = await snapshotOf(service)
    clock.advance(HOUR)
    const repeated = await restorationOf(service).restoration.run(since, { isDryRun: false })
    t.ok(repeated.wasDone)
    t.same(await snapshotOf(service), tables)
  })

  t.test('on tables that were restored once more, the restoration is done once more', async (t) => {
    await putBack(service, snapshot)
    const anew = await restorationOf(service).restoration.run(since, { isDryRun: false })
    t.same(sorted(anew.accounts), sorted(report.accounts))
    t.same(sorted(anew.keys), sorted(report.keys))
    t.equal(anew.ticketsDeleted, report.ticketsDeleted)
  })
})

t.test(
  'after a restore, an erased account that cannot be deleted again opens nothing',
  async (t) => {
    const service = await startService(t)
    const { clock, client, config, services } = service
    const owner = await newOwner(service)
    const identities = services.identities as unknown as Identities
    await identities.link(CALLER, { id: owner.id, epoch: 0 }, {
      provider: 'north',
      issuer: 'https://north.example',
      subject: 's',
      domains: [],
    } as never)
    const snapshot = await snapshotOf(service)
    const since = new Date(clock()).toISOString()
    clock.advance(SECOND)
    await administrationOf(service).remove(ACTING, owner.id)
    clock.advance(SECOND)
    await putBack(service, snapshot)
    const pointer = { pk: { S: 'IDENTITY#https://north.example#s' }, userId: { S: 'another' } }
    await client.send(new PutItemCommand({ TableName: config.tables.users, Item: pointer }))
    const report = await restorationOf(service).restoration.run(since, { isDryRun: false })
    t.match(report, { accounts: { disabled: [owner.id] }, undecided: [{ id: owner.id }] })
    t.equal(report.accounts.erased, undefined)
    const beside = await startService(t, { beside: service })
    t.equal(await byPassword('its password', owner.account).isAccepted(beside), false)
  },
)
