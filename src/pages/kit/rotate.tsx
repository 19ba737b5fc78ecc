import type { View } from './view.js'

/** How long an old secret may work beside the new one, seconds. */
const OVERLAPS = ['86400', '3600', '604800', '0'] as const

interface RotateProps {
  readonly view: View
  /** Where the form goes. */
  readonly action: string
}

/** Asks how long the old secret works on, and then makes a new one. */
export function Rotate({ view, action }: RotateProps) {
  const { text } = view.language
  return (
    <details class="confirm" name="confirm">
      <summary class="button">{text('key.rotate')}</summary>
      <form method="post" action={action} class="stack form">
        <p>{text('key.rotate.about')}</p>
        <div class="field">
          <label for="overlap">{text('key.rotate.overlap')}</label>
          <select id="overlap" name="overlap">
            {OVERLAPS.map((seconds) => (
              <option value={seconds}>{text(`key.rotate.${seconds}`)}</option>
            ))}
          </select>
        </div>
        <div>
          <button class="button main">{text('key.rotate.submit')}</button>
        </div>
      </form>
    </details>
  )
}

/** What the field `overlap` of that form says, seconds; undefined for what it does not offer. */
export function overlapOf(field: string | undefined): number | undefined {
  const overlap = OVERLAPS.find((each) => each === field)
  return overlap === undefined ? undefined : Number(overlap)
}
