import type { Return } from '../../users/addresses/addresses.js'
import { READDRESS_COOKIE } from '../../http/cookies.js'
import { Problem } from '../../http/problem.js'
import { SealedCookie } from '../../http/sealed-cookie.js'
import type { PagesOptions } from './options.js'

/** Longer than anyone takes to type an address. */
const TICKET_SECONDS = 600

/**
 * Lets the browser that has proved the former address and password of an account give it another address. It opens
 * nothing else, and nothing once the account has an address.
 */
export const returnTicket = ({
  ticketKeys: keys,
  clock,
}: Pick<PagesOptions, 'ticketKeys' | 'clock'>): SealedCookie<Return> =>
  new SealedCookie({
    name: READDRESS_COOKIE,
    type: 'latchkey-readdress+jwe',
    label: 'latchkey/readdress',
    seconds: TICKET_SECONDS,
    keys,
    clock,
  })

/** The account whose former address and password a refused sign-in has proved. */
export function formerUserOf(error: unknown): string | undefined {
  const cause = error instanceof Problem ? error.extras.cause : undefined
  const { reason, userId } = (cause ?? {}) as { readonly reason?: string; readonly userId?: string }
  return reason === 'address_freed' ? userId : undefined
}
