import type { PageContext } from '../context.js'
import type { Handler } from '../handler.js'
import { languageOf } from '../language.js'
import { Errors } from '../views/errors.js'

export function errorsHandler(context: PageContext) {
  const showErrors: Handler = async (request, reply) => {
    const view = { ...context.view(request), language: languageOf('en') }
    return context.send(reply, <Errors view={view} />)
  }
  return { showErrors }
}
