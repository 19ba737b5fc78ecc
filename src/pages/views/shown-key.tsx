import type { View } from '../view.js'

interface ShownKeyProps {
  readonly view: View
  readonly secret: string
  /** Where the page belongs, so that loading it again makes no other key. */
  readonly path: string
}

/** The only time that a key is seen. */
export function ShownKey({ view, secret, path }: ShownKeyProps) {
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
      <div class="key">
        <code id="secret" aria-label={text('keys.shown.label')} role="group">
          {secret}
        </code>
        <button
          type="button"
          class="button main"
          hidden
          data-copy="secret"
          data-copied={text('keys.copied')}
          data-failed={text('keys.copyFailed')}
        >
          {text('keys.copy')}
        </button>
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
