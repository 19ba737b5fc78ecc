import type { PageContext } from '../kit/context.js'
import type { Handler } from '../kit/routes.js'
import { languageOf } from '../kit/language.js'
import { Errors } from './view.js'

export function errorsHandlers(context: PageContext) {
  const showErrors: Handler = async (request, reply) => {
    const view = { ...context.view(request), language: languageOf('en') }
    return context.send(reply, <Errors view={view} />)
  }
  return { showErrors }
}
