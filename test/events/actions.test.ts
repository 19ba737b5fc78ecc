import t, { type Test } from 'tap'
import { CATALOGUE, type EventName } from '../../src/events/catalogue.js'
import { describedService } from '../support/described-service.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { runAdmin } from '../support/process.js'
import { withRoutes } from '../support/routes.js'

/**
 * What an action leaves in the audit trail; or, in a sentence, why it leaves nothing. What the service does without a caller
 * is in `jobs.test.ts`.
 */
type Left = readonly EventName[] | string

const MAIL_ONLY = 'asks for a mail, and changes no account before its link or code is used'
const CEREMONY = 'hands out a challenge'
const READS = 'reads'
const LOGIN: Left = ['authn_login_success', 'authn_password_change', 'authn_login_fail']
const MAILED: Left = [
  'authn_login_success',
  'address_verified',
  'account_taken_over',
  'authn_code_fail',
]
const FACTOR: Left = [
  ...['authn_login_success', 'authn_recovery_code_used', 'authn_factor_fail'],
  ...['authn_passkey_suspension_lifted', 'authn_device_trusted', 'authn_factors_removed'],
] as EventName[]
const STEP_UP: Left = ['authn_step_up', 'authn_recovery_code_used', 'authn_factor_fail']
const PASSWORD: Left = [
  ...['authn_password_change', 'authn_password_change_fail', 'identity_suspended'],
  ...['authn_passkeys_suspended', 'api_key_suspended', 'client_suspended'],
] as EventName[]
const RESET: Left = ['authn_password_reset', 'account_taken_over', 'sensitive_delete']
const VERIFY: Left = ['address_verified', 'user_created']
const ADMIN: Left = ['authz_admin']
const ENROLLED: Left = ['authn_factor_added', 'authn_login_success']
const UNDO: Left = ['address_change_undone', 'identity_suspended', 'authn_factor_removed']
const KEY: Left = ['sensitive_update', 'api_key_suspension_lifted']
const CLIENT: Left = ['client_changed', 'client_suspension_lifted']
const REMOVAL: Left = ['authz_admin', 'authn_factors_removed']

/** Every route that is not read by GET. */
const ROUTES: Readonly<Record<string, Left>> = {
  'POST /api/auth/register': ['user_created'],
  'POST /api/auth/login': LOGIN,
  'POST /api/auth/password': PASSWORD,
  'POST /api/auth/password/check': READS,
  'POST /api/auth/password/forgot': MAIL_ONLY,
  'POST /api/auth/password/reset': RESET,
  'POST /api/auth/login/email': MAIL_ONLY,
  'POST /api/auth/login/email/confirm': MAILED,
  'POST /api/auth/email/verification': MAIL_ONLY,
  'POST /api/auth/email/verification/confirm': VERIFY,
  'POST /api/auth/email/verification/disown': ['account_taken_over'],
  'POST /api/auth/email': MAIL_ONLY,
  'POST /api/auth/email/confirm': ['address_changed'],
  'POST /api/auth/email/undo': UNDO,
  'POST /api/admin/users/find': READS,
  'POST /api/admin/users/search': READS,
  'POST /api/admin/users/invite': ADMIN,
  'POST /api/admin/invitations/resend': ADMIN,
  'POST /api/admin/invitations/withdraw': ADMIN,
  'POST /api/auth/invitation/accept': ['invitation_accepted', 'user_created'],
  'PATCH /api/admin/users/:id': ADMIN,
  'PATCH /api/admin/users/:id/identities/:identityId': ADMIN,
  'POST /api/admin/users/:id/password-reset': ADMIN,
  'POST /api/admin/users/:id/verify-address': ADMIN,
  'POST /api/admin/users/:id/release-address': ADMIN,
  'DELETE /api/admin/users/:id': ADMIN,
  'DELETE /api/admin/users/:id/sessions': ADMIN,
  'POST /api/admin/users/:id/factors-removal': ADMIN,
  'POST /api/admin/users/:id/factors-removal/confirm': REMOVAL,
  'DELETE /api/admin/users/:id/factors-removal': ADMIN,
  'POST /api/admin/users/:id/factors/unlock': ADMIN,
  'POST /api/admin/clients': ['client_registered'],
  'PATCH /api/admin/clients/:id': CLIENT,
  'POST /api/admin/clients/:id/secret': ['client_secret_rotated'],
  'DELETE /api/admin/clients/:id': ['client_removed'],
  'POST /api/auth/refresh': ['authn_token_reuse'],
  'POST /api/auth/logout': ['authn_logout'],
  'DELETE /api/auth/sessions/:id': ['authn_session_ended'],
  'DELETE /api/auth/sessions': ['authn_sessions_ended'],
  'POST /api/auth/factors/totp': 'makes a secret that counts for nothing before it is confirmed',
  'POST /api/auth/factors/totp/confirm': ['authn_factor_added'],
  'DELETE /api/auth/factors/totp': ['authn_factor_removed'],
  'POST /api/auth/factors/recovery-codes': ['authn_recovery_codes_replaced'],
  'DELETE /api/auth/devices/:id': ['authn_device_ended'],
  'POST /api/auth/login/factor': FACTOR,
  'POST /api/auth/step-up': 'hands out a ticket',
  'POST /api/auth/login/enrolment/totp': 'as POST /api/auth/factors/totp',
  'POST /api/auth/login/enrolment/totp/confirm': ENROLLED,
  'POST /api/auth/login/enrolment/passkeys/options': CEREMONY,
  'POST /api/auth/login/enrolment/passkeys': ENROLLED,
  'POST /api/auth/passkeys/options': CEREMONY,
  'POST /api/auth/passkeys': ['authn_factor_added'],
  'PATCH /api/auth/passkeys/:id': ['authn_passkey_renamed'],
  'DELETE /api/auth/passkeys/:id': ['authn_factor_removed'],
  'POST /api/auth/login/passkey/options': CEREMONY,
  'POST /api/auth/login/passkey': ['authn_login_success', 'authn_factor_fail'],
  'POST /api/auth/factors/removal/cancel': ['authn_factors_removal_cancelled'],
  'DELETE /api/account': ['account_erased'],
  'PATCH /api/profile': ['name_changed'],
  'PATCH /api/auth/identities/:id': ['identity_suspension_lifted'],
  'DELETE /api/auth/identities/:id': ['identity_unlinked'],
  'POST /api/apikeys/generate': ['sensitive_create'],
  'PATCH /api/apikeys/:id': KEY,
  'DELETE /api/apikeys/:id': ['sensitive_delete'],
  'POST /api/apikeys/:id/rotate': ['sensitive_rotate'],
  'POST /api/apikeys/leaked': ['sensitive_leak'],
  'POST /oauth/token': ['authn_app_login', 'authn_token_reuse'],
  'POST /oauth/revoke': ['authn_token_revoked'],
  'POST /oauth/introspect': READS,
  'POST /oauth/userinfo': READS,
  'DELETE /api/auth/consents/:clientId': ['consent_withdrawn'],
  'POST /oauth/authorize': 'leads to a page that asks',
  'POST /oauth/par': 'keeps a request for a minute',
  'POST /login': LOGIN,
  'POST /login/passkey': ['authn_login_success', 'authn_factor_fail'],
  'POST /login/address': READS,
  'POST /register': ['user_created', 'authn_login_success'],
  'POST /logout': ['authn_logout'],
  'POST /login/email': MAIL_ONLY,
  'POST /login/email/confirm': MAILED,
  'POST /login/factor': FACTOR,
  'POST /login/enrolment/totp': 'as POST /api/auth/factors/totp',
  'POST /login/enrolment/totp/confirm': ENROLLED,
  'POST /login/enrolment/passkeys/options': CEREMONY,
  'POST /login/enrolment/passkeys': ENROLLED,
  'POST /step-up': STEP_UP,
  'POST /consent': ['consent_given'],
  'POST /oauth/logout': ['authn_logout'],
  'POST /forgot': MAIL_ONLY,
  'POST /reset': RESET,
  'POST /login/free': ['address_freed', 'user_created', 'authn_login_success'],
  'POST /login/readdress': ['address_changed'],
  'POST /invitation': ['invitation_accepted', 'user_created'],
  'POST /dashboard/invitations': ADMIN,
  'POST /dashboard/invitations/resend': ADMIN,
  'POST /dashboard/invitations/withdraw': ADMIN,
  'POST /dashboard/delete': ['account_erased'],
  'POST /dashboard/name': ['name_changed'],
  'POST /dashboard/password': PASSWORD,
  'POST /dashboard/identities/:id/unlink': ['identity_unlinked'],
  'POST /dashboard/identities/:id/enable': ['identity_suspension_lifted'],
  'POST /account/factors/not-now': 'puts off an offer',
  'POST /account/factors/totp': 'as POST /api/auth/factors/totp',
  'POST /account/factors/totp/confirm': ['authn_factor_added'],
  'POST /account/factors/totp/remove': ['authn_factor_removed'],
  'POST /account/factors/recovery-codes': ['authn_recovery_codes_replaced'],
  'POST /account/factors/passkeys': ['authn_factor_added'],
  'POST /account/factors/passkeys/:id/rename': ['authn_passkey_renamed'],
  'POST /account/factors/passkeys/:id/remove': ['authn_factor_removed'],
  'POST /account/factors/devices/:id/end': ['authn_device_ended'],
  'POST /account/apps/withdraw': ['consent_withdrawn'],
  'POST /dashboard/sessions/end': ['authn_sessions_ended'],
  'POST /dashboard/sessions/:id/end': ['authn_session_ended'],
  'POST /dashboard/keys': ['sensitive_create'],
  'POST /dashboard/keys/:id': KEY,
  'POST /dashboard/keys/:id/rotate': ['sensitive_rotate'],
  'POST /dashboard/keys/:id/disable': KEY,
  'POST /dashboard/keys/:id/enable': KEY,
  'POST /dashboard/keys/:id/delete': ['sensitive_delete'],
  'POST /dashboard/apps': ['client_registered'],
  'POST /dashboard/apps/:id': CLIENT,
  'POST /dashboard/apps/:id/rotate': ['client_secret_rotated'],
  'POST /dashboard/apps/:id/enable': CLIENT,
  'POST /dashboard/apps/:id/remove': ['client_removed'],
  'POST /dashboard/users': READS,
  'POST /dashboard/users/:id/disable': ADMIN,
  'POST /dashboard/users/:id/enable': ADMIN,
  'POST /dashboard/users/:id/promote': ADMIN,
  'POST /dashboard/users/:id/demote': ADMIN,
  'POST /dashboard/users/:id/password-reset': ADMIN,
  'POST /dashboard/users/:id/verify-address': ADMIN,
  'POST /dashboard/users/:id/release-address': ADMIN,
  'POST /dashboard/users/:id/delete': ADMIN,
  'POST /dashboard/users/:id/factors-removal': ADMIN,
  'POST /dashboard/users/:id/factors-removal/confirm': REMOVAL,
  'POST /dashboard/users/:id/factors-removal/take-back': ADMIN,
  'POST /dashboard/users/:id/factors-unlock': ADMIN,
  'POST /dashboard/users/:id/end-sessions': ADMIN,
  'POST /verify': VERIFY,
  'POST /verify/disown': ['account_taken_over'],
  'POST /dashboard/verification': MAIL_ONLY,
  'POST /dashboard/email': MAIL_ONLY,
  'POST /dashboard/email/confirm': ['address_changed'],
  'POST /undo': UNDO,
  'POST /keep-factors': ['authn_factors_removal_cancelled'],
}

/** Routes that a browser opens, and that change something. */
const OPENED: Readonly<Record<string, Left>> = {
  'GET /api/auth/acme/callback': [
    ...['user_created', 'identity_linked', 'authn_login_success', 'address_freed'],
  ] as EventName[],
}

const COMMANDS: Readonly<Record<string, Left>> = {
  create: ADMIN,
  show: READS,
  list: READS,
  find: READS,
  sessions: READS,
  export: READS,
  reindex: 'puts accounts into the lists, and changes none',
  import: ADMIN,
  invite: ADMIN,
  invitations: READS,
  withdraw: ADMIN,
  promote: ADMIN,
  demote: ADMIN,
  disable: ADMIN,
  enable: ADMIN,
  'end-sessions': ADMIN,
  delete: ADMIN,
  'release-address': ADMIN,
  'verify-address': ADMIN,
  reset: ADMIN,
  readdress: ADMIN,
  events: READS,
  'after-restore': [...(['authz_admin', 'client_removed', 'client_suspended'] as const)],
  'factors show': READS,
  'factors remove': ADMIN,
  'factors unlock': ADMIN,
  'keys replace-now': 'changes no table: the log says it, and each sign-in that follows',
  'keys reseal': 'writes the same secrets under another key',
  replay: 'changes no item',
  'tables adopt': 'changes no item',
  'tables restore': 'copies tables',
  'clients list': READS,
  'clients add': ['client_registered'],
  'clients change': ['client_changed'],
  'clients rotate-secret': ['client_secret_rotated'],
  'clients remove': ['client_removed'],
}

const isRead = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method)

t.test(
  'every action of the service leaves security events in the trail, or says why not',
  async (t) => {
    const { app, routes } = await withRoutes(() => describedService(optionalRoutes()))
    await app.close()
    const names = routes.map(({ method, url }) => `${method} ${url}`)
    const changing = routes.filter(({ method }) => !isRead(method))
    t.same(
      changing.map(({ method, url }) => `${method} ${url}`).sort(),
      Object.keys(ROUTES).sort(),
      'a new route is to be listed here',
    )
    for (const opened of Object.keys(OPENED)) t.ok(names.includes(opened), opened)
  },
)

t.test('every command leaves security events in the trail, or says why not', async (t) => {
  t.same((await commands(t)).sort(), Object.keys(COMMANDS).sort(), 'a new one is to be listed here')
})

t.test('the security events that an action leaves are kept', async (t) => {
  const left = [ROUTES, OPENED, COMMANDS].flatMap((actions) => Object.values(actions))
  const events = new Set(left.flatMap((each) => (typeof each === 'string' ? [] : each)))
  for (const event of events) t.not(CATALOGUE[event].kept, 'log', event)
  const kept = Object.entries(CATALOGUE).filter(([, { kept }]) => kept !== 'log')
  t.same(
    kept.map(([event]) => event).sort(),
    [...events].sort(),
    'and nothing is kept that no action leaves',
  )
})

/** The commands as the help lists them. */
async function commands(t: Test): Promise<string[]> {
  const help = async (...group: string[]) => {
    const { stdout } = await runAdmin(t, [...group, '--help'])
    const [, list = ''] = stdout.split('Commands:')
    return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name)
  }
  const groups = ['factors', 'keys', 'clients', 'tables']
  const own = (await help()).filter((name) => name !== 'help' && !groups.includes(name))
  const grouped = groups.map(async (group) =>
    (await help(group)).filter((name) => name !== 'help').map((name) => `${group} ${name}`),
  )
  return [...own, ...(await Promise.all(grouped)).flat()]
}
