import type { TotpSecret } from '../../factors/enrolment.js'
import { TotpField } from '../kit/totp-field.js'
import type { FieldErrors, View } from '../kit/view.js'

interface SetUpTotpProps {
  readonly view: View
  readonly secret: TotpSecret
  /** Where the code of the app goes. */
  readonly action: string
  readonly errors: FieldErrors
}

/** Hands a secret to an authenticator app, as a picture and in letters, and takes the first code of the app. */
export function SetUpTotp({ view, secret: { secret, uri, qr }, action, errors }: SetUpTotpProps) {
  const { language } = view
  const { text } = language
  return (
    <div class="stack">
      <p>{text('totp.scan')}</p>
      {/* Our own drawing, of nothing that a person has typed as markup. */}
      <div
        class="qr"
        role="img"
        aria-label={text('totp.qr')}
        dangerouslySetInnerHTML={{ __html: qr }}
      />
      <p class="small">
        <a href={uri}>{text('totp.open')}</a>
      </p>
      <div class="stack tight">
        <p class="small" id="secret-label">
          {text('totp.secret')}
        </p>
        <p class="key">
          <code id="secret" aria-labelledby="secret-label" role="group">
            {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
          </code>
        </p>
      </div>
      <form method="post" action={action} class="stack form">
        <TotpField language={language} name="code" error={errors.code} />
        <div>
          <button class="button main">{text('totp.confirm')}</button>
        </div>
      </form>
    </div>
  )
}
