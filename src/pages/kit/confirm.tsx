interface ConfirmProps {
  readonly label: string
  /** The label for people who do not see what it stands beside. */
  readonly which?: string
  readonly about: string
  /** Where the form goes, and what its button says. */
  readonly action: string
  readonly submit: string
  /** What the form says beside. */
  readonly fields?: Readonly<Record<string, string>>
  readonly isHarmful?: boolean
  readonly isCompact?: boolean
}

/** A step that is hard to undo asks first, with and without scripts. */
export function Confirm({
  label,
  which,
  about,
  action,
  submit,
  fields = {},
  isHarmful = true,
  isCompact = false,
}: ConfirmProps) {
  const tone = isHarmful ? 'danger' : ''
  return (
    <details class="confirm" name="confirm">
      <summary class={`button ${tone} ${isCompact ? 'compact' : ''}`} aria-label={which}>
        {label}
      </summary>
      <form method="post" action={action} class="stack">
        <p>{about}</p>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div>
          <button class={`button main ${tone}`}>{submit}</button>
        </div>
      </form>
    </details>
  )
}
