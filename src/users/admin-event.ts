/** What an administrator does to a user. */
export interface AdminAct {
  readonly action:
    | 'find'
    | 'create'
    | 'role'
    | 'status'
    | 'end_sessions'
    | 'delete'
    | 'enable_identity'
    | 'release_address'
    | 'give_address'
  readonly targetId: string
  readonly from?: string
  readonly to?: string
  readonly identityId?: string
}

/**
 * The log line of it (OWASP Logging Vocabulary, `authz_admin`).
 * @param userId who did it: an administrator's id, or `command-line`.
 */
export const adminEvent = (userId: string, act: AdminAct) => ({
  event: 'authz_admin',
  userId,
  ...act,
})
