import type { Language } from '../kit/language.js'
import { parseAgent } from '../../lib/user-agent.js'
import { AccountPage, type AccountPageProps, TimeSentence } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { Picture } from '../kit/picture.js'

export interface SessionRow {
  readonly sessionId: string
  readonly current: boolean
  readonly createdAt: number
  /** To the day, as the time of the replay is. */
  readonly lastUsedAt: number
  /** The app whose session it is. */
  readonly app?: { readonly name: string } | undefined
  readonly userAgent?: string | undefined
  readonly ip: string
  /** Another client has presented a token of this session. */
  readonly replay?:
    { readonly at: number; readonly ip: string; readonly userAgent?: string } | undefined
}

export interface SessionsProps extends AccountPageProps {
  readonly sessions: readonly SessionRow[]
  /** How many more there are, all of them used longer ago. */
  readonly more: number
}

export function Sessions(props: SessionsProps) {
  const { view, sessions, more } = props
  const { text, number } = view.language
  return (
    <AccountPage
      {...props}
      tab="sessions"
      title={text('sessions.title')}
      about={text('sessions.about')}
    >
      <section class="card" aria-label={text('sessions.title')}>
        <ul class="rows">
          {sessions.map((session) => (
            <Row view={view} session={session} />
          ))}
        </ul>
        {more > 0 && <p class="quiet small">{text('sessions.more', { count: number(more) })}</p>}
      </section>
      <div class="actions">
        <Confirm
          label={text('sessions.endAll')}
          about={text('sessions.endAll.about')}
          action="/dashboard/sessions/end"
          submit={text('sessions.endAll')}
        />
      </div>
    </AccountPage>
  )
}

function Row({ view, session }: Pick<SessionsProps, 'view'> & { readonly session: SessionRow }) {
  const { text, day } = view.language
  const { sessionId, current, app, ip, userAgent = '', lastUsedAt, createdAt, replay } = session
  const device = deviceName(view.language, userAgent)
  return (
    <li>
      <span class="picture" aria-hidden="true">
        {parseAgent(userAgent).isMobile ? <Phone /> : <Computer />}
      </span>
      <div class="body">
        <p class="title">
          <span title={userAgent}>{device}</span>
          {app && <span class="badge">{app.name}</span>}
          {current && <span class="badge good">{text('sessions.current')}</span>}
        </p>
        <p class="quiet small">
          {ip} · {text('sessions.used', { date: day(new Date(lastUsedAt)) })} ·{' '}
          <TimeSentence view={view} sentence="sessions.began" at={new Date(createdAt)} />
        </p>
        {replay && (
          <p class="notice bad small">
            {text('sessions.replayed', {
              device: deviceName(view.language, replay.userAgent ?? ''),
              address: replay.ip,
              date: day(new Date(replay.at)),
            })}
          </p>
        )}
      </div>
      <form method="post" action={`/dashboard/sessions/${sessionId}/end`}>
        <button
          class="button compact"
          aria-label={text('sessions.endWhich', { device: app?.name ?? device, address: ip })}
        >
          {text('sessions.end')}
        </button>
      </form>
    </li>
  )
}

export function deviceName({ text }: Language, userAgent: string): string {
  const { browser, system } = parseAgent(userAgent)
  if (browser !== undefined && system !== undefined) {
    return text('sessions.device', { browser, system })
  }
  return browser ?? system ?? text('sessions.device.unknown')
}

function Computer() {
  return (
    <Picture>
      <rect x="3" y="4" width="16" height="11" rx="1.5" />
      <path d="M1.5 18.25h19" stroke-linecap="round" />
    </Picture>
  )
}

function Phone() {
  return (
    <Picture>
      <rect x="6" y="2" width="10" height="18" rx="2" />
      <path d="M10 17h2" stroke-linecap="round" />
    </Picture>
  )
}
