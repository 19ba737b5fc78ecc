import cors from '@fastify/cors'
import fp from 'fastify-plugin'

export interface CorsOptions {
  /** Exact origins that may call with credentials. None: no CORS header is ever sent. */
  readonly origins: readonly string[]
}

const PREFLIGHT_SECONDS = 600

/** An allow list, off by default. An origin that is not listed is answered without any CORS header. */
export default fp<CorsOptions>(
  async function corsAllowList(app, { origins }) {
    if (origins.length === 0) return
    await app.register(cors, {
      origin: [...origins],
      credentials: true,
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'x-api-key'],
      exposedHeaders: [
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
        'retry-after',
        'www-authenticate',
      ],
      maxAge: PREFLIGHT_SECONDS,
    })
  },
  { name: 'cors', fastify: '5.x' },
)
