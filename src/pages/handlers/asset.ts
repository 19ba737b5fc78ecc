import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageContext } from '../context.js'
import { NOT_FOUND } from '../../plugins/errors.js'
import { Problem } from '../../problem.js'

/** A name with another digest is another file. */
const CACHED = 'public, max-age=31536000, immutable'

/** An image that is opened by itself is a document, and may do nothing. */
const POLICY = "default-src 'none';style-src 'unsafe-inline';sandbox"

export function assetHandler({ app, assets }: PageContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asset = assets.find(request.url.split('?', 1)[0] ?? '')
    if (!asset) throw new Problem(NOT_FOUND)
    return reply
      .removeHeader('vary')
      .headers(app.corsHeaders(request.headers.origin))
      .headers({ 'cache-control': CACHED, 'content-security-policy': POLICY })
      .type(asset.type)
      .send(asset.body)
  }
}
