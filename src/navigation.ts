import type { FastifyRequest } from 'fastify'

/** Whether a person is on their way to a page; programs say neither of both. */
export const isNavigation = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  (headers['sec-fetch-mode'] === 'navigate' || headers.accept?.includes('text/html') === true)
