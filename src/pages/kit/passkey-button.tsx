import type { Language } from './language.js'

interface PasskeyButtonProps {
  readonly language: Language
  /** The field of the form that gets the browser's answer: a new passkey, or the use of one. */
  readonly fills: 'attestation' | 'assertion'
  /** Where the script gets the challenge. */
  readonly options: string
  readonly label: string
  /** Where the script goes if the person has to prove first who they are. */
  readonly stepUp?: string
  readonly isMain?: boolean
  /** Whether the browser offers passkeys where an address is typed, too. */
  readonly hasAutofill?: boolean
}

/** Has the browser make or use a passkey, and sends the form that it is in. Without scripts it is not there. */
export function PasskeyButton(props: PasskeyButtonProps) {
  const { language, fills, options, label, stepUp, isMain = true, hasAutofill } = props
  const { text } = language
  return (
    <div class="stack tight">
      <input type="hidden" name={fills} />
      <button
        type="button"
        class={`button wide ${isMain ? 'main' : ''}`}
        hidden
        data-passkey={fills}
        data-options={options}
        data-step-up={stepUp}
        data-autofill={hasAutofill}
        data-failed={text(`passkey.${fills}.failed`)}
        data-known={text('passkey.known')}
      >
        {label}
      </button>
    </div>
  )
}

/** Takes the place of the button until a script has shown that it works. */
export function NeedsScript({ language }: Pick<PasskeyButtonProps, 'language'>) {
  return (
    <p class="quiet small" data-without-passkeys>
      {language.text('passkey.needsScript')}
    </p>
  )
}
