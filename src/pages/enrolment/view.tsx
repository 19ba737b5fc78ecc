import type { TotpSecret } from '../../factors/enrolment.js'
import { SetUpTotp } from '../factors/set-up-totp.js'
import { ShownCodes } from '../factors/shown-codes.js'
import { NeedsScript, PasskeyButton } from '../kit/passkey-button.js'
import { ENROLMENT, ENROLMENT_PASSKEY, ENROLMENT_TOTP } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow } from '../sign-in/view.js'

interface WaysProps {
  readonly view: View
  readonly hasPasskeys: boolean
  readonly notice?: Notice | undefined
}

/** The ways to a second factor, for a person whose sign-in needs one. */
export function Ways({ view, hasPasskeys, notice }: WaysProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('enrolment.title')} notice={notice}>
      <p>{text('enrolment.about')}</p>
      {hasPasskeys && (
        <section class="stack tight" aria-labelledby="passkey">
          <h2 id="passkey">{text('enrolment.passkey')}</h2>
          <p class="quiet small">{text('passkeys.about')}</p>
          <form method="post" action={ENROLMENT_PASSKEY}>
            <PasskeyButton
              language={language}
              fills="attestation"
              options={`${ENROLMENT_PASSKEY}/options`}
              label={text('passkeys.add')}
            />
            <NeedsScript language={language} />
          </form>
        </section>
      )}
      <section class="stack tight" aria-labelledby="app">
        <h2 id="app">{text('totp.title')}</h2>
        <p class="quiet small">{text('totp.about')}</p>
        <form method="post" action={ENROLMENT_TOTP}>
          <button class="button wide">{text('totp.begin')}</button>
        </form>
      </section>
    </Narrow>
  )
}

interface EnrolTotpProps {
  readonly view: View
  readonly secret: TotpSecret
  readonly errors: FieldErrors
}

export function EnrolTotp({ view, secret, errors }: EnrolTotpProps) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('totp.title')}>
      <SetUpTotp view={view} secret={secret} action={`${ENROLMENT_TOTP}/confirm`} errors={errors} />
      <p class="aside quiet">
        <a href={ENROLMENT}>{text('enrolment.otherwise')}</a>
      </p>
    </Narrow>
  )
}

interface EnrolledProps {
  readonly view: View
  readonly codes: readonly string[]
  readonly returnTo: string
}

/** The person is signed in, and sees their recovery codes before they go on. */
export function Enrolled({ view, codes, returnTo }: EnrolledProps) {
  return (
    <Narrow view={view} title={view.language.text('enrolment.done')}>
      <ShownCodes view={view} codes={codes} path="/dashboard" onward={returnTo} />
    </Narrow>
  )
}
