import { type Command, Option } from 'commander'
import type { Acting } from '../administration/administration.js'
import { listedInvitation } from '../administration/invitation-desk.js'
import type { Invitations } from '../administration/invitations.js'
import type { AdminAct } from '../events/catalogue.js'
import type { Role } from '../users/user.js'

export interface InvitationCommands {
  readonly acting: Acting
  readonly withInvitations: (use: (invitations: Invitations) => Promise<void>) => Promise<void>
  /** @throws {LocalError} for an address that no account can have. */
  readonly assertEmail: (email: string) => void
  readonly log: (act: AdminAct) => void
  readonly look: (act: AdminAct) => void
}

/** `admin invite`, `invitations`, `withdraw`: by the same functions as over HTTP. */
export function addInvitationCommands(
  program: Command,
  { acting, withInvitations, assertEmail, log, look }: InvitationCommands,
): void {
  program
    .command('invite <email>')
    .description('invite a person by mail; once more, it sends another mail, and earlier links die')
    .addOption(
      new Option('--role <role>', 'of the account').choices(['user', 'admin']).default('user'),
    )
    .action((email: string, { role }: { role: Role }) => {
      assertEmail(email)
      return withInvitations(async (invitations) => {
        const invitation = await invitations.invite(acting, { email, role }, [])
        const { id: targetId, expiresAt } = invitation
        console.log(
          `${invitation.email} gets a mail with an invitation as ${role}, open until ${new Date(expiresAt).toISOString()}. The service sends it while it runs.`,
        )
        log({ action: 'invite', targetId, to: role })
      })
    })

  program
    .command('invitations')
    .description('print the open invitations, one JSON object a line')
    .action(() =>
      withInvitations(async (invitations) => {
        look({ action: 'list_invitations', targetId: undefined })
        let after: string | undefined
        do {
          const page = await invitations.list(after)
          for (const each of page.invitations) console.log(JSON.stringify(listedInvitation(each)))
          after = page.last
        } while (after !== undefined)
      }),
    )

  program
    .command('withdraw <email>')
    .description('withdraw an invitation')
    .action((email: string) =>
      withInvitations(async (invitations) => {
        const { id: targetId } = await invitations.withdraw(acting, email, [])
        console.log(`The invitation of ${email} is withdrawn.`)
        log({ action: 'withdraw_invitation', targetId })
      }),
    )
}
