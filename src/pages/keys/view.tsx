import type { FieldErrors } from '../kit/view.js'
import { AccountPage, type AccountPageProps, Card, TimeSentence } from '../kit/account-page.js'
import { Wrong } from '../kit/fields.js'
import { type KeyValues, LimitFields, NameAndScopes } from './fields.js'
import { type KeyView, StateBadge } from './parts.js'
import { ShownKey } from './shown-key.js'
import { Picture } from '../kit/picture.js'

export const EXPIRIES = ['30', '90', '365', 'never'] as const

const LIMITS = ['rateLimit', 'monthlyQuota', 'allowedCidrs'] as const

export interface KeysProps extends AccountPageProps {
  readonly keys: readonly KeyView[]
  /** What a key may be allowed. */
  readonly scopes: readonly string[]
  readonly errors?: FieldErrors
  readonly values?: KeyValues
  /** A new key, shown this once. */
  readonly secret?: string | undefined
  /** Where a key is sent to. */
  readonly issuer: string
}

export function Keys(props: KeysProps) {
  const { view, keys, secret, issuer } = props
  const { text } = view.language
  return (
    <AccountPage {...props} tab="keys" title={text('keys.title')} about={text('keys.about')}>
      {secret !== undefined && (
        <ShownKey view={view} secret={secret} path="/dashboard/keys" issuer={issuer} />
      )}
      {keys.length === 0 ? (
        <section class="card empty">
          <span class="picture" aria-hidden="true">
            <KeyPicture />
          </span>
          <h2>{text('keys.none')}</h2>
          <p class="quiet">{text('keys.none.about')}</p>
        </section>
      ) : (
        <Card id="keys" title={text('keys.list')}>
          <ul class="rows">
            {keys.map((key) => (
              <Row view={view} of={key} />
            ))}
          </ul>
        </Card>
      )}
      {secret === undefined && <Create {...props} />}
    </AccountPage>
  )
}

function Row({ view, of: key }: Pick<KeysProps, 'view'> & { readonly of: KeyView }) {
  const { text } = view.language
  const { lastUsedAt, expiresAt } = key
  return (
    <li>
      <span class="picture" aria-hidden="true">
        <KeyPicture />
      </span>
      <div class="body">
        <p class="title">
          <a href={`/dashboard/keys/${key.keyId}`}>{key.name}</a>
          <StateBadge view={view} state={key.state} />
        </p>
        <p class="quiet small">
          <code>{key.prefix}…</code> · {key.scopes.join(', ')} ·{' '}
          {lastUsedAt === undefined ? (
            text('keys.unused')
          ) : (
            <TimeSentence view={view} sentence="keys.used" at={new Date(lastUsedAt)} />
          )}{' '}
          ·{' '}
          {expiresAt === undefined ? (
            text('keys.expiresNever')
          ) : (
            <TimeSentence view={view} sentence="keys.expires" at={new Date(expiresAt)} />
          )}
        </p>
      </div>
    </li>
  )
}

function Create({ view, scopes, errors = {}, values = {} }: KeysProps) {
  const { text } = view.language
  const fields = { view, scopes, errors, values: { scopes: scopes[0] ?? '', ...values } }
  const hasLimits = LIMITS.some((name) => values[name] !== undefined || errors[name] !== undefined)
  const expiry = values.expiry ?? '90'
  return (
    <Card id="create" title={text('keys.create')}>
      <form method="post" action="/dashboard/keys" class="stack form">
        <NameAndScopes {...fields} />
        <div class="field">
          <label for="expiry">{text('keys.expiry')}</label>
          <select
            id="expiry"
            name="expiry"
            aria-invalid={errors.expiry !== undefined}
            aria-describedby={errors.expiry === undefined ? undefined : 'expiry-wrong'}
          >
            {EXPIRIES.map((days) => (
              <option value={days} selected={days === expiry}>
                {text(`keys.expiry.${days}`)}
              </option>
            ))}
          </select>
          <Wrong name="expiry" error={errors.expiry} />
        </div>
        <details open={hasLimits}>
          <summary class="button compact">{text('keys.limits')}</summary>
          <div class="stack more">
            <LimitFields {...fields} />
          </div>
        </details>
        <div>
          <button class="button main">{text('keys.create.submit')}</button>
        </div>
      </form>
    </Card>
  )
}

function KeyPicture() {
  return (
    <Picture>
      <circle cx="7" cy="14.5" r="4" />
      <path d="m10 11.5 8.5-8.5M15 6.5l3 3M12.5 9l2 2" stroke-linecap="round" />
    </Picture>
  )
}
