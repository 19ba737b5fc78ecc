import type { View } from '../kit/view.js'
import { Card, TimeSentence } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'

export interface SuspendedKeysProps {
  readonly view: View
  readonly keys: readonly {
    readonly keyId: string
    readonly name: string
    readonly prefix: string
    /** ISO 8601. */
    readonly createdAt: string
  }[]
}

/** Keys that a change of the password has suspended, each to be enabled by its owner. */
export function SuspendedKeys({ view, keys }: SuspendedKeysProps) {
  const { text } = view.language
  if (keys.length === 0) return null
  return (
    <Card id="suspended" title={text('account.suspended')} about={text('account.suspended.about')}>
      <ul class="rows">
        {keys.map(({ keyId, name, prefix, createdAt }) => (
          <li>
            <div class="body">
              <p class="title">
                <a href={`/dashboard/keys/${keyId}`}>{name}</a>
              </p>
              <p class="quiet small">
                <code>{prefix}…</code> ·{' '}
                <TimeSentence
                  view={view}
                  sentence="account.suspended.created"
                  at={new Date(createdAt)}
                />
              </p>
            </div>
            <Confirm
              label={text('key.enable')}
              which={text('account.suspended.enableWhich', { name })}
              about={text('key.enable.about')}
              action={`/dashboard/keys/${keyId}/enable`}
              submit={text('key.enable.submit')}
              isHarmful={false}
              isCompact
            />
          </li>
        ))}
      </ul>
    </Card>
  )
}
