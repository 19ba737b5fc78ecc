import { type EventLog, report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import { logExceeded, RATE_LIMITED } from '../limits/by-address.js'
import {
  REFRESH_CONFLICT,
  REFRESH_TOKEN_REUSED,
  type RefreshFailure,
  type ReplayReport,
  type SessionRef,
} from './errors.js'

/** Whether a failure says that a credential is no good, and not that we could not tell. */
export const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.type.status === 401

/** Whether a genuine token was one that is spent, and has ended its session. */
export const isReuse = (error: Problem): boolean => error.type.code === REFRESH_TOKEN_REUSED.code

/** A refresh token is no good: a log line that says whose, since a thief may hold its successor. */
export function reportRefusal({ log, route }: Pick<Caller, 'log' | 'route'>, error: unknown): void {
  if (error instanceof Problem && error.type.code === RATE_LIMITED.code) logExceeded({ log, route })
  const isConflict = error instanceof Problem && error.type.code === REFRESH_CONFLICT.code
  if (!isRefusal(error) && !isConflict) return
  const { type, extras } = error
  const { replay, ...whose } = (extras.cause ?? {}) as Partial<RefreshFailure>
  if (replay) reportReplay(log, { ...whose, replay })
  if (isConflict) return
  const event = isReuse(error) ? 'authn_token_reuse' : 'authn_token_refresh_fail'
  report(log, event, { reason: type.code, ...whose })
}

/** A second party has presented the token of a rotation: its origin, and that of the rotation, as digests. */
export function reportReplay(
  log: EventLog,
  { replay, ...whose }: Partial<SessionRef> & { readonly replay: ReplayReport },
): void {
  report(log, 'authn_token_replay', { ...whose, ...replay })
}
