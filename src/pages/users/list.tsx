import type { Status } from '../../users/user.js'
import { Card } from '../kit/account-page.js'
import type { View } from '../kit/view.js'
import { StatusBadge } from './status-badge.js'

/** A user of a list. */
export interface ListedUser {
  readonly id: string
  readonly email?: string
  readonly name?: string
  readonly role: 'user' | 'admin'
  readonly status: Status
  /** ISO 8601. */
  readonly createdAt: string
}

/** One page of the list of all, or of what a search has found. */
export interface UserPage {
  readonly users: readonly ListedUser[]
  readonly cursor: string | null
  /** What was searched for; undefined in the list of all. */
  readonly query?: string | undefined
  readonly status?: Status | undefined
}

interface UserListProps {
  readonly view: View
  readonly page: UserPage
}

const STATUSES: readonly (Status | undefined)[] = [undefined, 'active', 'disabled']

export function UserList({ view, page }: UserListProps) {
  const { text } = view.language
  const { users, query } = page
  return (
    <Card id="list" title={text(query === undefined ? 'users.list' : 'users.found')}>
      {query === undefined && (
        <nav class="actions" aria-label={text('users.list')}>
          {STATUSES.map((status) => (
            <a href={pathOf({ status })} aria-current={status === page.status ? 'page' : undefined}>
              {text(status ? `users.${status}` : 'users.all')}
            </a>
          ))}
        </nav>
      )}
      {users.length === 0 ? (
        <p class="quiet">{text('users.none')}</p>
      ) : (
        <ul class="rows">
          {users.map((user) => (
            <Row view={view} user={user} />
          ))}
        </ul>
      )}
      <More view={view} page={page} />
    </Card>
  )
}

function Row({ view, user }: { readonly view: View; readonly user: ListedUser }) {
  const { text, day } = view.language
  const { id, email, name, role, status, createdAt } = user
  return (
    <li>
      <div class="body">
        <p class="title">
          <a href={`/dashboard/users/${id}`}>{email ?? name ?? text('email.none')}</a>
          {role === 'admin' && <span class="badge">{text('role.admin')}</span>}
          {status === 'disabled' && <StatusBadge view={view} status={status} />}
        </p>
        <p class="quiet small">
          {[
            ...(email !== undefined && name !== undefined ? [name] : []),
            day(new Date(createdAt)),
          ].join(' · ')}
        </p>
      </div>
    </li>
  )
}

/** An address is in no URL, and so the next page of a search is a form. */
function More({ view, page: { query, cursor, status } }: UserListProps) {
  const { text } = view.language
  if (cursor === null) return null
  if (query === undefined) {
    return (
      <p>
        <a href={pathOf({ status, cursor })}>{text('users.more')}</a>
      </p>
    )
  }
  return (
    <form method="post" action="/dashboard/users">
      <input type="hidden" name="query" value={query} />
      <input type="hidden" name="cursor" value={cursor} />
      <button class="button">{text('users.more')}</button>
    </form>
  )
}

function pathOf(wanted: {
  readonly status?: Status | undefined
  readonly cursor?: string
}): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given as [string, string][]).toString()
  return query === '' ? '/dashboard/users' : `/dashboard/users?${query}`
}
