import type { FastifyReply, FastifyRequest } from 'fastify'

import { MAIL_FLOW_COOKIE } from '../http/cookies.js'
import { SealedCookie, type SealingKeys } from '../http/sealed-cookie.js'
import { LINK_MS } from '../tickets/lifetimes.js'
import type { MailTicketKind } from '../tickets/mail-secrets.js'
import type { Clock } from '../lib/clock.js'
import type { AskedMail } from './requests.js'

/** What a browser has asked for last. */
export interface KeptFlow {
  readonly flow: string
  /** The address as it was typed, to be shown again. */
  readonly email: string
  /** Where a sign-in should end. */
  readonly returnTo?: string | undefined
  /** Of a sign-in on a computer that others use. */
  readonly isShort?: boolean | undefined
  /** What was presented already, while its person is asked whether they mean what follows. */
  readonly presented?: { readonly ticket?: string; readonly code?: string } | undefined
}

interface MailFlowOptions {
  readonly ticketKeys: SealingKeys
  readonly clock: Clock
}

/** The flow of the mail of one kind that a browser has asked for: its code is good there and nowhere else. */
export class MailFlow {
  readonly #cookie: SealedCookie<KeptFlow>

  constructor(kind: MailTicketKind, { ticketKeys: keys, clock }: MailFlowOptions) {
    this.#cookie = new SealedCookie({
      name: `${MAIL_FLOW_COOKIE}_${kind}`,
      type: 'latchkey-mail-flow+jwe',
      label: `latchkey/mail-flow/${kind}`,
      seconds: LINK_MS[kind] / 1000,
      keys,
      clock,
    })
  }

  /**
   * Keeps a new flow. Where the address gets no more mails for now, the one before stays good; only how long its
   * sign-in lasts is chosen again.
   */
  async keep(
    request: FastifyRequest,
    reply: FastifyReply,
    { flow, isLimited }: AskedMail,
    asking: Pick<KeptFlow, 'email' | 'returnTo' | 'isShort'>,
  ): Promise<void> {
    const before = isLimited ? await this.read(request) : undefined
    const isSame = before?.email === asking.email
    const kept = isSame ? { ...before, isShort: asking.isShort } : { flow, ...asking }
    await this.#cookie.write(reply, kept)
  }

  /** Keeps what was presented, so that it need not be in the page that asks. */
  async present(
    reply: FastifyReply,
    { flow, email, returnTo, isShort }: KeptFlow,
    presented: KeptFlow['presented'],
  ): Promise<void> {
    await this.#cookie.write(reply, { flow, email, returnTo, isShort, presented })
  }

  read(request: FastifyRequest): Promise<KeptFlow | undefined> {
    return this.#cookie.read(request)
  }

  drop(reply: FastifyReply): void {
    this.#cookie.drop(reply)
  }
}
