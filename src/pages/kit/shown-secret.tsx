import type { ComponentChildren } from 'preact'
import type { TextKey } from '../texts/en.js'
import type { View } from './view.js'

interface ShownSecretProps {
  readonly view: View
  readonly secret: string
  /** Where the page belongs, so that loading it again makes no other secret. */
  readonly path: string
  readonly title: TextKey
  readonly about: TextKey
  readonly label: TextKey
  /** What stands below it. */
  readonly children?: ComponentChildren
}

/** The only time that a secret is seen. */
export function ShownSecret({
  view,
  secret,
  path,
  title,
  about,
  label,
  children,
}: ShownSecretProps) {
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
        <h2 id="shown">{text(title)}</h2>
        <p class="quiet">{text(about)}</p>
      </div>
      <Copyable view={view} id="secret" label={label} isMain>
        {secret}
      </Copyable>
      {children}
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

/** A text that a button copies; without scripts it is selected by a click. */
export function Copyable({
  view: { language },
  id,
  label,
  isMain = false,
  children,
}: CopyableProps) {
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
