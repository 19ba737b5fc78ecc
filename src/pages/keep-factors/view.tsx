import { MailLink } from '../kit/mail-proof.js'
import { KEEP_FACTORS } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow } from '../sign-in/view.js'

interface KeepFactorsProps {
  readonly view: View
  readonly ticket?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Takes the link of the mail that tells of a removal of second factors. */
export function KeepFactors({ view, ticket, notice, errors = {} }: KeepFactorsProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('keepFactors.title')} notice={notice}>
      <p>{text('keepFactors.about')}</p>
      <form method="post" action={KEEP_FACTORS} class="stack">
        <MailLink
          language={language}
          ticket={ticket}
          error={errors.link}
          autofocus={notice === undefined}
        />
        {/* Programs that open the links of mails press buttons too, and fill in no form. */}
        <label class="check">
          <input type="checkbox" required />
          {text('keepFactors.sure')}
        </label>
        <button class="button main wide">{text('keepFactors.submit')}</button>
      </form>
      <p class="aside quiet">
        <a href="/login">{text('register.login')}</a>
      </p>
    </Narrow>
  )
}
