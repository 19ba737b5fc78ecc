import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { acceptForms } from '../../http/body.js'
import { problems } from '../../http/openapi/problems.js'
import { isSpeculative, sendNothing } from '../../http/speculation.js'
import { renderOAuthError } from '../errors.js'
import { oauthFailures, pushedBy } from '../schemas.js'
import type { AuthorizationActions } from './actions.js'
import * as schemas from './schemas.js'

export interface AuthorizationRoutesOptions {
  /** Loads what answers: no start reads it. */
  readonly actions: () => Promise<AuthorizationActions>
}

const TAGS = ['Apps']

/** Parameters are read by rules that differ by what is proved of the client, not by a schema. */
const anything = () => () => true

/** An app asks for a person: by a browser that goes there, or ahead of it (RFC 9126). */
const authorizationRoutes: FastifyPluginAsync<AuthorizationRoutesOptions> = async (
  app,
  { actions },
) => {
  const common = { config: { rateLimit: {} }, validatorCompiler: anything }
  app.removeAllContentTypeParsers()
  acceptForms(app)

  app.get(
    '/oauth/authorize',
    {
      ...common,
      onRequest: sendNothingAhead,
      schema: {
        tags: TAGS,
        summary: 'Ask for a person (RFC 6749 §4.1)',
        description:
          'For a browser to go to. The answer goes to `redirect_uri` with `code`, `state` and `iss`, or with `error`; nothing goes there before client and URI are proved. An `error` for a client that is known by a document alone stands on a page, with a link to `redirect_uri`. People sign in, prove more, or say yes on the way. `HEAD` and prefetches get 204 and have no effect.',
        security: [],
        querystring: schemas.BrowserRequest,
        response: { 204: schemas.NOTHING, 303: schemas.REDIRECT, ...problems(400, 409, 429, 503) },
      },
    },
    async (request, reply) => (await actions()).ask(request, reply),
  )

  app.post(
    '/oauth/authorize',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'The same by a form (OpenID Connect Core §3.1.2.1)',
        description: 'The parameters are kept, and the browser goes on with `GET`.',
        security: [],
        consumes: [schemas.FORM],
        body: schemas.BrowserRequest,
        response: { 303: schemas.REDIRECT, ...problems(400, 415, 429, 503) },
      },
    },
    async (request, reply) => (await actions()).askByForm(request, reply),
  )

  app.post(
    '/oauth/par',
    {
      ...common,
      config: { ...common.config, isForAnyOrigin: true },
      errorHandler: (...failed) => void renderOAuthError(...failed),
      schema: {
        tags: TAGS,
        summary: 'Say ahead what an app will ask for (RFC 9126)',
        description:
          'The client authenticates as at `/oauth/token`. `request_uri` of the answer goes to `/oauth/authorize` with `client_id`, and is good for one browser and one answer.',
        security: [{ client: [] }, {}],
        consumes: [schemas.FORM],
        body: pushedBy(schemas.AuthorizationParameters),
        response: { 201: schemas.PushedAnswer, ...oauthFailures(400, 401, 415, 429, 503) },
      },
    },
    async (request, reply) => (await actions()).push(request, reply),
  )
}

export default authorizationRoutes

async function sendNothingAhead(request: FastifyRequest, reply: FastifyReply) {
  return isSpeculative(request) ? sendNothing(reply) : undefined
}
