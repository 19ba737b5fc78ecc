import type { Trail } from '../../src/events/trail.js'
import type { Grant, Sessions } from '../../src/sessions/sessions.js'
import type { User } from '../../src/users/user.js'

/** What opens a session. */
interface Opener {
  readonly services: { readonly sessions: Sessions; readonly trail: Trail }
  readonly app: { readonly log: Parameters<Sessions['open']>[1]['log'] }
}

interface From {
  readonly ip?: string
  readonly userAgent?: string
}

/** A session without a sign-in, for a test that needs many of them, or one of a user without a password. */
export function openSession<U extends User>(
  { services: { sessions, trail }, app }: Opener,
  user: U,
  { ip = '192.0.2.1', ...from }: From = {},
): Promise<Grant<U>> {
  const device = { ip, ...from, log: app.log }
  return sessions.open(user, device, {
    event: ({ userId, sessionId }) =>
      trail.part(device, 'authn_login_success', { userId, sessionId, method: 'password' }),
  })
}
