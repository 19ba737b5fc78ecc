import { subscribe } from 'node:diagnostics_channel'
import type {
  FastifyInstance,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
  RouteOptions,
} from 'fastify'

/**
 * What `app.requireUser` and its like are: calls that make an `onRequest` hook. The parameter that no value fits
 * keeps TypeScript from taking the guard itself for a hook, which would let every request through.
 */
export type Guard = (...none: never[]) => onRequestHookHandler
export type AsyncGuard = (...none: never[]) => onRequestAsyncHookHandler

type AnyGuard = (...options: never[]) => onRequestHookHandler | onRequestAsyncHookHandler

const GUARDED_HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const

const guards = new WeakMap<object, string>()

interface Watch {
  /** A plugin with guards is loaded: a hook that is `undefined` is a guard that is missing. */
  loaded: boolean
  /** What was wrong with the routes that came before. */
  readonly faults: string[]
}

const watches = new WeakMap<object, Watch>()

/**
 * Decorates the app with a guard, and refuses every route whose hook is a guard that was not called, or is
 * `undefined` because the guard is misspelt or its plugin was not awaited: Fastify itself takes `undefined` for
 * no hook and would answer everyone.
 * @throws {TypeError} at registration of this plugin, for such a route that was registered before it.
 */
export function decorateGuardOf(app: FastifyInstance, name: string, guard: AnyGuard): void {
  guards.set(guard, name)
  app.decorate(name, guard)
  const seen = watchOf(app) ?? watch(app)
  seen.loaded = true
  const [fault] = seen.faults
  if (fault !== undefined) throw new TypeError(fault)
}

/** The same for a guard without options, which is always the one hook. */
export function decorateGuard(
  app: FastifyInstance,
  name: string,
  hook: onRequestHookHandler | onRequestAsyncHookHandler,
): void {
  decorateGuardOf(app, name, (...options) => {
    // Fastify calls what stands where a hook belongs with a request.
    if (options.length > 0) throw new TypeError(`${name} is a guard and no hook: write ${name}().`)
    return hook
  })
}

function watch(app: FastifyInstance): Watch {
  const seen: Watch = { loaded: false, faults: [] }
  watches.set(app, seen)
  app.addHook('onRoute', (route) => {
    for (const hook of GUARDED_HOOKS) {
      const uncalled = uncalledGuard(route, hook)
      if (uncalled !== undefined) throw new TypeError(uncalled)
      const missing = missingHook(route, hook)
      if (missing === undefined) continue
      if (seen.loaded) throw new TypeError(missing)
      seen.faults.push(missing)
    }
  })
  return seen
}

/** The watch of an app, or of the one that it is encapsulated in. */
function watchOf(app: FastifyInstance): Watch | undefined {
  for (let of: object | null = app; of !== null; of = Object.getPrototypeOf(of) as object | null) {
    const seen = watches.get(of)
    if (seen) return seen
  }
  return undefined
}

type GuardedHook = (typeof GUARDED_HOOKS)[number]

function uncalledGuard(route: RouteOptions, hook: GuardedHook): string | undefined {
  const uncalled = [route[hook]].flat().find((each) => each !== undefined && guards.has(each))
  if (uncalled === undefined) return undefined
  const name = guards.get(uncalled) as string
  return `${describe(route)}: ${hook} is the guard ${name} itself. Call it: { ${hook}: app.${name}() }.`
}

function missingHook(route: RouteOptions, hook: GuardedHook): string | undefined {
  if (!Object.hasOwn(route, hook) || ![route[hook]].flat().includes(undefined)) return undefined
  return (
    `${describe(route)}: ${hook} is undefined, so nothing would guard the route. A guard is a call, such as ` +
    'app.requireUser(), and its plugin is registered before with `await app.register(...)`.'
  )
}

const describe = ({ method, url }: RouteOptions): string => `${[method].flat().join(', ')} ${url}`

// Routes that are registered before a plugin without `await` has loaded are seen as well.
subscribe('fastify.initialization', (message) => {
  watch((message as { readonly fastify: FastifyInstance }).fastify)
})
