import type { FactorKind } from '../../users/factors.js'
import { FactorForms } from '../kit/factor-forms.js'
import { PasswordField } from '../kit/fields.js'
import { STEP_UP } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow, withReturnTo } from '../sign-in/view.js'

interface StepUpProps {
  readonly view: View
  /** What the person can prove; or their password, for an account without a second factor. */
  readonly factors: readonly FactorKind[] | 'password'
  readonly email: string | undefined
  readonly returnTo: string
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Before a change that matters, a person proves once more who they are. */
export function StepUp(props: StepUpProps) {
  const { view, factors, email, returnTo, notice, errors = {} } = props
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('stepUp.title')} notice={notice}>
      <p>{text('stepUp.about')}</p>
      {factors === 'password' ? (
        <form method="post" action={STEP_UP} class="stack">
          <input type="hidden" name="returnTo" value={returnTo} />
          {/* So that a password manager knows whose password it fills in. */}
          <input type="text" name="username" autocomplete="username" value={email} hidden />
          <PasswordField
            language={language}
            name="password"
            label={text('field.password')}
            autocomplete="current-password"
            error={errors.password}
            autofocus
          />
          <button class="button main wide">{text('factor.submit')}</button>
        </form>
      ) : (
        <FactorForms
          view={view}
          action={STEP_UP}
          factors={factors}
          errors={errors}
          returnTo={returnTo}
        />
      )}
      <p class="aside quiet">
        <a href={withReturnTo('/login', returnTo, 'RECENT_SIGN_IN_REQUIRED')}>
          {text('mailSignIn.otherwise')}
        </a>
      </p>
    </Narrow>
  )
}
