#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { CommandError, EXIT, EXIT_HELP } from '../partner/exit.js'
import { checkUrl, type HttpAnswer, refusalOf, send } from '../partner/http.js'
import { inspectKey, KEY_HELP, readKey, readWholeKey } from '../partner/key.js'
import { VERSION } from '../version.js'

const program = new Command('latchkey')
  .description('For partners who call an API with a Latchkey API key.')
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
  .option('-d, --data <json>', 'body')
  .action(async (path: string, { method, data }: { method?: string; data?: string }) => {
    const url = baseUrl()
    if (!path.startsWith('/')) throw new CommandError(EXIT.usage, 'The path must begin with /.')
    if (data !== undefined && !isJson(data)) {
      throw new CommandError(EXIT.usage, 'The data must be JSON.')
    }
    const { key } = await readWholeKey(process.env)
    const answer = await send(url + path, {
      method: (method ?? (data === undefined ? 'GET' : 'POST')).toUpperCase(),
      headers: {
        'x-api-key': key,
        ...(data !== undefined && { 'content-type': 'application/json' }),
      },
      ...(data !== undefined && { body: data }),
    })
    print(answer, (body) => (typeof body === 'string' ? body : JSON.stringify(body, undefined, 2)))
  })

program
  .command('token')
  .description('swap the key for an access token of 15 minutes (OAuth 2.0 client credentials)')
  .option('--scope <scopes>', 'separated by spaces (default: all that the key has)')
  .action(async ({ scope }: { scope?: string }) => {
    const url = baseUrl()
    const { key, keyId } = await readWholeKey(process.env)
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64')
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scope !== undefined) form.set('scope', scope)
    const authorization = `Basic ${basic}`
    const answer = await send(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    })
    print(answer, (body) => (body as { access_token: string }).access_token)
  })

program
  .command('key')
  .description('about the key itself')
  .command('inspect')
  .description(
    'say what the key is, and whether it is typed right; asks nobody, and shows no secret',
  )
  .exitOverride()
  .action(async () => {
    const found = inspectKey(await readKey(process.env))
    const { checksum, prefix, environment, keyId, ownerId } = found
    const lines = { prefix, environment, 'key id': keyId, owner: ownerId, checksum }
    console.log(
      isJsonWanted()
        ? JSON.stringify(found)
        : Object.entries(lines)
            .map(([name, value]) => `${name.padEnd(12)} ${value ?? 'unknown'}`)
            .join('\n'),
    )
    if (checksum === 'invalid') process.exitCode = EXIT.key
  })

/** Asked for the help of a command that there is not, commander would give its general help and end well. */
function refuseUnknown({ command }: { readonly command: Command }): string {
  const name = command.args.find((word) => word !== 'help') ?? '-'
  const isUnknown = command.commands.length > 0 && !name.startsWith('-')
  return isUnknown ? command.error(`error: unknown command '${name}'`) : ''
}

const isJsonWanted = (): boolean => program.opts<{ json?: boolean }>().json === true

const baseUrl = (): string =>
  checkUrl(program.opts<{ url?: string }>().url ?? process.env.LATCHKEY_URL)

/** @param show what people and pipes want of a good answer. */
function print(answer: HttpAnswer, show: (body: unknown) => string): void {
  const { status, body } = answer
  const refusal = refusalOf(answer)
  if (isJsonWanted()) console.log(JSON.stringify({ status, body }))
  else if (!refusal && body !== null) console.log(show(body))
  if (!refusal) return
  if (isJsonWanted()) process.exitCode = refusal.exitCode
  else throw refusal
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
