import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageContext } from '../context.js'
import { Failure } from '../views/sign-in.js'

/** What fails outside of a form: a foreign post, one request too many, an outage before the page. */
export function failureHandler(context: PageContext) {
  return async (
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const { text } = context.explain(request, reply, error)
    const page = <Failure view={context.view(request)} text={text} back={backOf(request)} />
    return context.send(reply.header('cache-control', 'no-store'), page, reply.statusCode)
  }
}

/** The page that the form was on, or the one that could not be shown. */
function backOf({ url }: FastifyRequest): string {
  const [, page = ''] =
    /^\/(login|register|dashboard(?:\/(?:sessions|keys|users))?)/.exec(url) ?? []
  return `/${page === '' ? 'login' : page}`
}
