import type { FastifyRequest } from 'fastify'

/**
 * Whether a person reads the answer in a browser. Every current browser names its mode; a program that asks
 * for HTML among all else still has its credential in a header, where no browser that navigates has one.
 */
export function isForPerson({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  const isProgram = headers.authorization !== undefined || headers['x-api-key'] !== undefined
  return !isProgram && headers.accept?.includes('text/html') === true
}

/** Whether a person opens an address, rather than sends a form. */
export const isNavigation = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && isForPerson(request)

/** Whether a link on a page of another origin has brought the browser here. Old browsers don't say. */
export const comesFromElsewhere = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  (headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site')
