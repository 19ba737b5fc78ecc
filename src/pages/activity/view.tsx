import type { ListedEntry } from '../../audit/listed.js'
import { AccountPage, type AccountPageProps, Back, Time } from '../kit/account-page.js'
import { isTextKey } from '../kit/context.js'
import type { View } from '../kit/view.js'
import { deviceName } from '../sessions/view.js'
import type { TextKey } from '../texts/en.js'

export interface ActivityProps extends AccountPageProps {
  /** The newest first. */
  readonly entries: readonly Entry[]
  /** The page of what is older, if there is more. */
  readonly older: string | undefined
  /** Whose it is, where an administrator looks. */
  readonly user?: { readonly id: string; readonly path: string }
}

/** An administrator sees who it was. */
type Entry = ListedEntry & { readonly actorId?: string | null }

/** What happened in an account, as a plain list. */
export function Activity(props: ActivityProps) {
  const { view, entries, older, user } = props
  const { text } = view.language
  return (
    <AccountPage
      {...props}
      tab={user ? 'users' : 'activity'}
      title={text('activity.title')}
      about={user ? text('activity.of', { id: user.id }) : text('activity.about')}
      before={user && <Back href={user.path}>{text('activity.back')}</Back>}
    >
      <section class="card" aria-label={text('activity.title')}>
        {entries.length === 0 ? (
          <p class="quiet">{text('activity.none')}</p>
        ) : (
          <ul class="rows">
            {entries.map((entry) => (
              <Row view={view} entry={entry} />
            ))}
          </ul>
        )}
      </section>
      {older !== undefined && (
        <p>
          <a href={older}>{text('activity.older')}</a>
        </p>
      )}
    </AccountPage>
  )
}

function Row({ view, entry }: { readonly view: View; readonly entry: Entry }) {
  const { text, number } = view.language
  const { at, actor, actorId, times, ip, userAgent } = entry
  const where = [
    ...(actor === 'self' ? [] : [text(`activity.by.${actor}`)]),
    ...(actorId == null ? [] : [actorId]),
    ...(userAgent === null ? [] : [deviceName(view.language, userAgent)]),
    ...(ip === null ? [] : [ip]),
  ]
  return (
    <li>
      <div class="body">
        <p class="title">
          {text(sentenceOf(entry))}
          {times > 1 && (
            <span class="badge">{text('activity.times', { count: number(times) })}</span>
          )}
        </p>
        <p class="quiet small">
          <Time view={view} at={new Date(at)} />
          {where.map((each) => ` · ${each}`)}
        </p>
      </div>
    </li>
  )
}

/** What administrators do has a sentence for each act. */
function sentenceOf({ event, details }: Entry): TextKey {
  const act = `activity.act.${String(details.action)}.${String(details.to)}`
  const keys = [act, `activity.act.${String(details.action)}`, `activity.${event}`]
  return keys.find(isTextKey) ?? 'activity.other'
}
