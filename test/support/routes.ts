import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'

const CHANNEL = 'fastify.initialization'

export type Route = Pick<RouteOptions, 'url'> & { readonly method: string }

/** Starts an app. @returns what it is, and every route that it registers, one a method. */
export async function withRoutes<T>(start: () => Promise<T>): Promise<{ app: T; routes: Route[] }> {
  const routes: Route[] = []
  const collect = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url })
    })
  }
  subscribe(CHANNEL, collect)
  try {
    return { app: await start(), routes }
  } finally {
    unsubscribe(CHANNEL, collect)
  }
}
