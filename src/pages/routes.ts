import type {
  FastifyError,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
} from 'fastify'
import * as Type from 'typebox'
import { SIGN_IN_LIMIT, SIGN_UP_LIMIT } from '../limits/by-address.js'
import { NOT_FOUND } from '../http/errors.js'
import { acceptForms } from '../http/body.js'
import { Problem } from '../http/problem.js'
import type { PagesOptions } from './kit/options.js'
import { requirePageSession } from './kit/page-session.js'
import { isSpeculative, sendNothing } from '../http/speculation.js'
import { pagePolicy, withVary } from './kit/policy.js'
import type { Pages } from './pages.js'
import { CHANGE_PASSWORD, FREEING, READDRESS, SIGN_IN_AS } from './kit/paths.js'

export interface PageRoutesOptions extends PagesOptions {
  /** Loads what pages are made of. */
  readonly pages: () => Promise<Pages>
}

const Params = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) })

/**
 * The pages for people: sign-in, sign-up, and a person's own account. Plain forms, which work without
 * scripts and do what the JSON routes do, with the same services. Cookies alone authenticate; each post
 * proves that it comes from a page of our own.
 */
const pageRoutes: FastifyPluginAsync<PageRoutesOptions> = async (app, { pages, ...options }) => {
  app.removeAllContentTypeParsers()
  acceptForms(app)

  const policy = pagePolicy(options.returnOrigins)
  const withSession = requirePageSession(options.services.current)

  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'HEAD' && isSpeculative(request)) return sendNothing(reply)
    reply.headers(withVary(policy, reply.getHeader('vary')))
    request.assertOwnPage()
  })
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    // An id that can't be one is an address without a page.
    const isLost = error.validationContext === 'params'
    return (await pages()).fail(isLost ? new Problem(NOT_FOUND) : error, request, reply)
  })

  type Name = Exclude<keyof Pages, 'fail'>
  const handle =
    (name: Name): RouteHandlerMethod =>
    async (request: FastifyRequest, reply: FastifyReply) =>
      (await pages())[name](request, reply)
  const limited = (groupId?: string) => ({ rateLimit: groupId === undefined ? {} : { groupId } })
  const open = { schema: { hide: true } }
  const own = { ...open, onRequest: withSession }
  const ownOne = { schema: { ...open.schema, params: Params }, onRequest: withSession }

  app.get('/assets/:file', open, handle('asset'))
  app.get('/favicon.ico', open, handle('favicon'))
  // https://w3c.github.io/webappsec-change-password-url/
  app.get('/.well-known/change-password', open, async (_request, reply) =>
    reply.redirect(CHANGE_PASSWORD, 303),
  )
  app.get('/errors', open, handle('showErrors'))
  app.get('/login', open, handle('showSignIn'))
  app.post('/login', { ...open, config: limited(SIGN_IN_LIMIT) }, handle('signIn'))
  app.get('/register', open, handle('showSignUp'))
  app.post('/register', { ...open, config: limited(SIGN_UP_LIMIT) }, handle('signUp'))
  app.get(SIGN_IN_AS, open, handle('showSignIn'))
  app.post(SIGN_IN_AS, { ...open, config: limited() }, handle('showSignInAs'))
  app.get(FREEING, open, handle('showFreeing'))
  app.post(FREEING, { ...open, config: limited() }, handle('freeAddress'))
  app.get(READDRESS, open, handle('showReaddress'))
  app.post(READDRESS, { ...open, config: limited(SIGN_UP_LIMIT) }, handle('readdress'))
  app.get('/logout', open, handle('showSignOut'))
  app.post('/logout', { ...open, config: limited() }, handle('signOut'))

  app.get('/dashboard', own, handle('showAccount'))
  app.get('/dashboard/sessions', own, handle('showSessions'))
  app.get('/dashboard/keys', own, handle('showKeys'))
  app.get('/dashboard/keys/:id', ownOne, handle('showKey'))
  app.get('/dashboard/users', own, handle('showUsers'))
  app.get('/dashboard/users/:id', ownOne, handle('showUser'))

  const change = (path: string, name: Name) => {
    const shape = path.includes(':id') ? ownOne : own
    app.post(path, { ...shape, config: limited() }, handle(name))
  }
  change('/dashboard/password', 'changePassword')
  change('/dashboard/identities/:id/unlink', 'unlinkIdentity')
  change('/dashboard/identities/:id/enable', 'enableIdentity')
  change('/dashboard/sessions/end', 'endSessions')
  change('/dashboard/sessions/:id/end', 'endSession')
  change('/dashboard/keys', 'createKey')
  change('/dashboard/keys/:id', 'editKey')
  change('/dashboard/keys/:id/rotate', 'rotateKey')
  change('/dashboard/keys/:id/disable', 'disableKey')
  change('/dashboard/keys/:id/enable', 'enableKey')
  change('/dashboard/keys/:id/delete', 'deleteKey')
  change('/dashboard/users', 'findUser')
  change('/dashboard/users/:id/disable', 'disableUser')
  change('/dashboard/users/:id/enable', 'enableUser')
  change('/dashboard/users/:id/promote', 'promoteUser')
  change('/dashboard/users/:id/demote', 'demoteUser')
  change('/dashboard/users/:id/end-sessions', 'endSessionsOfUser')
}

export default pageRoutes
