import type { ListedInvitation } from '../../administration/invitation-desk.js'
import { AccountPage, type AccountPageProps, Card, Time } from '../kit/account-page.js'
import { EmailField } from '../kit/fields.js'
import { INVITATIONS } from '../kit/paths.js'
import type { FieldErrors, Values, View } from '../kit/view.js'

export interface InvitationsProps extends AccountPageProps {
  readonly invitations: readonly ListedInvitation[]
  readonly cursor: string | null
  /** Whether the service sends mail. */
  readonly hasMail: boolean
  readonly errors?: FieldErrors
  readonly values?: Values
}

export function Invitations(props: InvitationsProps) {
  const { view, invitations, cursor, hasMail, errors, values } = props
  const { text } = view.language
  return (
    <AccountPage
      {...props}
      tab="users"
      title={text('invitations.title')}
      about={text('invitations.page.about')}
    >
      {hasMail && <InviteForm view={view} errors={errors} values={values} />}
      <Card id="invitations" title={text('invitations.open')}>
        {invitations.length === 0 ? (
          <p class="quiet">{text('invitations.none')}</p>
        ) : (
          <ul class="rows">
            {invitations.map((invitation) => (
              <Row view={view} invitation={invitation} />
            ))}
          </ul>
        )}
        {cursor !== null && (
          <p>
            <a href={`${INVITATIONS}?cursor=${cursor}`}>{text('invitations.more')}</a>
          </p>
        )}
      </Card>
      <p>
        <a href="/dashboard/users">{text('users.title')}</a>
      </p>
    </AccountPage>
  )
}

interface InviteFormProps {
  readonly view: View
  readonly errors?: FieldErrors | undefined
  readonly values?: Values | undefined
}

/** Invites a person by mail. */
export function InviteForm({ view, errors = {}, values = {} }: InviteFormProps) {
  const { language } = view
  const { text } = language
  return (
    <Card id="invite" title={text('invitations.invite')}>
      <p>{text('invitations.about')}</p>
      <form method="post" action={INVITATIONS} class="stack">
        <EmailField
          language={language}
          autocomplete="off"
          value={values.email}
          error={errors.email}
        />
        <label class="check">
          <input type="checkbox" name="role" value="admin" checked={values.role === 'admin'} />
          {text('invitations.asAdmin')}
        </label>
        <div>
          <button class="button main">{text('invitations.submit')}</button>
        </div>
      </form>
    </Card>
  )
}

function Row({ view, invitation }: { readonly view: View; readonly invitation: ListedInvitation }) {
  const { text } = view.language
  const { email, role, expiresAt } = invitation
  return (
    <li>
      <div class="body">
        <p class="title">
          {email}
          {role === 'admin' && <span class="badge">{text('role.admin')}</span>}
        </p>
        <p class="quiet small">
          {text('invitations.until')} <Time view={view} at={new Date(expiresAt)} />
        </p>
      </div>
      <div class="actions">
        <Act view={view} email={email} act="resend" />
        <Act view={view} email={email} act="withdraw" />
      </div>
    </li>
  )
}

function Act({
  view,
  email,
  act,
}: {
  readonly view: View
  readonly email: string
  readonly act: 'resend' | 'withdraw'
}) {
  const { text } = view.language
  return (
    <form method="post" action={`${INVITATIONS}/${act}`}>
      <input type="hidden" name="email" value={email} />
      <button
        class={`button compact ${act === 'withdraw' ? 'danger' : ''}`}
        aria-label={text(`invitations.${act}.which`, { email })}
      >
        {text(`invitations.${act}`)}
      </button>
    </form>
  )
}
