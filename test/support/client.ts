import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import {
  LatchkeyClient,
  type LatchkeyClientOptions,
  MemoryTokenStore,
  type Platform,
} from '../../src/client/client.js'
import { ISSUER, newAccount, type Service, type ServiceOptions, startService } from './service.js'
import { listen } from './socket.js'
import { recordSecret } from './transcript.js'

const REFRESH = 'POST /api/auth/refresh'

/** A client that is signed in, and the service that it talks to. */
export interface Bench {
  readonly service: Service
  readonly url: string
  readonly client: LatchkeyClient
  readonly store: MemoryTokenStore
  /** What the client sent, as `GET /path`. */
  readonly sent: string[]
  /** How long it waited, milliseconds. */
  readonly waited: number[]
  readonly account: ReturnType<typeof newAccount>
  /** Called in place of a wait. */
  onWait: () => void
  /** Another client of the same service, with a store of its own unless given. */
  readonly another: (
    options?: Partial<LatchkeyClientOptions>,
    platform?: Partial<Platform>,
  ) => LatchkeyClient
}

/** A running service, a user of it, and a client that is signed in, all by one clock. */
export async function startBench(t: Test, options: ServiceOptions = {}): Promise<Bench> {
  const service = await startService(t, options)
  const { url } = await listen(service)
  const account = await service.signUp()
  const [sent, waited, store]: [string[], number[], MemoryTokenStore] = [
    [],
    [],
    new MemoryTokenStore(),
  ]
  const send = (request: Request): Promise<Response> => {
    sent.push(`${request.method} ${new URL(request.url).pathname}`)
    return fetch(request)
  }
  const bench: Omit<Bench, 'client'> = {
    service,
    url,
    store,
    sent,
    waited,
    account,
    onWait: () => undefined,
    another(more = {}, platform = {}) {
      return new LatchkeyClient(
        { issuer: url, fetch: send, ...more },
        {
          clock: service.clock,
          async wait(milliseconds, signal) {
            waited.push(milliseconds)
            bench.onWait()
            signal?.throwIfAborted()
          },
          ...platform,
        },
      )
    },
  }
  const client = bench.another({ store })
  await client.signIn(account)
  recordSecret('token', store.get()?.accessToken)
  recordSecret('token', store.get()?.refreshToken)
  sent.length = 0
  return Object.assign(bench, { client })
}

/** How often the client asked for new tokens. */
export const refreshes = ({ sent }: Bench): number => sent.filter((what) => what === REFRESH).length

/** What a promise is rejected with. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

/** A server of somebody else. @returns its origin. */
export async function startServer(t: Test, handle: RequestListener): Promise<string> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The cookies of a browser by their names, and how it sends requests with them. */
export interface Browser {
  readonly jar: Map<string, string>
  readonly send: (request: Request) => Promise<Response>
}

/** A browser at a page of the service, which keeps cookies and names the page's origin. */
export function newBrowser({ sent }: Bench): Browser {
  const jar = new Map<string, string>()
  return {
    jar,
    async send(request) {
      sent.push(`${request.method} ${new URL(request.url).pathname}`)
      if (request.credentials !== 'include') return fetch(request)
      const headers = new Headers(request.headers)
      headers.set('origin', ISSUER)
      headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '))
      const answer = await fetch(new Request(request, { headers }))
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        recordSecret('token', value)
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return answer
    },
  }
}
