import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'

const CHANNEL = 'fastify.initialization'

export type Route = Pick<RouteOptions, 'url' | 'schema'> & {
  readonly method: string
  /** The file below `src/` that registers it; undefined where it is none of ours. */
  readonly file?: string | undefined
}

/** Sees each Fastify instance of this process before it has any route. @returns what ends it. */
export function watchInstances(see: (fastify: FastifyInstance) => void): () => void {
  const watch = (message: unknown): void => see((message as { fastify: FastifyInstance }).fastify)
  subscribe(CHANNEL, watch)
  return () => unsubscribe(CHANNEL, watch)
}

/**
 * Starts an app. @returns what it is, and every route that it registers, late ones included, one a method. Another app
 * that this process starts meanwhile may add its own.
 */
export async function withRoutes<T>(start: () => Promise<T>): Promise<{ app: T; routes: Route[] }> {
  const routes = new Map<string, Route>()
  const instances: FastifyInstance[] = []
  const stop = watchInstances((fastify) => {
    instances.push(fastify)
    fastify.addHook('onRoute', ({ method, url, schema }) => {
      const file = registeringFile()
      for (const each of [method].flat()) {
        routes.set(`${each} ${url}`, { method: each, url, file, ...(schema && { schema }) })
      }
    })
  })
  try {
    const app = await start()
    const first = instances.filter((each) => each.hasDecorator('lateRoutes'))
    await Promise.all(first.map((each) => each.lateRoutes()))
    return { app, routes: [...routes.values()] }
  } finally {
    stop()
  }
}

/** Of the files on the stack, the first of ours: hooks of our own plugins run below Fastify's `route`. */
function registeringFile(): string | undefined {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const { stack = '' } = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return /\/src\/([\w./-]+\.tsx?)/.exec(stack)?.[1]
}
