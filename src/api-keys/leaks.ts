import { type KeyObject, verify } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import pLimit from 'p-limit'
import * as Type from 'typebox'
import { report } from '../events/report.js'
import { decodeBase64 } from '../lib/base64.js'
import type { Late } from '../lib/late.js'
import type { ApiKeys } from './api-keys.js'
import { hashKey } from './verification/format.js'
import { MALFORMED_JSON } from '../http/errors.js'
import { problems } from '../http/openapi/problems.js'
import { decodeBody } from '../http/body.js'
import { callerOf } from '../http/caller.js'
import { Problem, type ProblemType } from '../http/problem.js'
import { WELL_FORMED } from '../lib/well-formed.js'

export interface LeakReportOptions {
  readonly apiKeys: Late<ApiKeys>
  /** ECDSA P-256 key that signs reports. */
  readonly publicKey: KeyObject
  readonly action: 'disable' | 'rotate'
}

/** What a leaked key has left, milliseconds. */
const GRACE = { disable: 0, rotate: 86_400_000 }
/** A report may carry many finds. */
const BODY_LIMIT = 1024 * 1024
/** Finds that are looked up at once: a thousand one by one would take longer than a request may. */
const CONCURRENCY = 16

const SIGNATURE_INVALID: ProblemType = {
  status: 401,
  code: 'SIGNATURE_INVALID',
  title: 'The signature of the report is missing or wrong',
}

/** Not registered, like `ApiKey`: RFC 9110 §15.5.2 wants a challenge of every 401. */
const CHALLENGE = {
  'www-authenticate': 'Signature realm="latchkey", header="github-public-key-signature"',
}

const Find = Type.Object({
  token: Type.String({ maxLength: 1024, pattern: WELL_FORMED }),
  type: Type.Optional(Type.String({ maxLength: 256 })),
  url: Type.Optional(Type.String({ maxLength: 2048, pattern: WELL_FORMED })),
  source: Type.Optional(Type.String({ maxLength: 256 })),
})
const Report = Type.Array(Find, { maxItems: 1000 })
const ReportAnswer = Type.Array(
  Type.Object({
    token_hash: Type.String({ description: 'SHA-256 of the token, base64url' }),
    token_type: Type.String(),
    label: Type.Enum(['true_positive', 'false_positive']),
  }),
)

/**
 * Reports of keys that were found in public, shaped like GitHub's secret scanning partner program:
 * https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
 * The body is signed as it stands on the wire, so it is checked before it is parsed.
 */
const leakRoutes: FastifyPluginAsyncTypebox<LeakReportOptions> = async (
  app,
  { apiKeys, publicKey, action },
) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (request, body, done) => {
      if (!isSigned(request, body as Buffer, publicKey))
        throw new Problem(SIGNATURE_INVALID, { headers: CHALLENGE })
      void parse(request, decodeBody(request, body as Buffer, MALFORMED_JSON), done)
    },
  )

  app.post(
    '/api/apikeys/leaked',
    {
      config: { rateLimit: {} },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['API keys'],
        summary: 'Report keys that were found in public',
        security: [{ signature: [] }],
        body: Report,
        response: { 200: ReportAnswer, ...problems(400, 401, 413, 415, 429, 503) },
      },
    },
    async (request) => {
      const limit = pLimit(CONCURRENCY)
      try {
        return await Promise.all(request.body.map((find) => limit(() => judge(request, find))))
      } finally {
        // After a failure the whole report will come again.
        limit.clearQueue()
      }
    },
  )

  /** A secret of ours is one whether it still works or not; what is none changes nothing. */
  async function judge(request: FastifyRequest, find: Type.Static<typeof Find>) {
    const { token, type = 'latchkey_api_key', url = 'unknown place' } = find
    const withdrawal = { where: url, action, graceMs: GRACE[action] }
    const leak = await apiKeys.withdrawLeaked(callerOf(request), token, withdrawal)
    if (leak?.isNew === true) {
      const { keyId, ownerId } = leak
      report(request.log, 'sensitive_leak', { keyId, ownerId, action })
    }
    const label = leak ? ('true_positive' as const) : ('false_positive' as const)
    return { token_hash: hashKey(token), token_type: type, label }
  }
}

export default leakRoutes

function isSigned({ headers }: FastifyRequest, body: Buffer, publicKey: KeyObject): boolean {
  const signature = headers['github-public-key-signature']
  const bytes = typeof signature === 'string' ? decodeBase64(signature) : undefined
  return bytes !== undefined && verify('sha256', body, publicKey, bytes)
}
