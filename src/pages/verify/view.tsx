import { Narrow } from '../sign-in/view.js'
import { PasswordField } from '../kit/fields.js'
import { MailProof } from '../kit/mail-proof.js'
import { DISOWN, VERIFY } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'

interface VerifyProps {
  readonly view: View
  /** The address that this browser has asked for a mail to; undefined where it has not. */
  readonly email: string | undefined
  readonly ticket?: string | undefined
  /** Whether the link alone does not show that the account is the person's. */
  readonly asksPassword?: boolean
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Takes the link or the code of the mail that proves an address. */
export function Verify({
  view,
  email,
  ticket,
  asksPassword = false,
  notice,
  errors = {},
}: VerifyProps) {
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && Object.keys(errors).length === 0
  return (
    <Narrow view={view} title={text('verify.title')} notice={notice}>
      {ticket === undefined && (
        <p data-without-ticket>
          {email === undefined ? text('verify.typed') : text('verify.sent', { email })}
        </p>
      )}
      {asksPassword && <p>{text('verify.elsewhere')}</p>}
      <form method="post" action={VERIFY} class="stack">
        <MailProof language={language} ticket={ticket} error={errors.code} autofocus={isFresh} />
        {asksPassword && (
          <PasswordField
            language={language}
            name="password"
            label={text('field.password')}
            autocomplete="current-password"
            error={errors.password}
            autofocus={isFresh}
          />
        )}
        <button class="button main wide">{text('verify.submit')}</button>
      </form>
      <Disown view={view} ticket={ticket} />
    </Narrow>
  )
}

/** What a program that presses buttons does not do by the way: the box must be ticked. */
function Disown({ view, ticket }: Pick<VerifyProps, 'view' | 'ticket'>) {
  const { text } = view.language
  return (
    <details class="more" data-with-ticket hidden={ticket === undefined}>
      <summary class="button danger compact">{text('verify.notMine')}</summary>
      <form method="post" action={DISOWN} class="stack">
        <input
          type="hidden"
          name="ticket"
          value={ticket}
          disabled={ticket === undefined}
          data-ticket
        />
        <p>{text('verify.notMine.about')}</p>
        <label class="check">
          <input type="checkbox" name="notMine" value="true" required />
          {text('verify.notMine.sure')}
        </label>
        <button class="button main danger wide">{text('verify.notMine.submit')}</button>
      </form>
    </details>
  )
}
