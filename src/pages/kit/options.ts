import type { Resources } from '../../access-tokens/resources.js'
import type { VerificationKeys } from '../../access-tokens/verifier.js'
import type { TrailDesk } from '../../audit/desk.js'
import type { KeyDesk } from '../../api-keys/desk.js'
import type { UsageRecorder } from '../../api-keys/usage.js'
import type { FactorDesk } from '../../factors/desk.js'
import type { Passkeys } from '../../factors/passkeys/passkeys.js'
import type { TrustedDevices } from '../../factors/trusted-devices.js'
import type { SecretKeyRing } from '../../keyring/secret-ring.js'
import type { FactorsRemovals } from '../../factors/removals.js'
import type { InvitationDesk } from '../../administration/invitation-desk.js'
import type { InvitationAcceptance } from '../../sign-in/invitation-acceptance.js'
import type { ManagedUsers } from '../../administration/managed-users.js'
import type { People } from '../../administration/people.js'
import type { Authorization } from '../../oauth/authorization/authorization.js'
import type { ClientDesk } from '../../oauth/clients/desk.js'
import type { Clients } from '../../oauth/clients/clients.js'
import type { Consents } from '../../oauth/consents.js'
import type { PersonalDataDesk } from '../../personal-data/desk.js'
import type { Clock } from '../../lib/clock.js'
import type { AddressLimits } from '../../limits/by-address.js'
import type { CurrentSession } from '../../sessions/current.js'
import type { Sessions } from '../../sessions/sessions.js'
import type { Accounts } from '../../sign-in/accounts.js'
import type { MailSignIn } from '../../sign-in/mail-sign-in.js'
import type { AddressChange } from '../../sign-in/address-change.js'
import type { AddressUndo } from '../../sign-in/address-undo.js'
import type { ForcedEnrolment } from '../../sign-in/forced-enrolment.js'
import type { PasskeySignIn } from '../../sign-in/passkey-sign-in.js'
import type { PasswordReset } from '../../sign-in/password-reset.js'
import type { Registrations } from '../../sign-in/registrations.js'
import type { SignIn } from '../../sign-in/sign-in.js'
import type { SecondStep } from '../../sign-in/second-step.js'
import type { StepUp } from '../../sign-in/step-up.js'
import type { Verification } from '../../sign-in/verification.js'
import type { Freeing } from '../../social/freeing.js'
import type { Users } from '../../users/users.js'
import type { Brand } from './brand.js'

/** What the handlers of pages work with: the same as the JSON routes. */
export interface PageServices {
  readonly users: Users
  readonly sessions: Sessions
  readonly current: CurrentSession
  readonly signIn: SignIn
  readonly accounts: Accounts
  readonly passwordReset: PasswordReset
  readonly mailSignIn: MailSignIn
  readonly registrations: Registrations
  readonly verification: Verification
  readonly addressChange: AddressChange
  readonly addressUndo: AddressUndo
  readonly managedUsers: ManagedUsers
  readonly personalData: PersonalDataDesk
  readonly people: People
  readonly invitationDesk: InvitationDesk
  readonly invitationAcceptance: InvitationAcceptance
  readonly trailDesk: TrailDesk
  readonly factorsRemovals: FactorsRemovals
  /** Missing where no provider is configured. */
  readonly freeing: Freeing | undefined
  readonly addressLimits: AddressLimits
  readonly factorDesk: FactorDesk
  readonly passkeys: Passkeys
  readonly passkeySignIn: PasskeySignIn
  readonly secondStep: SecondStep
  readonly forcedEnrolment: ForcedEnrolment
  readonly stepUp: StepUp
  readonly trustedDevices: TrustedDevices
  readonly authorization: Authorization
  readonly consents: Consents
  readonly clients: Clients
  readonly clientDesk: ClientDesk
  readonly keyRing: VerificationKeys
  readonly resources: Resources
  readonly keyDesk: KeyDesk
  readonly keyUsage: UsageRecorder
}

export interface PagesOptions {
  /** Loads them, those that no start reads included. */
  readonly services: () => Promise<PageServices>
  readonly current: CurrentSession
  readonly issuer: string
  readonly ticketKeys: SecretKeyRing
  /** Other origins that a sign-in may end at. */
  readonly returnOrigins: readonly string[]
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  /** Whether people can have passkeys. */
  readonly hasPasskeys: boolean
  readonly brand: Brand
  readonly clock: Clock
}

/** What the query of a page may say; each once. */
export interface Query {
  /** A code of what went wrong, and of what was done, on the way here. */
  readonly error?: string
  readonly done?: string
  /** Where a sign-in should end. */
  readonly returnTo?: string
  /** `no` on a computer that others use. */
  readonly keepSignedIn?: string
}
