import { withQuery } from '../../lib/with-query.js'
import type { Language } from './language.js'

const NAME = 'keepSignedIn'

/** A link to a way to sign in, with the choice that was made on its page. */
export function withKeepChoice(href: string, isKept: boolean): string {
  return isKept ? href : withQuery(href, { [NAME]: 'no' })
}

interface KeepSignedInProps {
  readonly language: Language
  readonly isKept: boolean
}

/** Ticked, unless the person is on a computer that others use. */
export function KeepSignedIn({ language: { text }, isKept }: KeepSignedInProps) {
  return (
    <div class="field">
      {/* A box that is not ticked sends nothing: this tells it from a form without the box. */}
      <input type="hidden" name={NAME} value="no" />
      <label class="check">
        <input
          type="checkbox"
          name={NAME}
          value="yes"
          checked={isKept}
          aria-describedby="keep-hint"
          data-keep-signed-in
        />
        {text('login.keep')}
      </label>
      <p class="hint" id="keep-hint">
        {text('login.keep.hint')}
      </p>
    </div>
  )
}

/** The choice in a form that does not ask for it. */
export function KeptChoice({ isKept }: Pick<KeepSignedInProps, 'isKept'>) {
  return <input type="hidden" name={NAME} value={isKept ? 'yes' : 'no'} />
}
