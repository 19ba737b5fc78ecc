import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageContext } from '../context.js'
import { pagePolicy, withVary } from '../policy.js'
import { Failure } from '../views/sign-in.js'

/** What fails outside of a form, on our pages and elsewhere: a foreign post, an outage, an unknown address. */
export function failureHandler(context: PageContext) {
  const policy = pagePolicy(context.options.returnOrigins)
  return async (
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    reply.headers(withVary(policy, reply.getHeader('vary')))
    const { text } = context.explain(request, reply, error)
    const back = backOf(request)
    const page = (
      <Failure
        view={context.view(request)}
        text={text}
        back={back ?? '/dashboard'}
        isLost={!back}
      />
    )
    return context.send(reply.header('cache-control', 'no-store'), page, reply.statusCode)
  }
}

/** The page that the form was on, or the one that could not be shown; undefined for other addresses. */
function backOf({ url }: FastifyRequest): string | undefined {
  const path = /^\/(login|register|dashboard(?:\/(?:sessions|keys|users))?)/.exec(url)
  return path?.[0]
}
