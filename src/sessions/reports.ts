import { type EventLog, report } from '../events/report.js'
import { Problem } from '../http/problem.js'
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

/** A refresh token is no good: a log line that says whose, since a thief may hold its successor. */
export function reportRefusal(log: EventLog, error: unknown): void {
  const isConflict = error instanceof Problem && error.type.code === REFRESH_CONFLICT.code
  if (!isRefusal(error) && !isConflict) return
  const { type, extras } = error
  const { replay, ...whose } = (extras.cause ?? {}) as Partial<RefreshFailure>
  if (replay) reportReplay(log, { ...whose, replay })
  if (isConflict) return
  const isReuse = type.code === REFRESH_TOKEN_REUSED.code
  const event = isReuse ? 'authn_token_reuse' : 'authn_token_refresh_fail'
  report(log, event, { reason: type.code, ...whose })
}

/** A second party has presented the token of a rotation: its origin, and that of the rotation, as digests. */
export function reportReplay(
  log: EventLog,
  { replay, ...whose }: Partial<SessionRef> & { readonly replay: ReplayReport },
): void {
  report(log, 'authn_token_replay', { ...whose, ...replay })
}
