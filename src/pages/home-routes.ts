import type { FastifyPluginAsync } from 'fastify'
import { isNavigation } from '../navigation.js'
import { NOT_FOUND } from '../plugins/errors.js'
import { Problem } from '../problem.js'
import { DEFAULT_RETURN_TO } from '../return-to.js'

/** Whoever types the address of the service into a browser comes to their account; for programs nothing is there. */
const home: FastifyPluginAsync = async (app) => {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (!isNavigation(request)) throw new Problem(NOT_FOUND)
    return reply.redirect(DEFAULT_RETURN_TO)
  })
}

export default home
