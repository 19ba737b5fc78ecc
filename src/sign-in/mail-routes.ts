import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import type { MailFlow } from '../email/mail-flow.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { MAIL_SIGN_IN_LIMIT, SIGN_IN_LIMIT } from '../limits/by-address.js'
import { FlowAnswer, proofOf } from '../tickets/schemas.js'
import type { MailSignIn } from './mail-sign-in.js'
import { LoginAnswer, MailSignInBody, MailSignInConfirmBody } from './schemas.js'

export interface MailSignInRoutesOptions {
  readonly mailSignIn: Late<MailSignIn>
  /** Keeps the flow of a browser that asks. */
  readonly flow: Late<MailFlow>
  readonly resources: Resources
}

/** Signing in with a link or a code that a mail brings. */
const mailSignInRoutes: FastifyPluginAsyncTypebox<MailSignInRoutesOptions> = async (
  app,
  { mailSignIn, flow: kept, resources },
) => {
  app.post(
    '/api/auth/login/email',
    {
      config: { rateLimit: { groupId: MAIL_SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Ask for a mail to sign in with',
        description:
          'The answer is the same in the same time, whether or not there is an account. The mail has a link, good for 30 minutes, and a code, good for ten; both work only with the `flow`. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.',
        security: [],
        body: MailSignInBody,
        response: { 202: FlowAnswer, ...problems(400, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { email, useCookies = false } = request.body
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const asked = await mailSignIn.ask(callerOf(request), email)
      if (useCookies) await kept.keep(request, reply, asked, { email })
      return reply.code(202).send({ flow: asked.flow })
    },
  )

  app.post(
    '/api/auth/login/email/confirm',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in with the link or the code of a mail',
        description:
          'Both work only with the `flow` of the request for the mail; for a link it may be in the cookie that `useCookies` set there. An account that has never proved its address may be a stranger’s: `ACCOUNT_UNPROVED` says so, unless its owner has signed in in this browser before, or the mail was sent after a right password. `startOver` then makes the account the mailbox owner’s, and removes all that is in it. Five codes are compared for each `flow`, ten wrong ones for each account in a day; links go on working.',
        security: [],
        body: MailSignInConfirmBody,
        response: { 200: LoginAnswer, ...problems(400, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { startOver, useCookies = false, keepSignedIn, ticket, code } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const { flow = (await kept.read(request))?.flow } = request.body
      const transport = useCookies ? 'cookies' : 'body'
      const proof = proofOf({ ticket, code, flow })
      const wish = { transport, startOver, isShort: keepSignedIn === false } as const
      const grant = await mailSignIn.confirm(callerOf(request), proof, wish)
      const { user } = grant
      return {
        ...(await reply.deliverTokens(grant, transport, resource)),
        user: { id: user.id, email: user.email, role: user.role },
      }
    },
  )
}

export default mailSignInRoutes
