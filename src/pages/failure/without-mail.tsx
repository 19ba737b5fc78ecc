import type { PageContext } from '../kit/context.js'
import type { Handler } from '../kit/routes.js'
import { Failure } from '../sign-in/view.js'
import type { TextKey } from '../texts/en.js'

interface WithoutMail {
  /** A service that needs mail for what the page does. */
  readonly service: { readonly isOffered: boolean }
  readonly title: TextKey
  readonly text?: TextKey
}

/** Lets a page answer where the service sends mail. Elsewhere a page says that it sends none. */
export const unlessWithoutMail =
  (context: PageContext, { service, title, text = 'problem.MAIL_NOT_CONFIGURED' }: WithoutMail) =>
  (handler: Handler): Handler =>
  async (request, reply) => {
    if (service.isOffered) return handler(request, reply)
    const view = context.view(request)
    const wayOn = { href: '/login', label: 'register.login' } as const
    const page = <Failure view={view} title={title} text={view.language.text(text)} wayOn={wayOn} />
    return context.send(reply, page, 404)
  }
