import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { isForPerson } from './navigation.js'
import { Problem, problemBody, type ProblemExtras, type ProblemType } from './problem.js'
import { faultsOf } from './validation-faults.js'

export const METHOD_NOT_ALLOWED: ProblemType = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  title: 'Method not allowed',
}
export const NOT_FOUND: ProblemType = { status: 404, code: 'NOT_FOUND', title: 'Not found' }
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
  title: 'The request body could not be read as JSON',
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
  // No id is that long.
  FST_ERR_MAX_PARAM_LENGTH: NOT_FOUND,
}
export const BAD_REQUEST: ProblemType = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'The request could not be read',
}

/** Fastify's `frameworkErrors` option too: a bad URL never reaches the error handler. */
export async function renderFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { server } = request
  if (!server.failurePage || !isForPerson(request)) return renderError(error, request, reply)
  try {
    return await server.failurePage(error, request, reply)
  } catch (pageError) {
    return renderError(pageError, request, reply)
  }
}

/**
 * Problem details, for every reader.
 * @param issuer of the service that explains them: this one, unless said otherwise.
 */
export function renderError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  issuer: string | undefined = request.server.explainedAt,
) {
  const { type, extras } = judgeError(error, request)
  return reply
    .code(type.status)
    .headers(extras.headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemBody(type, request.id, issuer, extras))
}

/** A good credential that may not do this (ASVS V16.3.2). */
const UNAUTHORIZED = /^(FORBIDDEN|INSUFFICIENT_SCOPE)$/

/** The problem that stands for a failure; logs the failure if it is worth a line. */
export function judgeError(
  error: unknown,
  request: FastifyRequest,
): { readonly type: ProblemType; readonly extras: ProblemExtras } {
  if (error instanceof Problem) {
    if (error.type.status >= 500) {
      report(request.log, 'dependency_failed', {
        reason: error.type.code,
        cause: nameOf(error.cause),
      })
    }
    if (UNAUTHORIZED.test(error.type.code)) {
      report(request.log, 'authz_fail', { reason: error.type.code })
    }
    return { type: error.type, extras: error.extras }
  }
  const { validation, code, statusCode } = error as Partial<FastifyError>
  if (validation) {
    report(request.log, 'input_validation_fail', { route: request.routeOptions.url })
    return { type: VALIDATION, extras: { errors: faultsOf(validation) } }
  }
  const known = FRAMEWORK[code ?? '']
  if (known) return { type: known, extras: {} }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { type: { ...BAD_REQUEST, status: statusCode }, extras: {} }
  }
  report(request.log, 'unexpected_error', { err: error }, 'unexpected error')
  return { type: INTERNAL, extras: {} }
}

/** The class of a store's failure; its message may hold keys. */
const nameOf = (cause: unknown): string | undefined =>
  cause instanceof Error ? cause.name : undefined

/** Answers a person with a failure as a page. */
export type FailurePage = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply>

declare module 'fastify' {
  interface FastifyInstance {
    /** Base URL of the service that explains failures; none in the app of another team. */
    explainedAt?: string
    /** A failure as a page, where the app has pages. */
    failurePage?: FailurePage
  }
}
