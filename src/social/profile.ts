import type { FastifyInstance } from 'fastify'

/** A person as a provider has proved them, in the words of the users feature. */
export type ProvenProfile = Parameters<FastifyInstance['identities']['signIn']>[0]
