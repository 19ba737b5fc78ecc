import { Narrow, ReturnTo, withReturnTo } from '../sign-in/view.js'
import { EmailField, NewPasswordField } from '../kit/fields.js'
import { MailProof } from '../kit/mail-proof.js'
import { FORGOT, RESET } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'

interface ForgotProps {
  readonly view: View
  readonly value?: string | undefined
  /** Where the sign-in that follows should end. */
  readonly returnTo?: string | undefined
  readonly errors?: FieldErrors
}

/** For a person who does not know their password, or has none. */
export function Forgot({ view, value, returnTo, errors = {} }: ForgotProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('forgot.title')}>
      <p>{text('forgot.about')}</p>
      <form method="post" action={FORGOT} class="stack">
        <ReturnTo returnTo={returnTo} />
        <EmailField
          language={language}
          autocomplete="username"
          value={value}
          error={errors.email}
          autofocus
        />
        <button class="button main wide">{text('forgot.submit')}</button>
      </form>
      <p class="aside quiet">
        <a href={withReturnTo('/login', returnTo)}>{text('register.login')}</a>
      </p>
    </Narrow>
  )
}

interface ResetProps {
  readonly view: View
  /** The address that this browser has asked for a mail to; undefined where it has not. */
  readonly email: string | undefined
  readonly rules: { readonly min: number; readonly max: number }
  readonly ticket?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Takes the link or the code of the mail. */
export function Reset({ view, email, rules, ticket, notice, errors = {} }: ResetProps) {
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && Object.keys(errors).length === 0
  return (
    <Narrow view={view} title={text('reset.title')} notice={notice}>
      {ticket === undefined && (
        <p data-without-ticket>
          {email === undefined ? text('reset.typed') : text('reset.sent', { email })}
        </p>
      )}
      <form method="post" action={RESET} class="stack">
        <MailProof language={language} ticket={ticket} error={errors.code} autofocus={isFresh} />
        <NewPasswordField
          language={language}
          name="newPassword"
          label={text('field.newPassword')}
          error={errors.newPassword}
          rules={rules}
          email={email}
        />
        <p class="hint">{text('reset.about')}</p>
        <button class="button main wide">{text('reset.submit')}</button>
      </form>
      <p class="aside quiet">
        <a href={FORGOT}>{text('reset.again')}</a>
      </p>
    </Narrow>
  )
}
