import { Logger } from '@aws-lambda-powertools/logger'
import { buildApp } from '../app.js'
import { systemClock } from '../clock.js'
import { loadLocalConfig } from '../config/local.js'
import { type Config, loadConfig } from '../config/service.js'
import { ConfigError } from '../environment.js'
import docs from '../local/docs.js'
import { freePort } from '../local/free-port.js'
import { type IdentityProvider, startIdentityProvider } from '../local/identity-provider/server.js'
import { maintainKeys } from '../local/key-maintenance.js'
import { LocalError } from '../local/local-error.js'
import { ownOrigin } from '../local/own-origin.js'
import { openLocalRuntime } from '../local/runtime.js'
import { stopWhenAsked } from '../local/stop.js'
import { welcome } from '../local/welcome.js'
import { fastifyLogger } from '../logger.js'
import { Problem } from '../problem.js'
import { systemRandom } from '../random.js'
import { isLoopback } from '../secure-url.js'

/** `/api/auth/local`. */
const LOCAL_PROVIDER = 'local'

/** A name that a browser on this machine can use; `0.0.0.0` is an address to listen on, not to visit. */
function urlHost(host: string): string {
  if (host === '::1') return '[::1]'
  return host === '127.0.0.1' ? host : 'localhost'
}

async function serve(): Promise<void> {
  const local = loadLocalConfig(process.env)
  const port = local.port === 0 ? await anyPort(local.host) : local.port
  // As browsers and tokens have it, without the port where it is 80.
  const url = new URL(`http://${urlHost(local.host)}:${port}`).origin
  const settings = loadConfig(process.env, { ISSUER: url })
  const isForThisMachine = isLoopback(local.host) && isLoopback(new URL(settings.issuer).hostname)
  const identityProvider =
    local.isProduction || !isForThisMachine
      ? undefined
      : await offerIdentityProvider(settings, local.port)
  const config = withProvider(settings, identityProvider)
  const runtime = await openLocalRuntime({ ...local, tables: config.tables, join: false })
  const logger = new Logger({ serviceName: 'latchkey', logLevel: config.logLevel })

  const app = await buildApp({
    config,
    logger: fastifyLogger(logger),
    client: runtime.client,
    keyRingStore: runtime.keyRingStore,
    clock: systemClock,
    random: systemRandom,
    front: ownOrigin(config.issuer),
  })
  await app.register(docs)
  await maintainKeys(app)

  try {
    await app.listen({ host: local.host, port, listenTextResolver: () => 'listening' })
  } catch (error) {
    await runtime.stop()
    throw listenError(error, local.host, port)
  }
  stopWhenAsked(async () => {
    await app.close()
    await identityProvider?.stop()
    await runtime.stop()
  }, runtime.engineExited)
  console.log(welcome(url, local.dataDir, identityProvider?.issuer))
}

/** Anybody may sign in there as anybody: never in production, nor where others may come. */
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
  try {
    return await freePort(host)
  } catch (error) {
    throw listenError(error, host, 0)
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new LocalError(
      `Port ${port} on ${host} is taken. Set PORT to another, or to 0 for a free one.`,
    )
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new LocalError(
      `Can't listen on ${host}:${port} (${code}). Set HOST and PORT to an address of this machine.`,
    )
  }
  return error
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
  console.error(explain(error) ?? error)
  process.exit(1)
})
