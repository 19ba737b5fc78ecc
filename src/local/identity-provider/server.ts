import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onceMade } from '../../lib/once-made.js'
import { plainError } from '../../lib/plain-error.js'
import { type HostCheck, hostCheck, loopbackHosts } from '../hosts.js'
import { withoutExpectedWarnings } from './quiet.js'

/** A provider where any person can sign in as any other. For development, and for this machine only. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  stop(): Promise<void>
}

export interface IdentityProviderOptions {
  /** Where the service expects the browser back. */
  readonly redirectUri: string
  /** Taken if it is free, so that an identity outlives the run that it was made in. */
  readonly preferredPort?: number
}

const HOST = '127.0.0.1'
const CLIENT_ID = 'latchkey'

/**
 * `oidc-provider` on a port of loopback. The package is loaded by the first request: few starts ask for it.
 * @returns undefined where the package is not installed (`npm ci --omit=dev`).
 */
export async function startIdentityProvider({
  redirectUri,
  preferredPort = 0,
}: IdentityProviderOptions): Promise<IdentityProvider | undefined> {
  if (!isInstalled()) return undefined
  const clientSecret = randomBytes(32).toString('base64url')
  let issuer = ''
  const handler = onceMade(() =>
    withoutExpectedWarnings(async (): Promise<RequestListener> => {
      const { createProvider } = await import('./provider.js')
      return createProvider(issuer, { clientId: CLIENT_ID, clientSecret, redirectUri })
    }),
  )
  let isOwn: HostCheck = () => false
  // Without a host a request gets the same answer as with a foreign one.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    if (!isOwn(request)) {
      response
        .writeHead(421, { 'content-type': 'text/plain' })
        .end('The request is for another host.')
      return
    }
    handler().then(
      (handle) => handle(request, response),
      (error: unknown) => {
        console.error('The local identity provider has failed:', plainError(error as Error))
        response.writeHead(503).end()
      },
    )
  })
  const port = await listen(server, preferredPort > 65_535 ? 0 : preferredPort)
  issuer = `http://${HOST}:${port}`
  isOwn = hostCheck(loopbackHosts(port))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, clientId: CLIENT_ID, clientSecret, stop }
}

function isInstalled(): boolean {
  try {
    return import.meta.resolve('oidc-provider') !== ''
  } catch {
    return false
  }
}

/** On the preferred port, or on any that is free. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (port === 0) reject(error)
      else listen(server, 0).then(resolve, reject)
    })
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}
