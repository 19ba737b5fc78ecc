import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { report } from '../events/report.js'
import { LATCHKEYS_OWN_TOKEN } from '../access-tokens/verifier.js'
import { renderError } from '../http/errors.js'
import { Problem } from '../http/problem.js'

/**
 * Answers a refusal itself: the app is another team's, and its error handler knows nothing of ours. The issuer
 * explains it.
 */
export const answered =
  (issuer: string) =>
  (hook: onRequestHookHandler): onRequestHookHandler =>
    function (request, reply, done) {
      hook.call(this, request, reply, (error) => {
        if (error instanceof Problem) void answer(error, issuer, request, reply)
        else done(error)
      })
    }

/** What a setting may have to do with it is logged. */
function answer(
  problem: Problem,
  issuer: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { cause } = problem.extras
  if (cause === LATCHKEYS_OWN_TOKEN) {
    report(request.log, 'authn_token_misdirected', { detail: cause })
  } else if (typeof cause === 'string') {
    report(request.log, 'authz_fail', { reason: problem.type.code, detail: cause })
  }
  return renderError(problem, request, reply, issuer)
}
