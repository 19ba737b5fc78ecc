import { Field } from './fields.js'
import type { Language } from './language.js'

interface MailProofProps {
  readonly language: Language
  /** The ticket that a form was sent with, which is sent again. */
  readonly ticket?: string | undefined
  readonly error?: string | undefined
  readonly autofocus?: boolean
}

/** The code of a mail, which a person types; or the ticket of its link, which the script puts there instead. */
export function MailProof({ language, ticket, error, autofocus }: MailProofProps) {
  const { text } = language
  return (
    <>
      <input
        type="hidden"
        name="ticket"
        value={ticket}
        disabled={ticket === undefined}
        data-ticket
      />
      {ticket === undefined && (
        <div data-without-ticket>
          <Field
            language={language}
            name="code"
            label={text('field.code')}
            hint={text('field.code.hint')}
            autocomplete="one-time-code"
            inputMode="numeric"
            maxLength={32}
            error={error}
            autofocus={autofocus ?? false}
          />
        </div>
      )}
    </>
  )
}
