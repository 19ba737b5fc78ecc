import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageContext } from '../kit/context.js'
import { isTextKey } from '../kit/context.js'
import { Problem } from '../../http/problem.js'
import { pagePolicy, withVary } from '../kit/policy.js'
import type { TextKey } from '../texts/en.js'
import { Failure, type WayOn } from '../sign-in/view.js'

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
    const { statusCode: status } = reply
    const page = (
      <Failure
        view={context.view(request)}
        title={titleOf(status)}
        text={text}
        wayOn={wayToApp(error) ?? wayOn(request, status)}
      />
    )
    return context.send(reply.header('cache-control', 'no-store'), page, status)
  }
}

function titleOf(status: number): TextKey {
  const key = `problem.title.${status === 405 ? 404 : status}`
  return isTextKey(key) ? key : 'problem.title'
}

const HOME: WayOn = { href: '/dashboard', label: 'problem.home' }

/** An outage or a limit passes: the same page may be shown later. */
const PASSING = new Set([429, 500, 503])

/** To the app that a person came from, where a failure says so: a link, since no one has to follow it. */
function wayToApp(error: unknown): WayOn | undefined {
  const href = error instanceof Problem ? error.extras.wayOn : undefined
  return href === undefined
    ? undefined
    : { href, label: 'problem.toApp', place: new URL(href).host }
}

/** Back to the page that the form was on, or once more to one that could not be shown just now. */
function wayOn({ url, method }: FastifyRequest, status: number): WayOn {
  const [path] =
    /^\/(login|register|dashboard(?:\/(?:sessions|keys|users))?)(?=[/?]|$)/.exec(url) ?? []
  if (path === undefined) return HOME
  if (method === 'POST') return { href: path, label: 'problem.back' }
  return PASSING.has(status) ? { href: path, label: 'problem.again' } : HOME
}
