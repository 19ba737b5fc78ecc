import fp from 'fastify-plugin'
import { acceptJson } from '../http/body.js'
import { BAD_URL } from '../http/errors.js'
import { Problem } from '../http/problem.js'
import { isPercentUtf8 } from '../lib/utf8.js'

/**
 * Text is UTF-8 or refused (RFC 8259 §8.1). A decoder that replaces what it can't read makes one password of
 * many. Bodies are JSON, so that no form of another site can send one without a preflight (CVE-2022-41919).
 */
export default fp(
  async function text(app) {
    acceptJson(app)
    // The router refuses a path like that; the parser of queries would keep what it can't decode.
    app.addHook('onRequest', ({ url }, _reply, done) => {
      done(isPercentUtf8(url) ? undefined : new Problem(BAD_URL))
    })
  },
  { name: 'text', fastify: '5.x' },
)
