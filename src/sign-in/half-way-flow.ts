import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../email/mail-flow.js'
import { HALF_SIGN_IN_COOKIE } from '../http/cookies.js'
import { SealedCookie, type SealingKeys } from '../http/sealed-cookie.js'
import type { Clock } from '../lib/clock.js'
import {
  AddressUnproved,
  SecondFactorEnrolmentRequired,
  SecondFactorRequired,
} from '../users/errors.js'
import { HALF_SIGN_IN_MS, type HalfSignInKind } from './half-sign-ins.js'

/** A sign-in that a browser has begun, and goes on with by its ticket. */
export interface HalfWayFlow {
  readonly kind: HalfSignInKind
  readonly ticket: string
  /** Where the sign-in should end. */
  readonly returnTo?: string | undefined
}

/** Whose sign-in ended half-way. */
interface Beginner {
  /** The address as it was typed or proved; a mail that completes the sign-in goes to it. */
  readonly email?: string | undefined
  readonly returnTo?: string | undefined
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
}

interface HalfWayFlowsOptions {
  readonly ticketKeys: SealingKeys
  readonly clock: Clock
}

/** The pages that a sign-in goes on at. */
const MAIL_SIGN_IN_PAGE = '/login/email'
const PAGE_OF: Readonly<Record<HalfSignInKind, string>> = {
  'second-factor': '/login/factor',
  enrolment: '/login/enrolment',
}

/** Sign-ins that end half-way in a browser: what goes on with them is kept there, and never in a URL. */
export class HalfWayFlows {
  readonly #cookie: SealedCookie<HalfWayFlow>
  readonly #mails: MailFlow

  constructor({ ticketKeys: keys, clock }: HalfWayFlowsOptions) {
    this.#cookie = new SealedCookie({
      name: HALF_SIGN_IN_COOKIE,
      type: 'latchkey-half-way+jwe',
      label: 'latchkey/half-way',
      seconds: Math.max(...Object.values(HALF_SIGN_IN_MS)) / 1000,
      keys,
      clock,
    })
    this.#mails = new MailFlow('sign-in', { ticketKeys: keys, clock })
  }

  /**
   * Keeps a sign-in that was right so far.
   * @returns the page that goes on with it; undefined for any other failure.
   */
  async keep(
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
    { email, returnTo, isShort }: Beginner,
  ): Promise<string | undefined> {
    if (error instanceof SecondFactorRequired) {
      return this.#write(reply, { kind: 'second-factor', ticket: error.ticket, returnTo })
    }
    const isEnrolment = error instanceof SecondFactorEnrolmentRequired
    if (isEnrolment && 'ticket' in error.way) {
      return this.#write(reply, { kind: 'enrolment', ticket: error.way.ticket, returnTo })
    }
    const asked = mailOf(error)
    if (!asked || email === undefined) return undefined
    await this.#mails.keep(request, reply, asked, { email, returnTo, isShort })
    return isEnrolment ? `${MAIL_SIGN_IN_PAGE}?done=ENROLMENT_MAILED` : MAIL_SIGN_IN_PAGE
  }

  /** @returns undefined where this browser has none of that kind. */
  async read(request: FastifyRequest, kind: HalfSignInKind): Promise<HalfWayFlow | undefined> {
    const flow = await this.#cookie.read(request)
    return flow?.kind === kind ? flow : undefined
  }

  drop(reply: FastifyReply): void {
    this.#cookie.drop(reply)
  }

  async #write(reply: FastifyReply, flow: HalfWayFlow): Promise<string> {
    await this.#cookie.write(reply, flow)
    return PAGE_OF[flow.kind]
  }
}

/** The mail that completes the sign-in. */
function mailOf(error: unknown) {
  if (error instanceof AddressUnproved) return error.asked
  return error instanceof SecondFactorEnrolmentRequired && 'asked' in error.way
    ? error.way.asked
    : undefined
}
