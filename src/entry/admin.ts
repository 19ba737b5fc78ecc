import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import askPassword from '@inquirer/password'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Command, Option } from 'commander'
import { Value } from 'typebox/value'
import { systemClock } from '../lib/clock.js'
import { loadLocalConfig } from '../config/local.js'
import { readClients } from '../config/declared-clients.js'
import { loadConfig } from '../config/service.js'
import { ConfigError } from '../config/environment.js'
import { createClient } from '../dynamodb/client.js'
import { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { TableNames } from '../dynamodb/tables.js'
import { LocalError, UsageError } from '../local/local-error.js'
import { openLocalRuntime, silenceVersionWarning } from '../local/runtime.js'
import { plainError } from '../lib/plain-error.js'
import { Problem } from '../http/problem.js'
import { systemRandom } from '../lib/random.js'
import { TrailEntries } from '../audit/entries.js'
import { managedEntry } from '../audit/listed.js'
import type { AdminAct } from '../events/catalogue.js'
import { Trail } from '../events/trail.js'
import { Importer } from '../imports/importer.js'
import { Notices } from '../email/notices.js'
import { Outbox } from '../email/outbox.js'
import { RemovalStore } from '../factors/removal-store.js'
import { FactorRemover } from '../factors/remover.js'
import { Mailbox, mailboxFolder } from '../local/mail/mailbox.js'
import { LOCAL_SENDER } from '../local/mail/sender.js'
import { Resources } from '../access-tokens/resources.js'
import { ClientRegister } from '../oauth/clients/register.js'
import { RegisteredClients } from '../oauth/clients/registered.js'
import { type Acting, Administration } from '../administration/administration.js'
import { Invitations } from '../administration/invitations.js'
import { PasswordOffers } from '../administration/password-offers.js'
import { TicketMaker } from '../tickets/ticket-maker.js'
import { normalizeEmail } from '../users/email.js'
import { EMAIL_TAKEN, USER_NOT_FOUND } from '../users/errors.js'
import type { Erasure } from '../personal-data/erasure.js'
import { PasswordHasher } from '../users/password-hasher.js'
import { serviceNamesOf } from '../users/password-policy.js'
import { RegisterBody } from '../users/schemas.js'
import { InvitationsStore } from '../users/invitations/store.js'
import { UsersStore } from '../users/store.js'
import type { Role, Status, User } from '../users/user.js'
import { Users } from '../users/users.js'
import { VERSION } from '../lib/version.js'
import { wordingOf } from '../lib/schema-wording.js'
import { addClientCommands } from './admin-clients.js'
import { confirmRemoval, shownFactors } from './admin-factors.js'
import { addImportCommand } from './admin-import.js'
import { dataKeys, replaceKeysNow, resealSecrets } from './admin-keys.js'
import { erasureOf, leavingAnother } from './admin-erasure.js'
import { COMMAND_LINE, logEvent, logLook } from './admin-log.js'
import { addInvitationCommands } from './admin-invitations.js'
import { listMade } from './admin-made.js'
import { addPeopleCommands, type PeopleCommands, printKeysOf } from './admin-people.js'
import { replayEvents } from './admin-replay.js'
import { makeRestoreGood } from './admin-restore.js'
import { adoptTables, restoreTables } from './admin-tables.js'

/** The command line in a notice: there is no browser, and the language of its reader is not known. */
const ACTING: Acting = { language: 'en', actorId: COMMAND_LINE }

/** What `infra/app.ts` calls the stack of the functions. */
const DEFAULT_STACK = 'Latchkey'

const program = new Command('latchkey admin')
  .description(
    'Administers users and apps of the local service, or with --aws of a deployed one.\n' +
      'Passwords are asked for, or read from standard input; never given as an argument.',
  )
  .version(VERSION)
  .option(
    '--aws',
    'work on a deployed service, with the AWS credentials and region of the environment',
  )
  .addOption(
    new Option(
      '--stack <name>',
      'the stack of the deployed service, which names its tables and secrets (default: "Latchkey"; without this option, USERS_TABLE and so on of the environment come first)',
    ).implies({ aws: true }),
  )
  .showHelpAfterError()
  .hook('preAction', async () => {
    const { aws = false, stack } = program.opts<{ aws?: boolean; stack?: string }>()
    if (aws) await useDeployment(stack)
  })

program
  .command('create <email>')
  .description('create an administrator, or with --role user an ordinary user')
  .addOption(
    new Option('--role <role>', 'what to create').choices(['admin', 'user']).default('admin'),
  )
  .option('--name <name>', 'display name')
  .action(async (email: string, { role, name }: { role: Role; name?: string }) => {
    assertUnpadded(email)
    assertFits('email', email)
    if (name !== undefined) assertFits('name', name)
    const create = async ({ users, administration }: Services) => {
      // Checked before the person has to choose a password.
      if (await users.store.isEmailTaken(normalizeEmail(email))) throw new Problem(EMAIL_TAKEN)
      const account = { email, password: await readPassword(), ...(name !== undefined && { name }) }
      const user = await users.register(
        { ...account, role, mustChangePassword: true },
        undefined,
        async ({ id }) => [
          administration.act(ACTING, { action: 'create', targetId: id, to: role }),
        ],
      )
      console.log(
        `Created ${role} ${user.email} (${user.id}). The first sign-in asks for a new password.`,
      )
      log({ action: 'create', targetId: user.id, to: role })
    }
    await withUsers(create, { mustExist: false })
  })

const people: PeopleCommands = {
  withStore: (use) =>
    withRuntime(({ client }, tables) => use({ client, database: new Database(client), tables })),
  withUser: (emailOrId, use) =>
    people.withStore((store) => {
      const { database, tables } = store
      const users = new UsersStore(database, tables.users, systemClock)
      return findNamed(emailOrId, users, (user) => use(user, store))
    }),
}
addPeopleCommands(program, people)
addInvitationCommands(program, {
  acting: ACTING,
  withInvitations: (use) => withUsers(({ invitations }) => use(invitations)),
  assertEmail: (email) => {
    assertUnpadded(email)
    assertFits('email', email)
  },
  log: (act) => log(act),
  look: (act) => logLook('authz_admin', act),
})

addImportCommand(program, (use, { isMailed }) =>
  withUsers(async ({ users, database, administration, passwordOffers }) => {
    if (isMailed) passwordOffers.assertConfigured()
    const importer = new Importer({
      ...{ database, table: config().tables.users, store: users.store, clock: systemClock },
      key: await dataKeys({ aws: isOnAws() }).first(),
      alongside: async (user) => [
        administration.act(ACTING, { action: 'import', targetId: user.id }),
        ...(isMailed && user.status === 'active' ? await passwordOffers.parts(ACTING, user) : []),
      ],
    })
    await use(importer)
  }),
)

program
  .command('events <email-or-id>')
  .description('print what happened in an account, the newest first, one JSON object a line')
  .action(async (emailOrId: string) => {
    const id = emailOrId.includes('@') ? await idOf(emailOrId) : emailOrId
    await withRuntime(async ({ client }, tables) => {
      const database = new Database(client)
      const trail = new TrailEntries({ database, table: tables.events, clock: systemClock })
      let cursor: string | null | undefined
      do {
        const page = await trail.list(id, cursor == null ? {} : { cursor })
        for (const entry of page.entries) console.log(JSON.stringify(managedEntry(entry)))
        cursor = page.cursor
      } while (cursor !== null)
    })
  })

change('promote', 'make a user an administrator', 'is an administrator now', changeRole('admin'))
change(
  'demote',
  'make an administrator an ordinary user',
  'is an ordinary user now',
  changeRole('user'),
)
change(
  'disable',
  'refuse a user everywhere and end their sessions',
  'is disabled',
  changeStatus('disabled'),
)
change('enable', 'let a disabled user in again', 'is enabled', changeStatus('active'))
change(
  'end-sessions',
  'end all sessions of a user',
  'has no sessions now',
  async (administration, { id }) => {
    await administration.endSessions(ACTING, id)
    return { action: 'end_sessions', targetId: id }
  },
)

program
  .command('delete <email-or-id>')
  .description('delete a user and all that is kept of them, for good')
  .action(async (emailOrId: string) => {
    if (await isErasedAgain(emailOrId)) {
      console.log(`The user ${emailOrId} was deleted before. What was left of them is gone now.`)
      return
    }
    await withUser(emailOrId, async (user, { administration, leavingAnother }) => {
      assertMeant(user, emailOrId)
      const name = await administration.remove(ACTING, user.id, await leavingAnother(user))
      console.log(`${nameOf(user)} is deleted. The audit trail calls them ${name}.`)
      log({ action: 'delete', targetId: name })
    })
  })

change(
  'release-address',
  'take the address from a user, so that another account can have it',
  'has no address now',
  async (administration, { id, email }) => {
    if (email === undefined) throw new LocalError(`The user ${id} has no address.`)
    await administration.releaseAddress(ACTING, id)
    return { action: 'release_address', targetId: id }
  },
)

change(
  'verify-address',
  'confirm that the address of a user is their own, where you know it by other means',
  'has a verified address now',
  async (administration, user, named) => {
    assertMeant(user, named)
    await administration.verifyAddress(ACTING, user.id)
    return { action: 'verify_address', targetId: user.id }
  },
).alias('verify')

program
  .command('reset <email-or-id>')
  .description('mail a user the link with which they choose a new password')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user, { administration, passwordOffers }) => {
      const { id, email, role, emailVerified } = user
      if (email === undefined) throw new LocalError(`The user ${id} has no address.`)
      // Such a link changes nothing: a mistyped address must make no stranger an administrator.
      if (role === 'admin' && !emailVerified) {
        throw new LocalError(
          `The address of this administrator is not verified. Verify it first: verify-address ${id}`,
        )
      }
      passwordOffers.assertConfigured()
      const act = { action: 'offer_password', targetId: id } as const
      await passwordOffers.send(ACTING, { ...user, email }, [administration.act(ACTING, act)])
      console.log(
        `${email} (${id}) gets a mail, whose link is good for half an hour. The service sends it while it runs.`,
      )
      log(act)
    }),
  )

program
  .command('readdress <id> <email>')
  .description('give a user whose address was released or freed another one')
  .action(async (id: string, email: string) => {
    assertFits('email', email)
    await withUser(id, async (user, { administration }) => {
      const given = await administration.giveAddress(ACTING, user.id, email)
      if (!given) {
        throw new LocalError(
          `The user ${user.id} has an address. Release it first: release-address ${user.id}`,
        )
      }
      console.log(`The user ${user.id} has the address ${given.email} now, which is not verified.`)
      log({ action: 'give_address', targetId: user.id })
    })
  })

/** Changes a user. @param named the address or id of the command. @returns what was done. */
type Change = (administration: Administration, user: User, named: string) => Promise<AdminAct>

/**
 * Anyone can register an address that is not theirs, so an address that is not proved names no person.
 * @throws {LocalError} that tells how the account came about, and asks for its id.
 */
function assertMeant({ id, email, emailVerified, createdAt, ...ways }: User, named: string): void {
  if (emailVerified === true || named === id) return
  const providers = (ways.identities ?? []).map(({ provider }) => provider)
  const signIn = [...(ways.passwordHash === undefined ? [] : ['password']), ...providers]
  throw new LocalError(
    `The address ${email} is not verified: the account was made on ${createdAt.slice(0, 10)} and signs in by ${signIn.join(', ')}, and its owner may be another person. If it is the account you mean (people see their user ID on their account page), give its id: ${id}`,
  )
}

function changeRole(to: Role): Change {
  return async (administration, user, named) => {
    if (to === 'admin') assertMeant(user, named)
    const { id } = user
    const { role: from } = await administration.change(ACTING, id, { role: to })
    return { action: 'role', targetId: id, from, to }
  }
}

function changeStatus(to: Status): Change {
  return async (administration, { id }) => {
    const { status: from } = await administration.change(ACTING, id, { status: to })
    return { action: 'status', targetId: id, from, to }
  }
}

const factors = program
  .command('factors')
  .description('help a user who has lost their second factors')
factors
  .command('show <email-or-id>')
  .description('print the second factors of a user as JSON, without their secrets')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user) => {
      console.log(JSON.stringify(shownFactors(user, systemClock()), undefined, 2))
    }),
  )
factors
  .command('remove <email-or-id>')
  .description('remove all second factors of a user at once, and end their sessions')
  .option('--yes', 'do not ask')
  .action((emailOrId: string, { yes = false }: { yes?: boolean }) =>
    withUser(emailOrId, async (user, { administration, remover }) => {
      assertMeant(user, emailOrId)
      await confirmRemoval(user, yes)
      const act = { action: 'remove_factors', targetId: user.id } as const
      await remover.remove(ACTING, user.id, administration.act(ACTING, act))
      console.log(
        `${nameOf(user)} has no second factor now. The next sign-in sets one up, where the policy wants one.`,
      )
      log(act)
    }),
  )
factors
  .command('unlock <email-or-id>')
  .description('accept the authenticator app of a user again after 100 wrong codes in a row')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user, { administration, remover }) => {
      const act = { action: 'unlock_factors', targetId: user.id } as const
      await remover.unlock(user.id, [administration.act(ACTING, act)])
      console.log(`${nameOf(user)} can use the authenticator app again.`)
      log(act)
    }),
  )

const keys = program
  .command('keys')
  .argument('[email-or-id]')
  .description(
    'print the API keys of a user, one JSON object a line; or look after the keys of the service',
  )
  .action((emailOrId: string | undefined) => {
    return emailOrId === undefined ? keys.help({ error: true }) : printKeysOf(emailOrId, people)
  })
keys
  .command('replace-now')
  .description('take a compromised signing key out: every session and machine token ends')
  .option('--since <time>', 'then list the keys, factors, roles and so on that were made since')
  .option('--dry-run', 'with --since: replace nothing, and only list')
  .addHelpText('after', '\nThe time is in UTC, such as 2030-01-31T09:30:00Z.')
  .action(async ({ since, dryRun = false }: { since?: string; dryRun?: boolean }) => {
    const moment = since === undefined ? undefined : momentOf(since)
    if (dryRun && !moment) throw new LocalError('--dry-run only lists. Say since when: --since.')
    if (!dryRun) await replaceKeysNow({ aws: isOnAws() })
    if (!moment) return
    await withRuntime(({ client }, tables) => listMade(client, tables.events, moment))
  })
keys
  .command('reseal')
  .description('seal secrets of second factors again that older data keys have sealed')
  .action(() =>
    withRuntime(({ client }, tables) => resealSecrets(client, tables.users, { aws: isOnAws() })),
  )

const tableCommands = program.command('tables').description('look after the tables in AWS')
tableCommands
  .command('adopt')
  .description('give restored tables all that the service needs, such as point-in-time recovery')
  .option('--check', 'only say what is missing')
  .action((options: { check?: boolean }) =>
    withTables((client, tables) => adoptTables(client, tables, options)),
  )
tableCommands
  .command('restore <time>')
  .description('copy all tables but that of events as they were at a time, and adopt the copies')
  .addHelpText('after', '\nThe time is in UTC, such as 2030-01-31T09:30:00Z.')
  .action((time: string) =>
    withTables((client, tables) => restoreTables(client, tables, momentOf(time))),
  )

/** @throws {LocalError} on this machine, whose tables are a file: a copy of it restores them. */
function withTables(use: (client: DynamoDBClient, tables: TableNames) => Promise<void>) {
  if (!isOnAws()) throw new LocalError('This is for tables in AWS. Add --aws.')
  return withRuntime(({ client }, tables) => use(client, tables))
}

/** @throws {LocalError} for what names no second of the past, in UTC. */
function momentOf(time: string): Date {
  const moment = new Date(time)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) || !(moment.getTime() < systemClock())) {
    throw new LocalError('The time must be past and in UTC, such as 2030-01-31T09:30:00Z.')
  }
  return moment
}

program
  .command('after-restore')
  .description('take away again what was taken away after the moment to which tables were restored')
  .requiredOption('--since <time>', 'that moment, such as 2026-11-29T10:00:00Z')
  .option('--dry-run', 'change nothing, and say what would be done')
  .action(({ since, dryRun = false }: { since: string; dryRun?: boolean }) =>
    withRuntime(({ client }, tables) =>
      makeRestoreGood({
        ...{ client, tables, since: momentOf(since), trail: trailOf(tables) },
        ...{ isDryRun: dryRun, aws: isOnAws(), keptMs: config().audit.keptMs },
      }),
    ),
  )

program
  .command('replay')
  .description('send events of the audit trail to EventBridge again, with the ids that they had')
  .requiredOption('--since <time>', 'the first of them, such as 2026-11-29T10:00:00Z')
  .option('--until <time>', 'the first that is not sent (default: now)')
  .action(({ since, until }: { since: string; until?: string }) =>
    withRuntime(({ client }, { events: table }) =>
      replayEvents({
        ...{ client, table, queueUrl: process.env.EVENT_QUEUE_URL },
        since: momentOf(since),
        until: until === undefined ? new Date(systemClock()) : momentOf(until),
      }),
    ),
  )

addClientCommands(program, (use) =>
  withRuntime(async ({ client }, tables) => {
    const settings = config()
    const { issuer, resources } = settings
    const register = new ClientRegister({
      ...{ issuer, resources: new Resources(resources), declared: await readClients(settings) },
      store: new RegisteredClients(new Database(client), tables.clients),
      ...{ clock: systemClock, random: systemRandom },
    })
    return use(register, trailOf(tables))
  }),
)

/** Commands that change one thing of one user are data over this. */
function change(name: string, description: string, outcome: string, apply: Change): Command {
  return program
    .command(`${name} <email-or-id>`)
    .description(description)
    .action((emailOrId: string) =>
      withUser(emailOrId, async (user, { administration }) => {
        const act = await apply(administration, user, emailOrId)
        console.log(`${nameOf(user)} ${outcome}.`)
        log(act)
      }),
    )
}

const nameOf = ({ id, email }: User): string => `${email ?? 'The user without an address'} (${id})`

const log = (act: AdminAct): void => logEvent('authz_admin', { userId: COMMAND_LINE, ...act })

/** @throws {LocalError} for an address as no account has it: a shell keeps the spaces of what is pasted in quotes. */
function assertUnpadded(email: string): void {
  if (email !== email.trim()) {
    throw new LocalError('The email must have no space at its start or end.')
  }
}

/** @throws {LocalError} for what sign-up would refuse too. */
function assertFits(field: 'email' | 'name', value: string): void {
  const [wrong] = Value.Errors(RegisterBody.properties[field], value)
  if (wrong) throw new LocalError(`The ${field} ${wordingOf(wrong) ?? wrong.message}.`)
}

interface Stores {
  readonly administration: Administration
  readonly leavingAnother: Services['leavingAnother']
  readonly passwordOffers: PasswordOffers
  readonly remover: FactorRemover
}

/** The id of an account: one that is deleted by now has events, but no address. */
async function idOf(email: string): Promise<string> {
  let found = ''
  await withUser(email, async ({ id }) => {
    found = id
  })
  return found
}

/** Goes on with an erase, or looks for what one has left. @returns false for an id that was never erased. */
async function isErasedAgain(id: string): Promise<boolean> {
  const found: boolean[] = []
  await withUsers(async ({ erasure }) => {
    found.push(await erasure.again(id))
  })
  return found.includes(true)
}

/** By the whole address, or by the id that logs have: no id has an `@`. */
async function withUser(
  emailOrId: string,
  use: (user: User, stores: Stores) => Promise<void>,
): Promise<void> {
  await withUsers(({ users, ...stores }) =>
    findNamed(emailOrId, users.store, (user) => use(user, stores)),
  )
}

/** @throws {LocalError} for a user who is unknown, before or during the use. */
async function findNamed(
  emailOrId: string,
  store: UsersStore,
  use: (user: User) => Promise<void>,
): Promise<void> {
  try {
    assertUnpadded(emailOrId)
    const user = emailOrId.includes('@')
      ? await store.findByEmail(normalizeEmail(emailOrId))
      : await store.findById(emailOrId)
    if (!user) throw new Problem(USER_NOT_FOUND)
    await use(user)
  } catch (error) {
    if (error instanceof Problem && error.type === USER_NOT_FOUND) {
      throw new LocalError(`There is no user ${emailOrId}. ${whereLooked()}`)
    }
    throw error
  }
}

/** The database that a command works on, for a user who may have meant another. */
function whereLooked(): string {
  const { dataDir, endpoint } = loadLocalConfig(process.env)
  if (!isOnAws() && endpoint === undefined) return `The data folder is ${resolve(dataDir)}.`
  const { tables } = config()
  return `The table is ${tables.users}${isOnAws() ? '' : ` at ${endpoint}`}.`
}

/**
 * Puts what the functions of a deployed service know into the environment.
 * @param stack undefined for the default one, unless the environment names the tables already.
 */
async function useDeployment(stack: string | undefined): Promise<void> {
  if (stack === undefined && process.env.USERS_TABLE !== undefined) return
  silenceVersionWarning()
  const { readDeployment } = await import('../aws/deployment.js')
  Object.assign(process.env, await readDeployment(stack ?? DEFAULT_STACK))
}

const isOnAws = (): boolean => program.opts<{ aws?: boolean }>().aws === true

/** No token is made here, so the issuer does not matter. The local service sends mail to its mailbox. */
function config() {
  const { isProduction, smtp } = loadLocalConfig(process.env)
  const hasMailbox = !isOnAws() && !isProduction && !smtp
  return loadConfig(process.env, {
    ISSUER: 'http://localhost',
    ...(hasMailbox && { MAIL_FROM: LOCAL_SENDER }),
  })
}

interface Services {
  readonly database: Database
  readonly users: Users
  readonly administration: Administration
  readonly erasure: Erasure
  /** @see leavingAnother */
  readonly leavingAnother: (user: User) => Promise<readonly Part[]>
  readonly passwordOffers: PasswordOffers
  readonly invitations: Invitations
  readonly remover: FactorRemover
}

/**
 * Runs on the deployed tables, on a running local service, or on its data while it is stopped.
 * @param mustExist whether to refuse a data folder without a database, rather than to create one.
 */
async function withUsers(
  use: (services: Services) => Promise<void>,
  { mustExist = true } = {},
): Promise<void> {
  const { passwords, mail, signUp, brand, issuer } = config()
  const useServices = async ({ client }: Runtime, tables: TableNames) => {
    const database = new Database(client)
    const outbox = new Outbox({ table: tables.events, clock: systemClock, random: systemRandom })
    const requests = {
      assertConfigured: () => {
        if (!mail) throw new LocalError('No mail is sent. Set MAIL_FROM as the service has it.')
      },
      write: (parts: readonly Part[]) => database.writeTogether(parts),
    }
    const tickets = new TicketMaker({
      table: tables.tickets,
      clock: systemClock,
      random: systemRandom,
    })
    const store = new UsersStore(database, tables.users, systemClock)
    const notices = new Notices({
      ...{ hasMail: mail !== undefined, outbox },
      usersTable: tables.users,
    })
    const users = new Users({
      store,
      hasher: new PasswordHasher(passwords, systemRandom),
      minPasswordLength: passwords.minLength,
      serviceNames: serviceNamesOf(brand.name, issuer),
      clock: systemClock,
      random: systemRandom,
    })
    const erasing = { client, database, tables, users: store, mailbox: localMailbox() }
    const erasure = erasureOf(erasing)
    const administration = new Administration({
      ...{ users, notices, erasure, clock: systemClock },
      trail: trailOf(tables),
    })
    await use({
      database,
      users,
      erasure,
      leavingAnother: (user) => leavingAnother(user, erasing),
      administration,
      invitations: new Invitations({
        ...{ users: store, administration, requests, tickets, outbox, signUp },
        store: new InvitationsStore({ database, table: tables.events, clock: systemClock }),
        ...{ clock: systemClock, random: systemRandom },
      }),
      remover: new FactorRemover({
        store: new RemovalStore(database, tables.users),
        ...{ users: store, notices },
      }),
      passwordOffers: new PasswordOffers({
        ...{ requests, tickets, outbox },
        usersTable: tables.users,
      }),
    })
  }
  await withRuntime(useServices, { mustExist })
}

/** Where the local service puts its mails. */
function localMailbox(): Mailbox | undefined {
  if (isOnAws()) return undefined
  const { dataDir } = loadLocalConfig(process.env)
  return new Mailbox({ folder: mailboxFolder(dataDir), clock: systemClock })
}

const trailOf = ({ events }: TableNames): Trail =>
  new Trail({ table: events, ...config().audit, clock: systemClock, random: systemRandom })

type Runtime = Pick<ReturnType<typeof remoteRuntime>, 'client'>

async function withRuntime(
  use: (runtime: Runtime, tables: TableNames) => Promise<void>,
  { mustExist = true } = {},
): Promise<void> {
  const { tables } = config()
  const runtime = isOnAws()
    ? remoteRuntime()
    : await openLocalRuntime({ ...loadLocalConfig(process.env), tables, join: true, mustExist })
  try {
    await use(runtime, tables)
  } finally {
    await runtime.stop()
  }
}

function remoteRuntime() {
  silenceVersionWarning()
  const client = createClient()
  return { client, stop: async () => client.destroy() }
}

/** Hidden and asked twice at a terminal; otherwise one line of standard input. */
async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const [line = ''] = (await text(process.stdin)).split(/\r?\n/, 1)
    if (line === '') throw new LocalError('There is no password on standard input.')
    return line
  }
  const first = await askPassword({ message: 'Password' })
  const second = await askPassword({ message: 'Again' })
  if (first !== second) throw new LocalError('The two passwords differ.')
  return first
}

/** What the SDK says, which has looked into the profile as well. */
const NO_REGION = /^Region (is missing|not accepted)/

function explain(error: unknown): string | undefined {
  if (error instanceof Problem) {
    const { detail, cause } = error.extras
    if (cause instanceof Error && NO_REGION.test(cause.message)) {
      return 'Set AWS_REGION to the region of the tables, such as eu-central-1.'
    }
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined
    return [`${error.type.title}.`, detail, reason].filter(Boolean).join(' ')
  }
  if (error instanceof LocalError || error instanceof ConfigError) return error.message
  if (error instanceof Error && error.name === 'DeploymentError') return error.message
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 'Nothing reads standard output.'
  // Ctrl-C at the prompt.
  if (error instanceof Error && error.name === 'ExitPromptError')
    return 'Stopped; nothing was changed.'
  return undefined
}

// Who reads only the first lines, as `head` does, closes the pipe: `print` finds out.
process.stdout.on('error', () => undefined)

program.parseAsync().catch((error: unknown) => {
  console.error(explain(error) ?? plainError(error as Error))
  process.exitCode = error instanceof UsageError ? UsageError.exitCode : 1
})
