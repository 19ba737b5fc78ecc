import { parkedIdOf } from '../../http/return-to.js'
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
  /** The app that wants it; undefined for a page of our own. */
  readonly appName?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Before a change that matters, a person proves once more who they are. */
export function StepUp(props: StepUpProps) {
  const { view, factors, email, returnTo, appName, notice, errors = {} } = props
  const { language } = view
  const { text } = language
  // A form that comes without its session still says where it leads.
  const action = withReturnTo(STEP_UP, returnTo)
  const isForApp = parkedIdOf(returnTo) !== undefined
  return (
    <Narrow view={view} title={text('stepUp.title')} notice={notice} appName={appName}>
      <p>{text(isForApp ? 'stepUp.forApp' : 'stepUp.about')}</p>
      {factors === 'password' ? (
        <form method="post" action={action} class="stack">
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
          action={action}
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
