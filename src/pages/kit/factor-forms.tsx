import type { ComponentChildren } from 'preact'
import type { FactorKind } from '../../users/factors.js'
import { Field } from './fields.js'
import { NeedsScript, PasskeyButton } from './passkey-button.js'
import { PASSKEY_REQUEST } from './paths.js'
import { TotpField } from './totp-field.js'
import type { FieldErrors, View } from './view.js'

interface FactorFormsProps {
  readonly view: View
  readonly action: string
  readonly factors: readonly FactorKind[]
  readonly errors: FieldErrors
  /** Where it goes on; undefined where the browser keeps that. */
  readonly returnTo?: string | undefined
  /** Further fields, which a recovery code leaves out. */
  readonly children?: ComponentChildren
}

/** Proves a second factor by what the account has: a passkey, the code of an app, or a recovery code. */
export function FactorForms(props: FactorFormsProps) {
  const { view, action, factors, errors, returnTo, children } = props
  const { language } = view
  const { text } = language
  const [hasPasskey, hasTotp] = [factors.includes('passkey'), factors.includes('totp')]
  const hidden = returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />
  return (
    <>
      {(hasPasskey || hasTotp) && (
        <form method="post" action={action} class="stack">
          {hidden}
          {hasPasskey && (
            <>
              <PasskeyButton
                language={language}
                fills="assertion"
                options={PASSKEY_REQUEST}
                label={text('passkey.use')}
              />
              <NeedsScript language={language} />
            </>
          )}
          {hasPasskey && hasTotp && <p class="or">{text('login.or')}</p>}
          {hasTotp && (
            <TotpField
              language={language}
              name="totp"
              error={errors.totp}
              autofocus={!hasPasskey && Object.keys(errors).length === 0}
            />
          )}
          {children}
          {hasTotp && (
            <button class={`button wide ${hasPasskey ? '' : 'main'}`}>
              {text('factor.submit')}
            </button>
          )}
        </form>
      )}
      {factors.includes('recovery-code') && (
        <details class="other" open={errors.recoveryCode !== undefined}>
          <summary>{text('factor.lost')}</summary>
          <form method="post" action={action} class="stack">
            {hidden}
            <Field
              language={language}
              name="recoveryCode"
              label={text('field.recoveryCode')}
              hint={text('field.recoveryCode.hint')}
              autocomplete="off"
              maxLength={64}
              error={errors.recoveryCode}
            />
            <button class="button wide">{text('factor.submit')}</button>
          </form>
        </details>
      )}
    </>
  )
}
