import type { FieldErrors, Values } from '../kit/view.js'
import { AccountPage, type AccountPageProps, Address, Time } from '../kit/account-page.js'
import { InviteForm } from '../invitations/view.js'
import { INVITATIONS } from '../kit/paths.js'
import { Confirm } from '../kit/confirm.js'
import { Field } from '../kit/fields.js'
import type { Provider } from '../sign-in/view.js'
import { Credentials, type CredentialsOfUser } from './credentials.js'
import { UserList, type UserPage } from './list.js'
import { StatusBadge } from './status-badge.js'
import { LostFactors, type UserOfFactors } from './lost-factors.js'

/** A user as an administrator sees them. */
export interface ManagedUser extends UserOfFactors {
  readonly email?: string
  readonly emailVerified: boolean
  readonly name?: string | null
  readonly role: 'user' | 'admin'
  readonly status: 'active' | 'disabled'
  /** ISO 8601. */
  readonly createdAt: string
  readonly hasPassword: boolean
  /** Ids of the providers that they sign in with. */
  readonly providers: readonly string[]
}

export interface UsersProps extends AccountPageProps {
  readonly found?: ManagedUser | undefined
  /** What belongs to who was found. */
  readonly credentials?: CredentialsOfUser | undefined
  readonly page?: UserPage | undefined
  readonly providers: readonly Provider[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether the service sends mail. */
  readonly hasMail: boolean
  readonly errors?: FieldErrors
  readonly values?: Values
}

export function Users(props: UsersProps) {
  const { view, found, credentials, page, errors = {}, values = {} } = props
  const { language } = view
  const { text } = language
  return (
    <AccountPage {...props} tab="users" title={text('users.title')} about={text('users.about')}>
      <section class="card" aria-label={text('users.find')}>
        <form method="post" action="/dashboard/users" class="search">
          <Field
            language={language}
            name="query"
            label={text('field.query')}
            maxLength={254}
            autocomplete="off"
            value={values.query}
            error={errors.query}
            autofocus={!found && props.notice === undefined}
          />
          <button class="button main">{text('users.find')}</button>
        </form>
      </section>
      {page && <UserList view={view} page={page} />}
      {page && props.hasMail && <InviteForm view={view} />}
      {page && props.hasMail && (
        <p>
          <a href={INVITATIONS}>{text('invitations.open')}</a>
        </p>
      )}
      {found && <Found {...props} found={found} />}
      {credentials && <Credentials view={view} {...credentials} />}
    </AccountPage>
  )
}

interface FoundProps extends UsersProps {
  readonly found: ManagedUser
}

function Found(props: FoundProps) {
  const { view, owner, providers, found } = props
  const { lastSignInAt } = props.credentials ?? {}
  const { text, day } = view.language
  const { id, email, name, role, status, createdAt, emailVerified } = found
  const path = `/dashboard/users/${id}`
  return (
    <section class="card stack" aria-labelledby="found">
      <div class="head">
        <h2 id="found">{name ?? email ?? text('email.none')}</h2>
        <StatusBadge view={view} status={status} />
      </div>
      <dl class="facts">
        <dt>{text('field.email')}</dt>
        <dd>
          <Address view={view} email={email} isVerified={emailVerified} />
        </dd>
        <dt>{text('account.role')}</dt>
        <dd>{text(`role.${role}`)}</dd>
        <dt>{text('users.signIn')}</dt>
        <dd>{waysIn(view, found, providers)}</dd>
        <dt>{text('factors.title')}</dt>
        <dd>
          {found.secondFactors.length === 0
            ? text('users.factors.none')
            : found.secondFactors.map((kind) => text(`users.factors.${kind}`)).join(', ')}
        </dd>
        <dt>{text('users.lastSignIn')}</dt>
        <dd>
          {lastSignInAt == null ? (
            text('users.lastSignIn.unknown')
          ) : (
            <Time view={view} at={new Date(lastSignInAt)} />
          )}
        </dd>
        <dt>{text('account.since')}</dt>
        <dd>{day(new Date(createdAt))}</dd>
        <dt>{text('account.id')}</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
      {id === owner.id && <p class="quiet">{text('users.self')}</p>}
      <p>
        <a href={`${path}/activity`}>{text('activity.title')}</a>
      </p>
      <div class="actions">
        <form method="post" action={`${path}/end-sessions`}>
          <button class="button">{text('users.endSessions')}</button>
        </form>
        {id !== owner.id && (
          <>
            {role === 'admin' ? (
              <form method="post" action={`${path}/demote`}>
                <button class="button">{text('users.demote')}</button>
              </form>
            ) : (
              <Confirm
                label={text('users.promote')}
                about={text('users.promote.about')}
                action={`${path}/promote`}
                submit={text('users.promote.submit')}
                isHarmful={false}
              />
            )}
            {status === 'active' ? (
              <Confirm
                label={text('users.disable')}
                about={text('users.disable.about')}
                action={`${path}/disable`}
                submit={text('users.disable.submit')}
              />
            ) : (
              <form method="post" action={`${path}/enable`}>
                <button class="button">{text('users.enable')}</button>
              </form>
            )}
          </>
        )}
      </div>
      <LostFactors {...props} path={path} />
      {!found.isAdminAccount && email !== undefined && <Help {...props} path={path} />}
      {found.isAdminAccount ? (
        <p class="quiet">{text('users.delete.admin')}</p>
      ) : (
        <Confirm
          label={text('users.delete')}
          about={text('users.delete.about')}
          action={`${path}/delete`}
          submit={text('users.delete.submit')}
        />
      )}
    </section>
  )
}

/** For a user who cannot sign in. The command line alone does this to administrators, and to former ones for a while. */
function Help({ view, found, hasMail, path }: FoundProps & { readonly path: string }) {
  const { text } = view.language
  return (
    <div class="actions">
      {hasMail && found.status === 'active' && (
        <form method="post" action={`${path}/password-reset`}>
          <button class="button">{text('users.offerPassword')}</button>
        </form>
      )}
      {!found.emailVerified && (
        <Confirm
          label={text('users.verifyAddress')}
          about={text('users.verifyAddress.about')}
          action={`${path}/verify-address`}
          submit={text('users.verifyAddress.submit')}
          isHarmful={false}
        />
      )}
      <Confirm
        label={text('users.releaseAddress')}
        about={text('users.releaseAddress.about')}
        action={`${path}/release-address`}
        submit={text('users.releaseAddress.submit')}
      />
    </div>
  )
}

function waysIn(
  { language: { text } }: UsersProps['view'],
  { hasPassword, providers: linked }: ManagedUser,
  providers: readonly Provider[],
): string {
  const names = linked.map((id) => providers.find((each) => each.id === id)?.name ?? id)
  const ways = [...(hasPassword ? [text('users.signIn.password')] : []), ...names]
  return ways.length === 0 ? text('users.signIn.nothing') : ways.join(', ')
}
