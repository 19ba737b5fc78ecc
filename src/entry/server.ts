import { buildApp } from '../app.js'
import { systemClock } from '../lib/clock.js'
import { loadLocalConfig } from '../config/local.js'
import { type Config, loadConfig } from '../config/service.js'
import { ConfigError } from '../config/environment.js'
import { KeyMaintenance } from '../keyring/maintenance.js'
import { parseArguments } from '../local/arguments.js'
import docs from '../local/docs.js'
import { freePort } from '../local/free-port.js'
import { type IdentityProvider, startIdentityProvider } from '../local/identity-provider/server.js'
import { keepMaintaining } from '../local/key-maintenance.js'
import { addressesOf, listen, listenError } from '../local/listen.js'
import { LocalError } from '../local/local-error.js'
import { LocalLogger } from '../local/local-logger.js'
import { ownOrigin } from '../local/own-origin.js'
import { openMail } from '../local/mail/mail.js'
import { Mailbox, mailboxFolder } from '../local/mail/mailbox.js'
import { LOCAL_SENDER } from '../local/mail/sender.js'
import { openLocalRuntime } from '../local/runtime.js'
import { stopWhenAsked } from '../local/stop.js'
import { welcome } from '../local/welcome.js'
import { fastifyLogger } from '../events/logger.js'
import { plainError } from '../lib/plain-error.js'
import { ACCESS_TOKEN_SECONDS } from '../access-tokens/claims.js'
import { Problem } from '../http/problem.js'
import { systemRandom } from '../lib/random.js'
import { isLoopback } from '../lib/secure-url.js'

/** `/api/auth/local`. */
const LOCAL_PROVIDER = 'local'

async function serve(): Promise<void> {
  const env = { ...process.env, ...parseArguments(process.argv.slice(2)) }
  const local = loadLocalConfig(env)
  const port = local.port === 0 ? await anyPort(local.host) : local.port
  // A name, since an IP address can't have passkeys; as browsers and tokens have it, without the port where it is 80.
  const url = new URL(`http://localhost:${port}`).origin
  const settings = loadConfig(env, {
    ISSUER: url,
    ...(!local.isProduction && !local.smtp && { MAIL_FROM: LOCAL_SENDER }),
  })
  const isForThisMachine = isLoopback(local.host) && isLoopback(new URL(settings.issuer).hostname)
  const identityProvider =
    local.isProduction || !isForThisMachine
      ? undefined
      : await offerIdentityProvider(settings, local.port)
  const config = withProvider(settings, identityProvider)
  const runtime = await openLocalRuntime({ ...local, tables: config.tables, join: false })
  const logger = new LocalLogger({ serviceName: 'latchkey', logLevel: config.logLevel })
  try {
    const keys = new KeyMaintenance({
      stores: runtime.keyStores,
      lifetimes: { accessMs: ACCESS_TOKEN_SECONDS * 1000, refreshMs: config.sessions.absoluteMs },
      clock: systemClock,
      random: systemRandom,
    })
    await keys.maintain()
    const { app, services, describe } = await buildApp({
      config,
      logger: fastifyLogger(logger),
      client: runtime.client,
      keyStores: runtime.keyStores,
      clock: systemClock,
      random: systemRandom,
      front: ownOrigin({ issuer: config.issuer, port }),
      mailbox: new Mailbox({ folder: mailboxFolder(local.dataDir), clock: systemClock }),
    })
    await app.register(docs, { document: await describe() })
    const mail = await openMail({
      ...local,
      ...{ app, services, config, runtime, port, isForThisMachine },
    })
    keepMaintaining(keys, app)
    const close = await listen(app, local.host, port)
    mail?.start()
    stopWhenAsked(async () => {
      await mail?.stop()
      await close()
      await identityProvider?.stop()
      await runtime.stop()
    }, runtime.engineExited)
    console.log(
      welcome(url, {
        dataDir: local.dataDir,
        identityProvider: identityProvider?.issuer,
        mailbox: mail?.mailbox,
        isOpen: runtime.isOpen,
      }),
    )
  } catch (error) {
    logger.release()
    await runtime.stop()
    throw error
  }
  logger.release()
}

/** It lets any person sign in as any other: never in production, nor where others can reach it. */
async function offerIdentityProvider({ issuer, oauth }: Config, port: number) {
  if (LOCAL_PROVIDER in oauth.providers) return undefined
  return startIdentityProvider({
    redirectUri: `${issuer}/api/auth/${LOCAL_PROVIDER}/callback`,
    ...(port !== 0 && { preferredPort: port + 1 }),
  })
}

function withProvider(config: Config, provider: IdentityProvider | undefined): Config {
  if (!provider) return config
  const { issuer, clientId, clientSecret } = provider
  const settings = { name: 'Local test account', issuer, clientId, clientSecret }
  const providers = { ...config.oauth.providers, [LOCAL_PROVIDER]: settings }
  return { ...config, oauth: { ...config.oauth, providers } }
}

async function anyPort(host: string): Promise<number> {
  const addresses = addressesOf(host)
  try {
    return await freePort(...addresses)
  } catch (error) {
    throw listenError(error, addresses[0], 0)
  }
}

function explain(error: unknown): string | undefined {
  if (error instanceof LocalError || error instanceof ConfigError) return error.message
  // The key ring is all that is read before the service listens.
  if (error instanceof Problem && error.cause instanceof Error) {
    return `The key ring can't be used: ${error.cause.message}`
  }
  return undefined
}

serve().catch((error: unknown) => {
  console.error(explain(error) ?? plainError(error as Error))
  process.exit(1)
})
