import type { ComponentChildren } from 'preact'
import { CodeField, Field } from './fields.js'
import type { Language } from './language.js'

interface MailProofProps {
  readonly language: Language
  /** The ticket that a form was sent with, which is sent again. */
  readonly ticket?: string | undefined
  readonly error?: string | undefined
  readonly autofocus?: boolean
}

interface TicketOrProps {
  readonly ticket: string | undefined
  /** What a person fills in who has no scripts. */
  readonly children: ComponentChildren
}

/** The ticket of a mail's link, which the script puts there or which a form was sent with; or a field in its place. */
function TicketOr({ ticket, children }: TicketOrProps) {
  return (
    <>
      <input
        type="hidden"
        name="ticket"
        value={ticket}
        disabled={ticket === undefined}
        data-ticket
      />
      {ticket === undefined && <div data-without-ticket>{children}</div>}
    </>
  )
}

/** The link of a mail, which a person pastes who has no scripts; or its ticket. */
export function MailLink({ language, ticket, error, autofocus }: MailProofProps) {
  const { text } = language
  return (
    <TicketOr ticket={ticket}>
      <Field
        language={language}
        name="link"
        label={text('field.link')}
        hint={text('field.link.hint')}
        autocomplete="off"
        maxLength={2048}
        error={error}
        autofocus={autofocus ?? false}
      />
    </TicketOr>
  )
}

/** The code of a mail, which a person types; or the ticket of its link. */
export function MailProof({ language, ticket, error, autofocus }: MailProofProps) {
  return (
    <TicketOr ticket={ticket}>
      <MailCodeField language={language} error={error} autofocus={autofocus ?? false} />
    </TicketOr>
  )
}

/** The code of a mail alone. */
export function MailCodeField(props: Omit<MailProofProps, 'ticket'>) {
  const { text } = props.language
  return (
    <CodeField {...props} name="code" label={text('field.code')} hint={text('field.code.hint')} />
  )
}
