import type { TextKey } from '../texts/en.js'
import type { View } from '../kit/view.js'

interface ShownKeyProps {
  readonly view: View
  readonly secret: string
  /** Where the page belongs, so that loading it again makes no other key. */
  readonly path: string
  readonly issuer: string
}

/** The only time that a key is seen. */
export function ShownKey({ view, secret, path, issuer }: ShownKeyProps) {
  const { text } = view.language
  return (
    <section
      class="card stack new"
      aria-labelledby="shown"
      data-path={path}
      tabIndex={-1}
      data-focus
    >
      <div class="stack tight">
        <h2 id="shown">{text('keys.shown')}</h2>
        <p class="quiet">{text('keys.shown.about')}</p>
      </div>
      <Copyable view={view} id="secret" label="keys.shown.label" isMain>
        {secret}
      </Copyable>
      <div class="stack tight">
        <p class="small">{text('keys.try')}</p>
        <Copyable view={view} id="curl" label="keys.try.label">
          {`curl --header 'x-api-key: ${secret}' ${issuer}/api/key`}
        </Copyable>
      </div>
      <div class="actions">
        <a class="button compact" href={path}>
          {text('keys.shown.done')}
        </a>
        <p class="hint" role="status" />
      </div>
    </section>
  )
}

interface CopyableProps {
  readonly view: View
  readonly id: string
  readonly label: TextKey
  readonly isMain?: boolean
  readonly children: string
}

function Copyable({ view: { language }, id, label, isMain = false, children }: CopyableProps) {
  const { text } = language
  return (
    <div class="key">
      <code id={id} aria-label={text(label)} role="group">
        {children}
      </code>
      <button
        type="button"
        class={`button ${isMain ? 'main' : ''}`}
        hidden
        data-copy={id}
        data-copied={text('keys.copied')}
        data-failed={text('keys.copyFailed')}
      >
        {text('keys.copy')}
      </button>
    </div>
  )
}
