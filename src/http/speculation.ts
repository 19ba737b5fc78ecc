import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sec-Purpose (Fetch standard), and the names that came before it. */
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const
const AHEAD = /\b(?:prefetch|prerender|preview|instant)\b/i

/**
 * Whether no person has asked for the answer yet: a browser looks ahead, or a program asks for headers alone.
 * Such a request must have no effect (RFC 9110 §9.2.1).
 */
export const isSpeculative = ({ method, headers }: FastifyRequest): boolean =>
  method === 'HEAD' || PURPOSES.some((name) => AHEAD.test(String(headers[name] ?? '')))

/** Answers it with nothing, so that the browser asks again when its person comes. */
export const sendNothing = (reply: FastifyReply): FastifyReply => reply.code(204).send()
