import {
  ACCOUNT_DATA,
  APPS,
  ASK_VERIFICATION,
  CHANGE_EMAIL,
  DELETE_ACCOUNT,
  FACTORS,
  FACTORS_NOT_NOW,
} from '../kit/paths.js'
import type { FieldErrors } from '../kit/view.js'
import {
  AccountPage,
  type AccountPageProps,
  Address,
  Card,
  TimeSentence,
} from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { Field, NewPasswordField, PasswordField } from '../kit/fields.js'
import type { Provider } from '../sign-in/view.js'
import { SuspendedKeys, type SuspendedKeysProps } from './suspended-keys.js'

export interface AccountProps extends AccountPageProps {
  readonly createdAt: string
  readonly emailVerified: boolean
  /** Whether a mail can prove the address. */
  readonly canVerify: boolean
  /** Whether a mail can prove another one. */
  readonly canChangeEmail: boolean
  readonly hasPassword: boolean
  readonly identities: readonly {
    readonly id: string
    readonly provider: string
    readonly email?: string | undefined
    readonly linkedAt: string
    readonly suspendedReason?: string | undefined
  }[]
  readonly suspendedKeys: SuspendedKeysProps['keys']
  /** Whether the form to change the password offers to suspend what is recent. */
  readonly suspendsRecent: boolean
  /** Whether to offer a second factor to a new account that has none. */
  readonly offersFactor: boolean
  readonly providers: readonly Provider[]
  readonly rules: { readonly min: number; readonly max: number }
  readonly errors?: FieldErrors
}

export function Account(props: AccountProps) {
  const { view, owner, createdAt, emailVerified, canVerify, canChangeEmail } = props
  const { text, day } = view.language
  const { name } = owner
  return (
    <AccountPage
      {...props}
      tab="account"
      title={name === undefined ? text('account.title') : text('account.hello', { name })}
    >
      {props.offersFactor && <Offer view={view} />}
      <Card id="profile" title={text('account.profile')}>
        <dl class="facts">
          <dt>{text('field.email')}</dt>
          <dd>
            <Address view={view} email={owner.email} isVerified={emailVerified} />
            {canVerify && (
              <form method="post" action={ASK_VERIFICATION}>
                <button class="plain">{text('email.verify')}</button>
              </form>
            )}
            {canChangeEmail && (
              <>
                {' '}
                <a href={CHANGE_EMAIL}>{text('email.change')}</a>
              </>
            )}
          </dd>
          <dt>{text('account.role')}</dt>
          <dd>{text(`role.${owner.role}`)}</dd>
          <dt>{text('account.since')}</dt>
          <dd>{day(new Date(createdAt))}</dd>
          <dt>{text('factors.title')}</dt>
          <dd>
            <a href={FACTORS}>{text('factors.link')}</a>
          </dd>
          <dt>{text('apps.title')}</dt>
          <dd>
            <a href={APPS}>{text('apps.link')}</a>
          </dd>
          <dt>{text('account.id')}</dt>
          <dd>
            <code>{owner.id}</code>
          </dd>
        </dl>
        {owner.email === undefined && !canChangeEmail && <p>{text('email.none.about')}</p>}
      </Card>
      <Name {...props} />
      <SuspendedKeys view={view} keys={props.suspendedKeys} />
      <Identities {...props} />
      <Password {...props} />
      <PersonalData {...props} />
    </AccountPage>
  )
}

/** What a person may ask of those who keep their data: a copy, and its end. */
function PersonalData({ view, owner }: AccountProps) {
  const { text } = view.language
  return (
    <Card id="data" title={text('account.data')} about={text('account.data.about')}>
      <div class="actions">
        <a class="button" href={ACCOUNT_DATA}>
          {text('account.data.download')}
        </a>
        {owner.role !== 'admin' && (
          <Confirm
            label={text('account.delete')}
            about={text('account.delete.about')}
            action={DELETE_ACCOUNT}
            submit={text('account.delete.submit')}
          />
        )}
      </div>
      {owner.role === 'admin' && <p class="quiet small">{text('account.delete.admin')}</p>}
    </Card>
  )
}

/** For people who have just made their account. */
function Offer({ view }: Pick<AccountProps, 'view'>) {
  const { text } = view.language
  return (
    <Card id="offer" title={text('factors.offer')} about={text('factors.offer.about')}>
      <div class="actions">
        <a class="button main" href={FACTORS}>
          {text('factors.offer.submit')}
        </a>
        <form method="post" action={FACTORS_NOT_NOW}>
          <button class="button">{text('factors.offer.later')}</button>
        </form>
      </div>
    </Card>
  )
}

function Name({ view, owner, errors = {} }: AccountProps) {
  const { language } = view
  const { text } = language
  return (
    <Card id="display-name" title={text('field.name')} about={text('account.name.about')}>
      <form method="post" action="/dashboard/name" class="stack form">
        <Field
          language={language}
          name="name"
          label={text('field.name')}
          autocomplete="name"
          value={owner.name}
          required={false}
          error={errors.name}
        />
        <div>
          <button class="button">{text('account.name.change')}</button>
        </div>
      </form>
    </Card>
  )
}

function Identities({ view, identities, providers }: AccountProps) {
  const { text } = view.language
  if (identities.length === 0 && providers.length === 0) return null
  const unlinked = providers.filter(({ id }) => identities.every(({ provider }) => provider !== id))
  const nameOf = (provider: string) => providers.find(({ id }) => id === provider)?.name ?? provider
  return (
    <Card
      id="identities"
      title={text('account.identities')}
      about={text('account.identities.about')}
    >
      {identities.length === 0 ? (
        <p class="quiet">{text('account.identities.none')}</p>
      ) : (
        <ul class="rows">
          {identities.map(({ id, provider, email, linkedAt, suspendedReason }) => (
            <li>
              <div class="body">
                <p class="title">
                  {nameOf(provider)}
                  {suspendedReason !== undefined && (
                    <span class="badge bad">{text('account.identities.suspended')}</span>
                  )}
                </p>
                <p class="quiet small">
                  {email !== undefined && `${email} · `}
                  <TimeSentence
                    view={view}
                    sentence="account.identities.linked"
                    at={new Date(linkedAt)}
                  />
                </p>
              </div>
              {suspendedReason !== undefined && (
                <Confirm
                  label={text('account.identities.enable')}
                  which={text('account.identities.enableWhich', {
                    provider: nameOf(provider),
                    email: email ?? '',
                  })}
                  about={text('account.identities.enable.about')}
                  action={`/dashboard/identities/${id}/enable`}
                  submit={text('account.identities.enable.submit')}
                  isHarmful={false}
                  isCompact
                />
              )}
              <Confirm
                label={text('account.identities.unlink')}
                which={text('account.identities.unlinkWhich', {
                  provider: nameOf(provider),
                  email: email ?? '',
                })}
                about={text('account.identities.unlink.about', { provider: nameOf(provider) })}
                action={`/dashboard/identities/${id}/unlink`}
                submit={text('account.identities.unlink.submit')}
                isCompact
              />
            </li>
          ))}
        </ul>
      )}
      {unlinked.length > 0 && (
        <div class="actions">
          {unlinked.map(({ id, name }) => (
            <a class="button compact" href={`/api/auth/${id}?link=true`}>
              {text('account.identities.link', { provider: name })}
            </a>
          ))}
        </div>
      )}
    </Card>
  )
}

function Password(props: AccountProps) {
  const { view, owner, hasPassword, suspendsRecent, rules, errors = {} } = props
  const { language } = view
  const { text } = language
  return (
    <Card
      id="password"
      title={text('account.password')}
      about={text(hasPassword ? 'account.password.changes' : 'account.password.none')}
    >
      <form method="post" action="/dashboard/password" class="stack form">
        {/* So that a password manager knows whose password it saves. */}
        {owner.email !== undefined && (
          <input type="text" name="username" autocomplete="username" value={owner.email} hidden />
        )}
        {hasPassword && (
          <PasswordField
            language={language}
            name="currentPassword"
            label={text('field.currentPassword')}
            autocomplete="current-password"
            error={errors.currentPassword}
          />
        )}
        <NewPasswordField
          language={language}
          name="newPassword"
          label={text('field.newPassword')}
          error={errors.newPassword}
          rules={rules}
          email={owner.email}
        />
        <div class="field">
          {/* A box that is not ticked sends nothing: this tells it from a form without the box. */}
          <input type="hidden" name="suspendRecentCredentials" value="false" />
          <label class="check">
            <input
              type="checkbox"
              name="suspendRecentCredentials"
              value="true"
              checked={suspendsRecent}
              aria-describedby="suspend-hint"
            />
            {text('account.password.suspend')}
          </label>
          <p class="hint" id="suspend-hint">
            {text('account.password.suspend.hint')}
          </p>
        </div>
        <div>
          <button class="button main">
            {text(hasPassword ? 'account.password.change' : 'account.password.set')}
          </button>
        </div>
      </form>
    </Card>
  )
}
