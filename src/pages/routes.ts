import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import * as Type from 'typebox'

export interface PagesOptions {
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  /** Every code of `/login?error=CODE`, and what a person should hear. */
  readonly errors: Readonly<Record<string, string>>
}

const LoginQuery = Type.Object({ error: Type.Optional(Type.String()) })

/** Where a social sign-in begins and ends. Bare HTML: the policy of every answer allows no more. */
const pageRoutes: FastifyPluginAsyncTypebox<PagesOptions> = async (app, { providers, errors }) => {
  const links = (query: string, verb: string) =>
    providers.map(
      ({ id, name }) => `<li><a href="/api/auth/${id}${query}">${verb} ${escape(name)}</a>`,
    )

  app.get('/login', { schema: { hide: true, querystring: LoginQuery } }, async (request, reply) => {
    const { error = '' } = request.query
    const text = Object.hasOwn(errors, error) ? errors[error] : undefined
    return sendPage(reply, 'Sign in', [
      ...(text === undefined ? [] : [`<p role="alert">${escape(text)}.</p>`]),
      `<ul>${links('', 'Sign in with').join('')}</ul>`,
    ])
  })

  app.get('/dashboard', { schema: { hide: true }, onRequest: app.requireUser }, async (_, reply) =>
    sendPage(reply, 'You are signed in', [
      '<p>Your <a href="/api/profile">profile</a>, <a href="/api/auth/identities">identities</a> and ' +
        '<a href="/api/auth/sessions">sessions</a>.</p>',
      `<ul>${links('?link=true', 'Link').join('')}</ul>`,
    ]),
  )
}

export default pageRoutes

function sendPage(reply: FastifyReply, title: string, parts: readonly string[]): FastifyReply {
  const head = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title} · Latchkey</title>`
  return reply
    .type('text/html; charset=utf-8')
    .send(`${head}<h1>${title}</h1>${parts.join('\n')}</html>`)
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }
const escape = (text: string): string => text.replaceAll(/[&<"]/g, (found) => ENTITIES[found] ?? '')
