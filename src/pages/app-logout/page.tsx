import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/caller.js'
import { isFromOrigin } from '../../http/csrf.js'
import { withQuery } from '../../lib/with-query.js'
import { readIdTokenHint } from '../../oauth/id-token.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { fieldOf, fieldsOf, textsOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import { AppLogout } from './view.js'
import { type Wish, WISH_NAMES } from './wish.js'

/**
 * An app asks for its person to be signed out (RP-Initiated Logout 1.0). Any site can, and it would be a nuisance if an
 * image did: so the person is asked each time, and only the form of our own page ends the session.
 */
export function appLogoutHandlers(context: PageContext) {
  const { clients, current, keyRing: keys, sessions } = context.services
  const { issuer } = context.options
  const own = new Set([issuer])

  /** The app, and where the person goes on to: each as far as it is proved. */
  const prove = async (wish: Wish) => {
    const { id_token_hint: token, client_id: given, post_logout_redirect_uri: uri = '' } = wish
    const hint = token === undefined ? undefined : await readIdTokenHint(token, { issuer, keys })
    const clientId = token === undefined ? given : hint?.clientId
    // The app that an ID token was made for; a `client_id` beside it must be the same.
    const isOne = clientId !== undefined && (given === undefined || given === clientId)
    const client = isOne ? await clients.find(clientId) : undefined
    // Letter for letter.
    const isRegistered = client?.postLogoutRedirectUris.includes(uri) === true
    return { client, target: isRegistered ? withQuery(uri, { state: wish.state }) : undefined }
  }

  const send = async (request: FastifyRequest, reply: FastifyReply, wish: Wish) => {
    const session = await current.resume(request, reply)
    const { client, target } = await prove(wish)
    context.leadTo(reply, target)
    const page = (
      <AppLogout
        view={context.view(request)}
        email={session?.account.email}
        appName={client?.name}
        // What proves no app leads nowhere, and may be a token that is no hint.
        wish={client ? wish : {}}
      />
    )
    return context.send(reply, page)
  }

  const show: Handler = async (request, reply) =>
    send(request, reply, textsOf(request.query, WISH_NAMES))

  const answer: Handler = async (request, reply) => {
    const wish = fieldsOf(request, WISH_NAMES)
    const isOwn = isFromOrigin(own, request, true) && fieldOf(request, 'answer') === 'yes'
    if (!isOwn) return send(request, reply, wish)
    try {
      await sessions.signOut(callerOf(request), await current.toEnd(request))
    } catch (error) {
      // A person who is signed out already gets the same answer.
      if (codeOf(error) === undefined) throw error
    }
    const { target } = await prove(wish)
    reply.forgetSession()
    return target === undefined ? goOn(reply, '/login', 'SIGNED_OUT') : goOn(reply, target)
  }

  return { show, answer }
}
