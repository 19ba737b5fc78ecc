import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { NOT_FOUND } from '../../http/errors.js'
import { Problem } from '../../http/problem.js'
import { onceMade } from '../../lib/once-made.js'
import { isLoopback } from '../../lib/secure-url.js'
import { makeAssets } from '../../pages/kit/assets.js'
import type { Brand } from '../../pages/kit/brand.js'
import { languageOf } from '../../pages/kit/language.js'
import { pagePolicy } from '../../pages/kit/policy.js'
import type { View } from '../../pages/kit/view.js'
import { hostCheck, loopbackHosts } from '../hosts.js'
import type { Mailbox, ReceivedMail } from './mailbox.js'
import { listPage, MAILBOX_PATH, mailPage } from './pages.js'

export interface MailboxRoutesOptions {
  readonly mailbox: Mailbox
  readonly brand: Brand
  readonly issuer: string
  /** Where the server listens. */
  readonly port: number
}

/** A mail's own HTML: it may have styles and links, and nothing else; for the browser it has no origin. */
const MAIL_POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

/** What a proxy adds: behind one, a stranger's request comes from this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via']

/**
 * Pages with the mails of the local server, for browsers of this machine alone: the mails open accounts. For all
 * others there is no such page.
 */
export default fp(
  async function mailboxRoutes(app, { mailbox, brand, issuer, port }: MailboxRoutesOptions) {
    const isForLoopback = hostCheck(loopbackHosts(port))
    const isOwn = ({ raw, headers }: FastifyRequest): boolean =>
      isForLoopback(raw) &&
      isLoopback((raw.socket.remoteAddress ?? '').replace(/^::ffff:/, '')) &&
      // A page of another origin that may call the API reads no mail.
      (headers.origin === undefined || headers.origin === issuer) &&
      FORWARDED.every((name) => headers[name] === undefined)
    const guard = {
      onRequest: async (request: FastifyRequest) => {
        if (!isOwn(request)) throw new Problem(NOT_FOUND)
      },
      schema: { hide: true },
    }
    const viewOf = onceMade(async (): Promise<View> => ({
      language: languageOf('en'),
      brand,
      assets: await makeAssets(brand),
    }))
    const find = async (id: string): Promise<ReceivedMail> => {
      const mail = await mailbox.find(id)
      if (!mail) throw new Problem(NOT_FOUND)
      return mail
    }
    const send = (reply: FastifyReply, html: string, policy = pagePolicy([])) =>
      reply.headers(policy).type('text/html; charset=utf-8').send(html)

    app.get(MAILBOX_PATH, guard, async (_request, reply) =>
      send(reply, listPage(await viewOf(), await mailbox.list())),
    )
    app.get<MailParams>(`${MAILBOX_PATH}/:id`, guard, async ({ params }, reply) =>
      send(reply, mailPage(await viewOf(), await find(params.id), issuer)),
    )
    app.get<MailParams>(`${MAILBOX_PATH}/:id/html`, guard, async ({ params }, reply) =>
      send(reply, (await find(params.id)).html, { 'content-security-policy': MAIL_POLICY }),
    )
  },
  { name: 'mailbox-routes', fastify: '5.x' },
)

interface MailParams {
  readonly Params: { readonly id: string }
}
