import type { FactorKind } from '../../users/factors.js'
import { FactorForms } from '../kit/factor-forms.js'
import { FACTORS, SECOND_STEP } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow, withReturnTo } from '../sign-in/view.js'

interface SecondStepProps {
  readonly view: View
  readonly factors: readonly FactorKind[]
  /** Whether the browser may be called the person's own device. */
  readonly canTrust: boolean
  readonly trusts: boolean
  /** Where another sign-in would end. */
  readonly returnTo?: string | undefined
  readonly appName?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Asks for the second factor after the first step was right. */
export function SecondStep(props: SecondStepProps) {
  const { view, factors, canTrust, trusts, returnTo, appName, notice, errors = {} } = props
  const { text } = view.language
  return (
    <Narrow view={view} title={text('secondStep.title')} notice={notice} appName={appName}>
      <p>{text('secondStep.about')}</p>
      {factors.length === 0 && <p>{text('secondStep.none')}</p>}
      <FactorForms {...{ view, factors, errors, returnTo }} action={SECOND_STEP}>
        {canTrust && (
          <div class="field">
            <label class="check">
              <input
                type="checkbox"
                name="trustDevice"
                value="yes"
                checked={trusts}
                aria-describedby="trust-hint"
              />
              {text('secondStep.trust')}
            </label>
            <p class="hint" id="trust-hint">
              {text('secondStep.trust.hint')}
            </p>
          </div>
        )}
      </FactorForms>
      <p class="aside quiet">
        <a href={withReturnTo('/login', returnTo)}>{text('mailSignIn.otherwise')}</a>
      </p>
    </Narrow>
  )
}

interface FewCodesProps {
  readonly view: View
  readonly left: number
  readonly returnTo: string
}

/** For a person who has just used one of their last recovery codes. */
export function FewCodes({ view, left, returnTo }: FewCodesProps) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('fewCodes.title')}>
      <p data-path={FACTORS}>
        {text(`factors.codes.left.${left === 1 ? 'one' : 'other'}`, { left })}
      </p>
      <p>{text('fewCodes.about')}</p>
      <a class="button main wide" href={FACTORS}>
        {text('fewCodes.submit')}
      </a>
      <a class="button wide" href={returnTo}>
        {text('fewCodes.later')}
      </a>
    </Narrow>
  )
}
