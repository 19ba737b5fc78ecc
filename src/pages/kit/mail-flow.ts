import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AskedMail } from '../../email/requests.js'
import { MAIL_FLOW_COOKIE } from '../../http/cookies.js'
import { SealedCookie } from '../../http/sealed-cookie.js'
import { LINK_MS } from '../../tickets/lifetimes.js'
import type { MailTicketKind } from '../../tickets/mail-secrets.js'
import type { PagesOptions } from './options.js'

/** What a browser has asked for last. */
export interface KeptFlow {
  readonly flow: string
  /** The address as it was typed, to be shown again. */
  readonly email: string
  /** Where a sign-in should end. */
  readonly returnTo?: string | undefined
}

/** The flow of the mail of one kind that a browser has asked for: its code is good there and nowhere else. */
export class MailFlow {
  readonly #cookie: SealedCookie<KeptFlow>

  constructor(
    kind: MailTicketKind,
    { ticketKeys: keys, clock }: Pick<PagesOptions, 'ticketKeys' | 'clock'>,
  ) {
    this.#cookie = new SealedCookie({
      name: `${MAIL_FLOW_COOKIE}_${kind}`,
      type: 'latchkey-mail-flow+jwe',
      label: `latchkey/mail-flow/${kind}`,
      seconds: LINK_MS[kind] / 1000,
      keys,
      clock,
    })
  }

  /** Keeps a new flow. Where the address gets no more mails for now, the one before stays good. */
  async keep(
    request: FastifyRequest,
    reply: FastifyReply,
    { flow, isLimited }: AskedMail,
    asking: Pick<KeptFlow, 'email' | 'returnTo'>,
  ): Promise<void> {
    const before = isLimited ? await this.read(request) : undefined
    if (before?.email !== asking.email) await this.#cookie.write(reply, { flow, ...asking })
  }

  read(request: FastifyRequest): Promise<KeptFlow | undefined> {
    return this.#cookie.read(request)
  }

  drop(reply: FastifyReply): void {
    this.#cookie.drop(reply)
  }
}
