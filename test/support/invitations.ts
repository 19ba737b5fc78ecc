import { Invitations } from '../../src/administration/invitations.js'
import { Outbox } from '../../src/email/outbox.js'
import { systemRandom } from '../../src/lib/random.js'
import { TicketMaker } from '../../src/tickets/ticket-maker.js'
import { InvitationsStore } from '../../src/users/invitations/store.js'
import type { Role } from '../../src/users/user.js'
import { ACTING, administrationOf } from './administration.js'
import { MINUTE } from './clock.js'
import { newAdmin } from './keys.js'
import { lastMail, proveAddress } from './mail.js'
import { type Account, type Answer, newAccount, type Service } from './service.js'
import { recordSecret } from './transcript.js'

export const ACCEPT = '/api/auth/invitation/accept'

/** An administrator who invites. */
export interface Inviter {
  readonly id: string
  readonly account: Account
  /** A call below `/api/admin`, after a sign-in of the last ten minutes. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Invites an address, a new one where none is given. */
  invite(wanted?: { readonly email?: string; readonly role?: string }): Promise<Invited>
}

export interface Invited {
  readonly email: string
  /** What the link of the mail has. */
  readonly ticket: string
}

const TOKEN_AGE = 10 * MINUTE

export async function newInviter(service: Service): Promise<Inviter> {
  const { account, id } = await newAdmin(service)
  await proveAddress(service, id)
  let session = { token: '', until: -Infinity }
  const call: Inviter['call'] = async (method, path, body) => {
    if (service.clock() >= session.until) {
      const { accessToken } = await service.signIn(account)
      session = { token: accessToken, until: service.clock() + TOKEN_AGE }
    }
    return service.call(method, `/api/admin${path}`, { token: session.token, body })
  }
  return {
    id,
    account,
    call,
    async invite({ email = newAccount().email, role } = {}) {
      recordSecret('email', email)
      service.clock.advance(MINUTE)
      const answer = await call('POST', '/users/invite', { email, ...(role && { role }) })
      if (answer.status !== 201) throw new Error(`invite: ${answer.status} ${answer.text}`)
      const { secret: ticket } = await lastMail(service, email)
      return { email, ticket }
    },
  }
}

/** The same by the command line, which needs no session and reads no ticket key. */
export async function inviteByCommandLine(
  service: Service,
  { email = newAccount().email, role = 'user' }: { email?: string; role?: Role } = {},
): Promise<Invited> {
  const { services, config, clock } = service
  const { database, mailRequests: requests, users } = services
  const { tables, signUp } = config
  const making = { clock, random: systemRandom }
  const invitations = new Invitations({
    store: new InvitationsStore({ database, table: tables.events, clock }),
    ...{ users: users.store, administration: administrationOf(service), requests, signUp },
    tickets: new TicketMaker({ table: tables.tickets, ...making }),
    outbox: new Outbox({ table: tables.events, ...making }),
    ...making,
  })
  recordSecret('email', email)
  clock.advance(MINUTE)
  await invitations.invite(ACTING, { email, role }, [])
  const { secret: ticket } = await lastMail(service, email)
  return { email, ticket }
}
