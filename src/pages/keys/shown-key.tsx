import type { View } from '../kit/view.js'
import { Copyable, ShownSecret } from '../kit/shown-secret.js'

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
    <ShownSecret
      view={view}
      secret={secret}
      path={path}
      title="keys.shown"
      about="keys.shown.about"
      label="keys.shown.label"
    >
      <div class="stack tight">
        <p class="small">{text('keys.try')}</p>
        <Copyable view={view} id="curl" label="keys.try.label">
          {`curl --header 'x-api-key: ${secret}' ${issuer}/api/key`}
        </Copyable>
      </div>
    </ShownSecret>
  )
}
