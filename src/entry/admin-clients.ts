import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Trail } from '../events/trail.js'
import { Problem } from '../http/problem.js'
import { systemClock } from '../lib/clock.js'
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from '../lib/overlap.js'
import { wordingOf } from '../lib/schema-wording.js'
import { LocalError } from '../local/local-error.js'
import { CLIENT_NOT_FOUND } from '../oauth/clients/errors.js'
import { presentClient } from '../oauth/clients/present.js'
import type { ClientRegister, IssuedClient } from '../oauth/clients/register.js'
import { ChangeClientBody, RegisterClientBody } from '../oauth/clients/schemas.js'
import type { ClientChanges, ClientSettings } from '../oauth/clients/settings.js'
import { COMMAND_LINE, logEvent } from './admin-log.js'

/** Gives a command the register of a local or of a deployed service. */
type WithRegister = (
  use: (register: ClientRegister, trail: Trail) => Promise<void>,
) => Promise<void>

/** What an app may be told on the command line, as commander names it. */
interface Given {
  readonly name?: string
  readonly redirectUri?: readonly string[]
  readonly postLogoutRedirectUri?: readonly string[]
  readonly public?: boolean
  readonly firstParty?: boolean
  readonly resource?: readonly string[]
  readonly scope?: readonly string[]
  readonly allResources?: boolean
  readonly allScopes?: boolean
}

/** `admin clients …`: the apps that sign people in, by the same functions as `/api/admin/clients`. */
export function addClientCommands(program: Command, withRegister: WithRegister): void {
  const clients = program.command('clients').description('look after the apps that sign people in')

  clients
    .command('list')
    .description('print the apps as JSON, without their secrets')
    .action(() =>
      withRegister(async (register) => {
        const listed = (await register.list()).map((client) => presentClient(client, systemClock()))
        console.log(JSON.stringify(listed, undefined, 2))
      }),
    )

  withUris(clients.command('add <name>'))
    .description('register an app, and print its secret, which is shown once')
    .option('--public', 'it can keep no secret, as an app in a browser or on a phone')
    .option('--first-party', 'it is one of your own')
    .action((name: string, given: Given) => {
      const settings = settingsOf(RegisterClientBody, {
        name,
        redirectUris: [],
        ...fieldsOf(given),
        ...(given.public === true && { public: true }),
      }) as ClientSettings
      return withRegister(async (register, trail) => {
        const registering = register.register(settings, COMMAND_LINE, (clientId) => [
          eventOf(trail, 'client_registered', clientId),
        ])
        const issued = await saying(registering)
        const { clientId } = issued.client
        console.log(`Registered ${name}: its client_id is ${clientId}`)
        showSecret(issued)
        logEvent('client_registered', { userId: COMMAND_LINE, clientId })
      })
    })

  withUris(clients.command('change <client-id>'))
    .description('change what the options name; the rest of the app stays')
    .option('--name <name>', 'what people are told that it is called')
    .option('--first-party', 'it is one of your own')
    .option('--no-first-party', 'it is not one of your own')
    .addOption(new Option('--all-resources', 'it may ask for every API').conflicts('resource'))
    .addOption(new Option('--all-scopes', 'it may ask for every scope').conflicts('scope'))
    .action((clientId: string, given: Given) => {
      const changes = settingsOf(ChangeClientBody, {
        ...(given.name !== undefined && { name: given.name }),
        ...fieldsOf(given),
        ...(given.allResources === true && { resources: null }),
        ...(given.allScopes === true && { scopes: null }),
      }) as ClientChanges
      return withRegister(async (register, trail) => {
        const event = eventOf(trail, 'client_changed', clientId)
        const { name } = await saying(register.change(clientId, changes, [event]), clientId)
        console.log(`${name} (${clientId}) is changed.`)
        logEvent('client_changed', { userId: COMMAND_LINE, clientId })
      })
    })

  clients
    .command('rotate-secret <client-id>')
    .description('give an app a new secret, beside which the old one works for a while')
    .addOption(
      new Option('--overlap-seconds <seconds>', 'how long the old secret works')
        .default(DEFAULT_OVERLAP_SECONDS)
        .argParser(parseOverlap),
    )
    .action((clientId: string, { overlapSeconds }: { overlapSeconds: number }) =>
      withRegister(async (register, trail) => {
        const event = eventOf(trail, 'client_secret_rotated', clientId)
        const rotated = register.rotateSecret(clientId, overlapSeconds * 1000, [event])
        const issued = await saying(rotated, clientId)
        console.log(
          `${issued.client.name} (${clientId}) has a new secret. The old one works for ${overlapSeconds} s.`,
        )
        showSecret(issued)
        logEvent('client_secret_rotated', { userId: COMMAND_LINE, clientId })
      }),
    )

  clients
    .command('remove <client-id>')
    .description('remove an app: no one can sign in to it any more')
    .action((clientId: string) =>
      withRegister(async (register, trail) => {
        const event = eventOf(trail, 'client_removed', clientId)
        await saying(register.remove(clientId, [event]), clientId)
        console.log(`The app ${clientId} is removed.`)
        logEvent('client_removed', { userId: COMMAND_LINE, clientId })
      }),
    )
}

/** What the trail keeps of it: the command line has one of its own. */
const eventOf = (trail: Trail, event: ClientEvent, clientId: string) =>
  trail.part({}, event, { userId: COMMAND_LINE, clientId })

type ClientEvent =
  'client_registered' | 'client_changed' | 'client_secret_rotated' | 'client_removed'

const withUris = (command: Command): Command =>
  command
    .option('--redirect-uri <uris...>', 'where its answers may go')
    .option('--post-logout-redirect-uri <uris...>', 'where a sign-out may end')
    .option('--resource <identifiers...>', 'APIs of RESOURCES that it may ask for (default: every)')
    .option('--scope <scopes...>', 'scopes of them that it may ask for (default: every)')

const fieldsOf = ({ redirectUri, postLogoutRedirectUri, firstParty, ...given }: Given) => ({
  ...(redirectUri && { redirectUris: redirectUri }),
  ...(postLogoutRedirectUri && { postLogoutRedirectUris: postLogoutRedirectUri }),
  ...(firstParty !== undefined && { firstParty }),
  ...(given.resource && { resources: given.resource }),
  ...(given.scope && { scopes: given.scope }),
})

/** The option that says a field of the JSON routes. */
const OPTIONS: Readonly<Record<string, string>> = {
  name: 'name',
  redirectUris: '--redirect-uri',
  postLogoutRedirectUris: '--post-logout-redirect-uri',
  resources: '--resource',
  scopes: '--scope',
}

/** @throws {LocalError} for what the JSON routes would refuse too. */
function settingsOf(schema: TSchema, settings: object): object {
  if (Object.keys(settings).length === 0) throw new LocalError('Say what to change: see --help.')
  const [wrong] = Value.Errors(schema, settings)
  if (!wrong) return settings
  const [, field = ''] = wrong.instancePath.split('/')
  throw new LocalError(`${OPTIONS[field] ?? field}: ${wordingOf(wrong) ?? wrong.message}.`)
}

/**
 * Says a refusal of the rules in the words of the command line.
 * @throws {LocalError}
 */
async function saying<T>(change: Promise<T>, clientId?: string): Promise<T> {
  try {
    return await change
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.type === CLIENT_NOT_FOUND && clientId !== undefined) {
      throw new LocalError(`There is no app ${clientId}. See clients list.`)
    }
    const [wrong] = error.extras.errors ?? []
    if (!wrong) throw error
    const [, field = ''] = wrong.field.split('/')
    throw new LocalError(`${OPTIONS[field] ?? field}: ${wrong.message}.`)
  }
}

function showSecret({ secret }: Pick<IssuedClient, 'secret'>): void {
  if (secret !== undefined) console.log(`Its secret, which is shown only this once: ${secret}`)
}

function parseOverlap(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds <= MAX_OVERLAP_SECONDS) return seconds
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_OVERLAP_SECONDS}.`)
}
