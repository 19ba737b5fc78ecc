import type { FastifyReply, FastifyRequest } from 'fastify'

/** What answers one page. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>
