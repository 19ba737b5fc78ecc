import { once } from 'node:events'
import { fakeIssuer } from '../testing/fake-issuer.js'
import { CommandError, EXIT } from './exit.js'

export interface DevOptions {
  readonly port: string
  readonly resource: string
  readonly scope?: string
}

export const DEV_HELP = `
It has keys, tokens and introspection, and no accounts or pages: for those, run Latchkey itself from a clone.
Its keys last as long as it runs. Stop it with Ctrl-C.

  npx -- latchkey dev --resource http://localhost:4000
  curl -H "Authorization: Bearer <the token that it prints>" http://localhost:4000/orders
`

/**
 * Runs an issuer for an API that is being written, on loopback, until Ctrl-C.
 * @param say prints a line.
 * @throws {CommandError} for a port that is taken or none.
 */
export async function runDev(
  { port, resource, scope = '' }: DevOptions,
  say: (line: string) => void,
): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new CommandError(EXIT.usage, 'The port must be a number up to 65535; 0 picks a free one.')
  }
  if (!URL.canParse(resource)) {
    throw new CommandError(
      EXIT.usage,
      'The resource must be the identifier of your API, such as http://localhost:4000.',
    )
  }
  const issuer = fakeIssuer({ port: Number(port) })
  const url = await issuer.start().catch(() => {
    throw new CommandError(EXIT.usage, `Port ${port} is taken. Give another one with --port.`)
  })
  const of = { resource, scope, expiresIn: 12 * 3600 }
  say(`ISSUER=${url}`)
  say(`RESOURCE=${resource}`)
  say(`INTROSPECTION_KEY=${issuer.introspectionKey}`)
  say('')
  say('Tokens, good for twelve hours:')
  say(`a person:         ${await issuer.token(of)}`)
  say(`an administrator: ${await issuer.token({ ...of, role: 'admin', amr: ['pwd', 'mfa'] })}`)
  say(`an app of others: ${await issuer.appToken(of)}`)
  say(`a machine:        ${await issuer.machineToken(of)}`)
  say(`an API key:       ${issuer.apiKey({ scopes: scope.split(' ').filter(Boolean) })}`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await issuer.close()
}
