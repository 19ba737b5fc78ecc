import { AccountPage, type AccountPageProps, Card } from '../kit/account-page.js'
import { Field, PasswordField } from '../kit/fields.js'
import { MailCodeField, MailLink } from '../kit/mail-proof.js'
import { CHANGE_EMAIL, CONFIRM_EMAIL, UNDO } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow } from '../sign-in/view.js'

interface ChangeEmailProps extends AccountPageProps {
  /** The address that this browser has asked a mail for; undefined where it has not. */
  readonly asked: string | undefined
  /** The address as it was typed. */
  readonly value?: string | undefined
  readonly errors?: FieldErrors
}

/** Asks for another address, and takes the code of its mail. */
export function ChangeEmail(props: ChangeEmailProps) {
  const { view, owner, notice, asked, value, errors = {} } = props
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && Object.keys(errors).length === 0
  return (
    <AccountPage {...props} tab="account" title={text('email.change.title')}>
      {asked !== undefined && (
        <Card
          id="typed"
          title={text('email.change.code')}
          about={text('email.change.sent', { email: asked })}
        >
          <form method="post" action={CONFIRM_EMAIL} class="stack form">
            <MailCodeField language={language} error={errors.code} autofocus={isFresh} />
            <div>
              <button class="button main">{text('email.change.confirm')}</button>
            </div>
          </form>
        </Card>
      )}
      <Card id="another" title={text('email.change.new')} about={text('email.change.about')}>
        <dl class="facts">
          <dt>{text('email.change.current')}</dt>
          <dd>{owner.email ?? text('email.none')}</dd>
        </dl>
        <form method="post" action={CHANGE_EMAIL} class="stack form">
          <Field
            language={language}
            type="email"
            name="newEmail"
            label={text('field.newEmail')}
            autocomplete="email"
            maxLength={254}
            value={value}
            error={errors.newEmail}
            autofocus={isFresh && asked === undefined}
          />
          <div>
            <button class={asked === undefined ? 'button main' : 'button'}>
              {text('email.change.submit')}
            </button>
          </div>
        </form>
      </Card>
    </AccountPage>
  )
}

interface UndoProps {
  readonly view: View
  readonly ticket?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Takes the link of the mail that the old address got, and the password of then. */
export function Undo({ view, ticket, notice, errors = {} }: UndoProps) {
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && Object.keys(errors).length === 0
  return (
    <Narrow view={view} title={text('undo.title')} notice={notice}>
      <p>{text('undo.about')}</p>
      <form method="post" action={UNDO} class="stack">
        <MailLink language={language} ticket={ticket} error={errors.link} autofocus={isFresh} />
        <PasswordField
          language={language}
          name="password"
          label={text('undo.password')}
          autocomplete="current-password"
          error={errors.password}
          required={false}
        />
        <p class="hint">{text('undo.provider')}</p>
        <button class="button main wide">{text('undo.submit')}</button>
      </form>
      <p class="aside quiet">
        <a href="/login">{text('register.login')}</a>
      </p>
    </Narrow>
  )
}
