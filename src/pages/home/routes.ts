import type { FastifyPluginAsync } from 'fastify'
import { isNavigation } from '../../http/navigation.js'
import { NOT_FOUND } from '../../http/errors.js'
import { Problem } from '../../http/problem.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'

const WAY_ON = 'The API is described at /openapi.json. People sign in at /login.'

/** Redirects a browser that opens the bare address to the account; programs get a 404 that names the way on. */
const home: FastifyPluginAsync = async (app) => {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (!isNavigation(request)) throw new Problem(NOT_FOUND, { detail: WAY_ON })
    return reply.redirect(DEFAULT_RETURN_TO)
  })
}

export default home
