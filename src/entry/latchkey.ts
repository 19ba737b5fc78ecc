#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { CommandError, EXIT, EXIT_HELP } from '../partner/exit.js'
import { describeKey, describeUsage } from '../partner/describe.js'
import { DEV_HELP, type DevOptions, runDev } from '../partner/dev.js'
import { CALL_EXAMPLES, ROTATE_HELP } from '../partner/help.js'
import { checkUrl, type HttpAnswer, refusalOf, send } from '../partner/http.js'
import { describeInspection, inspectKey, KEY_HELP, readKey, readWholeKey } from '../partner/key.js'
import { type CallOptions, requestOf } from '../partner/request.js'
import { VERSION } from '../lib/version.js'

const program = new Command('latchkey')
  .description(
    'For partners who call an API with a Latchkey API key, and teams whose APIs trust Latchkey.',
  )
  .version(VERSION)
  .option('--json', 'print one JSON object, for failures too')
  .option('--url <url>', 'base URL of the API (default: LATCHKEY_URL)')
  .showHelpAfterError('See latchkey --help.')
  .addHelpText('beforeAll', refuseUnknown)
  .addHelpText('after', KEY_HELP + '\n' + EXIT_HELP)
  .exitOverride()

program
  .command('call <path>')
  .description('call a path of the API, such as /api/data, with the key')
  .option('-X, --method <method>', 'HTTP method (default: GET, or POST with --data)')
  .option('-H, --header <header>', 'header, such as "Accept-Language: de"; may be repeated', addTo)
  .option('-d, --data <json>', 'body, or @ and the name of a file with it')
  .addHelpText('after', CALL_EXAMPLES)
  .action(async (path: string, options: CallOptions) => {
    const url = baseUrl()
    if (!path.startsWith('/')) throw new CommandError(EXIT.usage, 'The path must begin with /.')
    const { key } = await readWholeKey(process.env)
    const answer = await send(url + path, await requestOf(options, key))
    print(answer, (body) => (typeof body === 'string' ? body : JSON.stringify(body, undefined, 2)))
  })

program
  .command('token')
  .description('swap the key for an access token of one API (OAuth 2.0 client credentials)')
  .option('--scope <scopes>', 'separated by spaces (default: all that the key has)')
  .option('--resource <uri>', 'the API that it is for (default: the one that all scopes belong to)')
  .action(async ({ scope, resource }: { scope?: string; resource?: string }) => {
    const url = baseUrl()
    const { key, keyId } = await readWholeKey(process.env)
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64')
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scope !== undefined) form.set('scope', scope)
    if (resource !== undefined) form.set('resource', resource)
    const authorization = `Basic ${basic}`
    const answer = await send(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    })
    print(answer, (body) => (body as { access_token: string }).access_token)
  })

const key = program
  .command('key')
  .description('say what the key may do, until when, and what is left of its limits')
  .exitOverride()
  .action(async () => {
    const answer = await ask('/api/key')
    print(answer, (body) => describeKey(body as Parameters<typeof describeKey>[0]))
  })

key
  .command('inspect')
  .description(
    'say what the key is, and whether it is typed right; asks no service, and shows no secret',
  )
  .action(async () => {
    const found = inspectKey(await readKey(process.env))
    if (isJsonWanted()) console.log(JSON.stringify(found))
    else console.log(describeInspection(found))
    if (found.checksum === 'invalid') process.exitCode = EXIT.key
  })

program
  .command('usage')
  .description('show the calls of the key by day and outcome, for 30 days')
  .action(async () => {
    const answer = await ask('/api/key/usage')
    print(answer, (body) => describeUsage(body as Parameters<typeof describeUsage>[0]))
  })

program
  .command('rotate')
  .description('replace the key by a new one, which is printed this once')
  .option('--overlap <seconds>', 'how long the old key goes on working (default: a day)')
  .addHelpText('after', ROTATE_HELP)
  .action(async ({ overlap }: { overlap?: string }) => {
    if (overlap !== undefined && !/^\d{1,7}$/.test(overlap)) {
      throw new CommandError(EXIT.usage, 'The overlap must be a number of seconds.')
    }
    const url = baseUrl()
    const { key: old, keyId } = await readWholeKey(process.env)
    const body = overlap === undefined ? {} : { overlapSeconds: Number(overlap) }
    const answer = await send(`${url}/api/apikeys/${keyId}/rotate`, {
      ...(await requestOf({ method: 'POST', data: JSON.stringify(body) }, old)),
    })
    print(answer, (issued) => {
      const { apiKey, key: made } = issued as { apiKey: string; key: { oldSecretUntil: string } }
      console.error(`The old key works until ${made.oldSecretUntil}. Store the new one now.`)
      return apiKey
    })
  })

program
  .command('dev')
  .description('run an issuer on this machine for an API that you write, and print tokens for it')
  .option('--port <port>', 'port on loopback', '3000')
  .option('--resource <uri>', 'the API that the tokens are for', 'http://localhost:4000')
  .option('--scope <scopes>', 'what they may do, separated by spaces')
  .addHelpText('after', DEV_HELP)
  .action((options: DevOptions) => runDev(options, (line) => console.log(line)))

/** What the holder of the key asks about it. */
async function ask(path: string): Promise<HttpAnswer> {
  const url = baseUrl()
  const { key: held } = await readWholeKey(process.env)
  return send(url + path, { headers: { 'x-api-key': held } })
}

/** Asked for the help of a command that there is not, commander would give its general help and end well. */
function refuseUnknown({ command }: { readonly command: Command }): string {
  const name = command.args.find((word) => word !== 'help') ?? '-'
  const isUnknown = command.commands.length > 0 && !name.startsWith('-')
  return isUnknown ? command.error(`error: unknown command '${name}'`) : ''
}

function addTo(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

const isJsonWanted = (): boolean => program.opts<{ json?: boolean }>().json === true

const baseUrl = (): string =>
  checkUrl(program.opts<{ url?: string }>().url ?? process.env.LATCHKEY_URL)

/** @param show what people and pipes want of a good answer. */
function print(answer: HttpAnswer, show: (body: unknown) => string): void {
  const { status, body } = answer
  const refusal = refusalOf(answer, Date.now())
  if (isJsonWanted()) console.log(JSON.stringify({ status, body }))
  else if (!refusal && body !== null) console.log(show(body))
  if (!refusal) return
  if (isJsonWanted()) process.exitCode = refusal.exitCode
  else throw refusal
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Help and version end well; what commander refuses, it has explained.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return
  }
  const { message, exitCode } = explain(error)
  if (isJsonWanted()) console.log(JSON.stringify({ error: message }))
  else console.error(message)
  process.exitCode = exitCode
})

function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CommandError) return error
  // Ctrl-C at the prompt.
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { message: 'Stopped.', exitCode: 130 }
  }
  return { message: `Something went wrong: ${String(error)}`, exitCode: EXIT.unexpected }
}
