import type { FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { Problem, type ProblemType } from './problem.js'

const FOREIGN_ORIGIN: ProblemType = {
  status: 403,
  code: 'FOREIGN_ORIGIN',
  title: 'Requests with a session cookie must come from our own origin',
}

/** Logs the refusal, and makes the problem of it. */
export function foreignOrigin({ log, routeOptions }: FastifyRequest, detail: string): Problem {
  report(log, 'malicious_csrf', { route: routeOptions.url })
  return new Problem(FOREIGN_ORIGIN, { detail })
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A state-changing request proves where it comes from by `Origin`, or by `Sec-Fetch-Site` where a browser
 * leaves Origin out. `strict` also refuses a request that proves nothing; browsers always prove.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function isFromOrigin(
  origins: ReadonlySet<string>,
  request: FastifyRequest,
  strict: boolean,
): boolean {
  if (SAFE_METHODS.has(request.method)) return true
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) return origins.has(origin)
  return site === undefined ? !strict : site === 'same-origin'
}
