import { Field, NewPasswordField } from '../kit/fields.js'
import { MailLink } from '../kit/mail-proof.js'
import { INVITATION, MAIL_SIGN_IN } from '../kit/paths.js'
import type { FieldErrors, Notice, Values, View } from '../kit/view.js'
import { Narrow, type Provider, Providers, withReturnTo } from '../sign-in/view.js'

interface InvitationProps {
  readonly view: View
  readonly providers: readonly Provider[]
  readonly rules: { readonly min: number; readonly max: number }
  readonly ticket?: string | undefined
  /** The request of an app that its person came with before, and the name of the app. */
  readonly returnTo?: string
  readonly appName?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
}

/** Takes the link of the mail that invites a person. */
export function Invitation({
  view,
  providers,
  rules,
  ticket,
  returnTo,
  appName,
  notice,
  errors = {},
  values = {},
}: InvitationProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('invitation.title')} notice={notice} appName={appName}>
      <p>{text('invitation.about')}</p>
      <Providers view={view} label="register.with" providers={providers} returnTo={returnTo} />
      <form method="post" action={INVITATION} class="stack">
        <MailLink
          language={language}
          ticket={ticket}
          error={errors.link}
          autofocus={notice === undefined}
        />
        <Field
          language={language}
          name="name"
          label={text('field.name')}
          autocomplete="name"
          value={values.name}
          error={errors.name}
          required={false}
          maxLength={100}
        />
        <NewPasswordField
          language={language}
          name="password"
          label={text('field.password')}
          error={errors.password}
          rules={rules}
        />
        <button class="button main wide">{text('invitation.submit')}</button>
      </form>
      <p class="aside quiet">
        <a href={withReturnTo(MAIL_SIGN_IN, returnTo)}>{text('login.byMail')}</a>
        {' · '}
        <a href={withReturnTo('/login', returnTo)}>{text('register.login')}</a>
      </p>
    </Narrow>
  )
}
