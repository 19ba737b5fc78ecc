import type { View } from '../kit/view.js'

interface ShownCodesProps {
  readonly view: View
  readonly codes: readonly string[]
  /** Where the page belongs: loading it again must not send its form again. */
  readonly path: string
  /** Where the person goes on. */
  readonly onward: string
}

/** The only time that recovery codes are seen. */
export function ShownCodes({ view, codes, path, onward }: ShownCodesProps) {
  const { text } = view.language
  return (
    <section class="stack" aria-labelledby="shown" data-path={path} tabIndex={-1} data-focus>
      <h2 id="shown">{text('codes.title')}</h2>
      <p>{text('codes.about')}</p>
      <pre class="codes" id="codes">
        {codes.join('\n')}
      </pre>
      <div class="actions unprinted">
        <button
          type="button"
          class="button"
          hidden
          data-copy="codes"
          data-copied={text('keys.copied')}
          data-failed={text('keys.copyFailed')}
        >
          {text('keys.copy')}
        </button>
        <button type="button" class="button" hidden data-print>
          {text('codes.print')}
        </button>
        <a class="button main" href={onward}>
          {text('codes.done')}
        </a>
        <p class="hint" role="status" />
      </div>
    </section>
  )
}
