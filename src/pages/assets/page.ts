import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asset } from '../kit/assets.js'
import type { PageContext } from '../kit/context.js'
import type { Handler } from '../kit/routes.js'
import { corsHeaders } from '../../http/cors-headers.js'
import { NOT_FOUND } from '../../http/errors.js'
import { pathOf } from '../../http/path.js'
import { Problem } from '../../http/problem.js'

/** A name with another digest is another file. */
const CACHED = 'public, max-age=31536000, immutable'

/** Browsers ask by this name for what is no page of ours, such as JSON. */
const CACHED_BY_NAME = 'public, max-age=86400'

/** An image that is opened by itself is a document, and may do nothing. */
const POLICY = "default-src 'none';style-src 'unsafe-inline';sandbox"

export function assetHandlers({ options, assets }: PageContext) {
  const send = (request: FastifyRequest, reply: FastifyReply, asset: Asset, cached: string) =>
    reply
      .removeHeader('vary')
      .headers(corsHeaders(options.returnOrigins, request.headers.origin))
      .headers({ 'cache-control': cached, 'content-security-policy': POLICY })
      .type(asset.type)
      .send(asset.body)

  const sendAsset: Handler = async (request, reply) => {
    const found = assets.find(pathOf(request.url))
    if (!found) throw new Problem(NOT_FOUND)
    return send(request, reply, found, CACHED)
  }
  const sendFavicon: Handler = async (request, reply) =>
    send(request, reply, assets.icon, CACHED_BY_NAME)

  return { sendAsset, sendFavicon }
}
