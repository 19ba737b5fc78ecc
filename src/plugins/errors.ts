import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem, problemBody, type ProblemExtras, type ProblemType } from '../problem.js'
import { faultsOf } from './faults.js'

export const NOT_FOUND: ProblemType = { status: 404, code: 'NOT_FOUND', title: 'Not found' }
const METHOD_NOT_ALLOWED: ProblemType = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  title: 'Method not allowed',
}
const VALIDATION: ProblemType = {
  status: 400,
  code: 'VALIDATION_FAILED',
  title: 'The request is not valid',
}
const INTERNAL: ProblemType = {
  status: 500,
  code: 'INTERNAL_ERROR',
  title: 'Something went wrong on our side',
}

export const MALFORMED_JSON: ProblemType = {
  status: 400,
  code: 'MALFORMED_JSON',
  title: 'The request body is not valid JSON',
}
export const BAD_URL: ProblemType = { status: 400, code: 'BAD_URL', title: 'The URL is not valid' }

/** Fastify's own refusals that a client can cause, in our words; their messages may quote the request. */
const FRAMEWORK: Readonly<Record<string, ProblemType>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'BODY_TOO_LARGE',
    title: 'The request body is too large',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    title: 'The content type must be application/json',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: MALFORMED_JSON,
  FST_ERR_BAD_URL: BAD_URL,
}
export const BAD_REQUEST: ProblemType = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'The request could not be read',
}

/**
 * Every failure leaves as RFC 9457 problem details: validation, 404, 405, framework errors, our own
 * `Problem`s, and the unexpected, of which nothing is said but a request id.
 */
export default fp(
  async function errors(app) {
    const routes = collectRoutes(app)
    app.setErrorHandler(renderError)
    app.setNotFoundHandler((request, reply) => {
      const allow = routes.methodsOf(request.url)
      if (allow.length === 0) return send(request, reply, NOT_FOUND)
      return send(request, reply, METHOD_NOT_ALLOWED, { headers: { allow: allow.join(', ') } })
    })
  },
  { name: 'errors', fastify: '5.x' },
)

/** Fastify's `frameworkErrors` option too: a bad URL never reaches the error handler. */
export function renderError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const { type, extras } = judgeError(error, request)
  return send(request, reply, type, extras)
}

/** What a failure is called, whoever hears of it; what is worth a line in the log is logged. */
export function judgeError(
  error: unknown,
  request: FastifyRequest,
): { readonly type: ProblemType; readonly extras: ProblemExtras } {
  if (error instanceof Problem) {
    if (error.type.status >= 500) {
      request.log.error({
        event: 'dependency_failed',
        reason: error.type.code,
        cause: nameOf(error.cause),
      })
    }
    return { type: error.type, extras: error.extras }
  }
  const { validation, code, statusCode } = error as Partial<FastifyError>
  if (validation) {
    request.log.info({ event: 'input_validation_fail', route: request.routeOptions.url })
    return { type: VALIDATION, extras: { errors: faultsOf(validation) } }
  }
  const known = FRAMEWORK[code ?? '']
  if (known) return { type: known, extras: {} }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { type: { ...BAD_REQUEST, status: statusCode }, extras: {} }
  }
  request.log.error({ event: 'unexpected_error', err: error }, 'unexpected error')
  return { type: INTERNAL, extras: {} }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  type: ProblemType,
  extras: ProblemExtras = {},
) {
  return reply
    .code(type.status)
    .headers(extras.headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemBody(type, request.id, extras))
}

/** The class of a store's failure; its message may hold keys. */
const nameOf = (cause: unknown): string | undefined =>
  cause instanceof Error ? cause.name : undefined

/** Which methods each path takes, for 405 and its `Allow` header (RFC 9110 §15.5.6). */
function collectRoutes(app: FastifyInstance) {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const name of [method].flat()) known.add(name)
    methods.set(url, known)
  })
  return {
    methodsOf(url: string): string[] {
      const path = url.split('?', 1)[0] ?? ''
      const found = [...methods].filter(
        ([pattern]) => !pattern.includes('*') && matches(pattern, path),
      )
      return [...new Set(found.flatMap(([, names]) => [...names]))].sort()
    },
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith(':') ? given[index] !== '' : part === given[index],
    )
  )
}
