import type { AdminAct, TrailName } from '../events/catalogue.js'
import type { TrailItem } from '../events/trail.js'

/** What opens accounts or the service, and goes on doing so when the keys of tokens are replaced. */
export const MADE_KINDS = ['key', 'identity', 'factor', 'role', 'account', 'app'] as const
export type MadeKind = (typeof MADE_KINDS)[number]

const BY_EVENT: Readonly<Partial<Record<TrailName, MadeKind>>> = {
  sensitive_create: 'key',
  sensitive_update: 'key',
  sensitive_rotate: 'key',
  api_key_suspension_lifted: 'key',
  identity_linked: 'identity',
  identity_suspension_lifted: 'identity',
  authn_factor_added: 'factor',
  authn_recovery_codes_replaced: 'factor',
  authn_device_trusted: 'factor',
  authn_passkey_suspension_lifted: 'factor',
  address_changed: 'account',
  authn_password_change: 'account',
  authn_password_reset: 'account',
  invitation_accepted: 'role',
  client_registered: 'app',
  client_changed: 'app',
  client_secret_rotated: 'app',
  client_suspension_lifted: 'app',
}

/** What an administrator's token can do to others. Undefined for what only looks, or takes something away. */
const BY_ACT: Readonly<Record<AdminAct['action'], MadeKind | undefined>> = {
  find: undefined,
  find_events: undefined,
  find_keys: undefined,
  find_sessions: undefined,
  list: undefined,
  search: undefined,
  export: undefined,
  list_invitations: undefined,
  create: 'role',
  import: 'account',
  invite: 'role',
  resend_invitation: 'role',
  withdraw_invitation: undefined,
  role: 'role',
  status: 'account',
  release_address: 'account',
  give_address: 'account',
  verify_address: 'account',
  offer_password: 'account',
  begin_factors_removal: 'factor',
  confirm_factors_removal: 'factor',
  take_back_factors_removal: undefined,
  remove_factors: 'factor',
  unlock_factors: 'factor',
  enable_identity: 'identity',
  update_key: 'key',
  rotate_key: 'key',
  delete_key: undefined,
  end_sessions: undefined,
  delete: undefined,
  after_restore: undefined,
}

/** What such an item says was made, let in or opened; undefined for any other. */
export function madeKindOf({ event, facts = {} }: TrailItem): MadeKind | undefined {
  if (event !== 'authz_admin') return BY_EVENT[event as TrailName]
  if (facts.to === 'disabled' || (facts.action === 'role' && facts.to === 'user')) return undefined
  return BY_ACT[facts.action as AdminAct['action']]
}
