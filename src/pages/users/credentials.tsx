import { Card, TimeSentence } from '../kit/account-page.js'
import type { View } from '../kit/view.js'
import { type KeyState, StateBadge } from '../keys/parts.js'
import { deviceName } from '../sessions/view.js'

export interface SessionOfUser {
  /** Milliseconds since the epoch; the last use to the day. */
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly app?: { readonly name: string } | undefined
  readonly userAgent?: string | undefined
  readonly ip: string
}

export interface KeyOfUser {
  readonly keyId: string
  readonly name: string
  readonly prefix: string
  readonly state: KeyState
}

/** What a user is signed in by, and what acts for them. */
export interface CredentialsOfUser {
  readonly sessions: readonly SessionOfUser[]
  readonly keys: readonly KeyOfUser[]
  /** ISO 8601. */
  readonly lastSignInAt: string | null
}

interface CredentialsProps extends CredentialsOfUser {
  readonly view: View
}

/** Far more than anyone uses; the JSON route has them all. */
const SHOWN = 20

export function Credentials({ view, sessions, keys }: CredentialsProps) {
  const { text, number } = view.language
  const more = sessions.length - SHOWN
  return (
    <>
      <Card id="sessions" title={text('users.sessions')}>
        {sessions.length === 0 ? (
          <p class="quiet">{text('users.sessions.none')}</p>
        ) : (
          <ul class="rows">
            {sessions.slice(0, SHOWN).map((session) => (
              <SessionRow view={view} session={session} />
            ))}
          </ul>
        )}
        {more > 0 && <p class="quiet small">{text('sessions.more', { count: number(more) })}</p>}
      </Card>
      <Card id="keys" title={text('users.keys')}>
        {keys.length === 0 ? (
          <p class="quiet">{text('users.keys.none')}</p>
        ) : (
          <ul class="rows">
            {keys.map((key) => (
              <KeyRow view={view} of={key} />
            ))}
          </ul>
        )}
      </Card>
    </>
  )
}

function SessionRow({ view, session }: { readonly view: View; readonly session: SessionOfUser }) {
  const { text, day } = view.language
  const { app, ip, userAgent = '', lastUsedAt, createdAt } = session
  return (
    <li>
      <div class="body">
        <p class="title">
          {deviceName(view.language, userAgent)}
          {app && <span class="badge">{app.name}</span>}
        </p>
        <p class="quiet small">
          {ip} · {text('sessions.used', { date: day(new Date(lastUsedAt)) })} ·{' '}
          <TimeSentence view={view} sentence="sessions.began" at={new Date(createdAt)} />
        </p>
      </div>
    </li>
  )
}

function KeyRow({ view, of: key }: { readonly view: View; readonly of: KeyOfUser }) {
  return (
    <li>
      <div class="body">
        <p class="title">
          <a href={`/dashboard/keys/${key.keyId}`}>{key.name}</a>
          <StateBadge view={view} state={key.state} />
        </p>
        <p class="quiet small">
          <code>{key.prefix}…</code>
        </p>
      </div>
    </li>
  )
}
