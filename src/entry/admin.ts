import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import askPassword from '@inquirer/password'
import { Command, Option } from 'commander'
import { Value } from 'typebox/value'
import { systemClock } from '../lib/clock.js'
import { loadLocalConfig } from '../config/local.js'
import { loadConfig } from '../config/service.js'
import { ConfigError } from '../config/environment.js'
import { createClient } from '../dynamodb/client.js'
import { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { TableNames } from '../dynamodb/tables.js'
import { CommandLogger } from '../local/command-log.js'
import { LocalError } from '../local/local-error.js'
import { openLocalRuntime, silenceVersionWarning } from '../local/runtime.js'
import { plainError } from '../lib/plain-error.js'
import { Problem } from '../http/problem.js'
import { systemRandom } from '../lib/random.js'
import { isLive } from '../sessions/session.js'
import { SessionsStore } from '../sessions/store.js'
import type { AdminAct } from '../events/catalogue.js'
import { eventLine } from '../events/report.js'
import { type Doer, Notices } from '../email/notices.js'
import { Outbox } from '../email/outbox.js'
import { RemovalStore } from '../factors/removal-store.js'
import { FactorRemover } from '../factors/remover.js'
import { LOCAL_SENDER } from '../local/mail/sender.js'
import { Administration } from '../administration/administration.js'
import { PasswordOffers } from '../administration/password-offers.js'
import { TicketMaker } from '../tickets/ticket-maker.js'
import { normalizeEmail } from '../users/email.js'
import { EMAIL_TAKEN, USER_NOT_FOUND } from '../users/errors.js'
import { PasswordHasher } from '../users/password-hasher.js'
import { RegisterBody } from '../users/schemas.js'
import { UsersStore } from '../users/store.js'
import { managedUserOf, type Role, type Status, type User } from '../users/user.js'
import { Users } from '../users/users.js'
import { VERSION } from '../lib/version.js'
import { wordingOf } from '../lib/schema-wording.js'
import { confirmRemoval, shownFactors } from './admin-factors.js'
import { replaceKeysNow, resealSecrets } from './admin-keys.js'

/** Who did it, in the log. */
const COMMAND_LINE = 'command-line'

/** The same in a notice: there is no browser, and the language of its reader is not known. */
const DOER: Doer = { language: 'en' }

const program = new Command('latchkey admin')
  .description(
    'Administers users of the local service, or with --aws of a deployed one.\n' +
      'Passwords are asked for, or read from standard input; never given as an argument.',
  )
  .version(VERSION)
  .option(
    '--aws',
    'use the AWS credentials, region and names of tables and secrets of the environment',
  )
  .showHelpAfterError()

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
    const create = async ({ users }: Services) => {
      // Checked before the person has to choose a password.
      if (await users.store.isEmailTaken(normalizeEmail(email))) throw new Problem(EMAIL_TAKEN)
      const account = { email, password: await readPassword(), ...(name !== undefined && { name }) }
      const user = await users.register({ ...account, role, mustChangePassword: true })
      console.log(
        `Created ${role} ${user.email} (${user.id}). The first sign-in asks for a new password.`,
      )
      log({ action: 'create', targetId: user.id, to: role })
    }
    await withUsers(create, { mustExist: false })
  })

program
  .command('show <email-or-id>')
  .description('print a user as JSON')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user, { sessions }) => {
      const live = await sessions.list(user.id)
      const now = systemClock()
      const count = live.filter((session) => isLive(session, user, now)).length
      console.log(JSON.stringify({ ...managedUserOf(user, now), sessions: count }, undefined, 2))
    }),
  )

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
    await administration.endSessions(id)
    return { action: 'end_sessions', targetId: id }
  },
)

change('delete', 'delete a user, for good', 'is deleted', async (administration, user, named) => {
  assertMeant(user, named)
  await administration.remove(user.id)
  return { action: 'delete', targetId: user.id }
})

change(
  'release-address',
  'take the address from a user, so that another account can have it',
  'has no address now',
  async (administration, { id, email }) => {
    if (email === undefined) throw new LocalError(`The user ${id} has no address.`)
    await administration.releaseAddress(DOER, id)
    return { action: 'release_address', targetId: id }
  },
)

change(
  'verify-address',
  'confirm that the address of a user is their own, where you know it by other means',
  'has a verified address now',
  async (administration, user, named) => {
    assertMeant(user, named)
    await administration.verifyAddress(DOER, user.id)
    return { action: 'verify_address', targetId: user.id }
  },
)

program
  .command('reset <email-or-id>')
  .description('mail a user the link with which they choose a new password')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user, { passwordOffers }) => {
      const { id, email, role, emailVerified } = user
      if (email === undefined) throw new LocalError(`The user ${id} has no address.`)
      // Such a link changes nothing: a mistyped address must make no stranger an administrator.
      if (role === 'admin' && !emailVerified) {
        throw new LocalError(
          `The address of this administrator is not verified. Verify it first: verify-address ${id}`,
        )
      }
      passwordOffers.assertConfigured()
      await passwordOffers.send(DOER, { ...user, email }, [])
      console.log(
        `${email} (${id}) gets a mail, whose link is good for half an hour. The service sends it while it runs.`,
      )
      log({ action: 'offer_password', targetId: id })
    }),
  )

program
  .command('readdress <id> <email>')
  .description('give a user whose address was released or freed another one')
  .action(async (id: string, email: string) => {
    assertFits('email', email)
    await withUser(id, async (user, { administration }) => {
      const given = await administration.giveAddress(user.id, email)
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
    const { role: from } = await administration.change(DOER, id, { role: to })
    return { action: 'role', targetId: id, from, to }
  }
}

function changeStatus(to: Status): Change {
  return async (administration, { id }) => {
    const { status: from } = await administration.change(DOER, id, { status: to })
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
    withUser(emailOrId, async (user, { remover }) => {
      assertMeant(user, emailOrId)
      await confirmRemoval(user, yes)
      await remover.remove(DOER, user.id)
      console.log(
        `${nameOf(user)} has no second factor now. The next sign-in sets one up, where the policy wants one.`,
      )
      log({ action: 'remove_factors', targetId: user.id })
    }),
  )
factors
  .command('unlock <email-or-id>')
  .description('accept the authenticator app of a user again after 100 wrong codes in a row')
  .action((emailOrId: string) =>
    withUser(emailOrId, async (user, { remover }) => {
      await remover.unlock(user.id)
      console.log(`${nameOf(user)} can use the authenticator app again.`)
      log({ action: 'unlock_factors', targetId: user.id })
    }),
  )

const keys = program.command('keys').description('look after the keys of the service')
keys
  .command('replace-now')
  .description('take a compromised signing key out: every session and machine token ends')
  .action(() => replaceKeysNow({ aws: isOnAws() }))
keys
  .command('reseal')
  .description('seal secrets of second factors again that older data keys have sealed')
  .action(() =>
    withRuntime(({ client }, tables) => resealSecrets(client, tables.users, { aws: isOnAws() })),
  )

/** Commands that change one thing of one user are data over this. */
function change(name: string, description: string, outcome: string, apply: Change): void {
  program
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

/** The same line that the service writes when an administrator does it there. */
function log(act: AdminAct): void {
  const line = eventLine('authz_admin', { userId: COMMAND_LINE, ...act })
  new CommandLogger({ serviceName: 'latchkey' }).warn(line.event, { ...line })
}

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
  readonly passwordOffers: PasswordOffers
  readonly remover: FactorRemover
  readonly sessions: SessionsStore
}

/** By the whole address, or by the id that logs have: no id has an `@`. */
async function withUser(
  emailOrId: string,
  use: (user: User, stores: Stores) => Promise<void>,
): Promise<void> {
  await withUsers(async ({ users, sessions, notices, passwordOffers, remover }) => {
    const administration = new Administration(users, notices)
    try {
      assertUnpadded(emailOrId)
      const user = emailOrId.includes('@')
        ? await administration.findByEmail(emailOrId)
        : await administration.findById(emailOrId)
      await use(user, { administration, passwordOffers, remover, sessions })
    } catch (error) {
      if (error instanceof Problem && error.type === USER_NOT_FOUND) {
        throw new LocalError(`There is no user ${emailOrId}. ${whereLooked()}`)
      }
      throw error
    }
  })
}

/** The database that a command works on, for a user who may have meant another. */
function whereLooked(): string {
  const { dataDir, endpoint } = loadLocalConfig(process.env)
  if (!isOnAws() && endpoint === undefined) return `The data folder is ${resolve(dataDir)}.`
  const { tables } = config()
  return `The table is ${tables.users}${isOnAws() ? '' : ` at ${endpoint}`}.`
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
  readonly users: Users
  readonly sessions: SessionsStore
  readonly notices: Notices
  readonly passwordOffers: PasswordOffers
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
  const { passwords, mail } = config()
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
    const notices = new Notices({ hasMail: mail !== undefined, outbox })
    await use({
      users: new Users({
        store,
        hasher: new PasswordHasher(passwords, systemRandom),
        minPasswordLength: passwords.minLength,
        clock: systemClock,
        random: systemRandom,
      }),
      sessions: new SessionsStore(database, tables.refreshTokens),
      notices,
      remover: new FactorRemover({
        store: new RemovalStore(database, tables.users),
        ...{ users: store, notices },
      }),
      passwordOffers: new PasswordOffers({ requests, tickets, outbox }),
    })
  }
  await withRuntime(useServices, { mustExist })
}

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
  // Ctrl-C at the prompt.
  if (error instanceof Error && error.name === 'ExitPromptError')
    return 'Stopped; nothing was changed.'
  return undefined
}

program.parseAsync().catch((error: unknown) => {
  console.error(explain(error) ?? plainError(error as Error))
  process.exitCode = 1
})
