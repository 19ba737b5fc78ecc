import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  RouteShorthandOptions,
} from 'fastify'
import * as Type from 'typebox'
import { onceMade } from '../../lib/once-made.js'
import type { PageContext } from './context.js'

/** What answers one page. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Registers the routes of one page. */
export type PageRoutes = (app: FastifyInstance, kit: RoutesKit) => void

/** What the routes of pages share. */
export interface RoutesKit {
  /**
   * The handlers of a page, which is loaded by the first request for one of them.
   *
   * @example
   * const page = pageOf(async () => (await import('../pages.js')).sessionHandlers)
   * app.get('/dashboard/sessions', own, async (...args) => (await page()).showSessions(...args))
   */
  readonly pageOf: <Page>(
    load: () => Promise<(context: PageContext) => Page>,
  ) => () => Promise<Page>
  /** A page of an account: people without a session are sent to sign in. */
  readonly own: RouteOptions
  /** A page of one thing that has an id. */
  readonly ownOne: RouteOptions
  /** What a form of such a page does. */
  readonly change: RouteOptions
  readonly changeOne: RouteOptions
}

type RouteOptions = Pick<RouteShorthandOptions, 'schema' | 'onRequest' | 'config'>

/** A page that anyone may see. */
export const OPEN = { schema: { hide: true } }

/** What a form of such a page does: its requests are counted, those of a group together. */
export const openChange = (groupId?: string) => ({
  ...OPEN,
  config: { rateLimit: groupId === undefined ? {} : { groupId } },
})

const Params = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) })

/** @param withSession sends people without a session to sign in. */
export function routesKit(
  openContext: () => Promise<PageContext>,
  withSession: onRequestAsyncHookHandler,
): RoutesKit {
  const own = { ...OPEN, onRequest: withSession }
  const ownOne = { ...own, schema: { ...OPEN.schema, params: Params } }
  const { config } = openChange()
  return {
    pageOf: (load) => onceMade(async () => (await load())(await openContext())),
    own,
    ownOne,
    change: { ...own, config },
    changeOne: { ...ownOne, config },
  }
}
