import { setTimeout as wait } from 'node:timers/promises'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { ConfigError } from '../config/environment.js'

/** The answer to a GET of a path of the service. */
export type Ask = (path: string) => Promise<{ readonly statusCode: number; readonly body: string }>

/** A role that has just been made is not known everywhere for some seconds. */
const PATIENCE = { tries: 8, pauseMs: 1000 }

/**
 * Whether this version of the function can work: it starts, reaches the store, publishes a key, and shows a page.
 * @throws {Error} a sentence that the deployment fails with.
 */
export async function checkSelf(
  start: () => Promise<Ask>,
  { tries, pauseMs }: typeof PATIENCE = PATIENCE,
): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      const ask = await start()
      await assertAnswers(ask, '/healthz')
      const { keys } = JSON.parse(await assertAnswers(ask, '/.well-known/jwks.json')) as {
        keys: unknown[]
      }
      if (keys.length === 0) throw new Error('it has no signing key.')
      await assertAnswers(ask, '/login')
      return
    } catch (error) {
      // No time makes a wrong setting right.
      if (left <= 0 || error instanceof ConfigError) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(`This version can't work and gets no calls: ${reason}`, { cause: error })
      }
      await wait(pauseMs)
    }
  }
}

async function assertAnswers(ask: Ask, path: string): Promise<string> {
  const { statusCode, body } = await ask(path)
  if (statusCode !== 200) throw new Error(`GET ${path} answers ${statusCode} ${body}`)
  return body
}

/** A GET as API Gateway would hand it over. */
export const callOf = (path: string): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: {},
  requestContext: {
    accountId: '',
    apiId: '',
    domainName: '',
    domainPrefix: '',
    http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
    requestId: 'self-check',
    routeKey: '$default',
    stage: '$default',
    time: '',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
})
