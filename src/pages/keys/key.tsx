import { AccountPage, type AccountPageProps, Back, Card, Time } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { Rotate } from '../kit/rotate.js'
import type { FieldErrors } from '../kit/view.js'
import { type KeyValues, LimitFields, NameAndScopes } from './fields.js'
import { Chart, type Day } from './chart.js'
import { type KeyView, StateBadge } from './parts.js'
import { ShownKey } from './shown-key.js'

export interface KeyProps extends AccountPageProps {
  readonly of: KeyView
  readonly days: readonly Day[]
  readonly secret?: string | undefined
  /** Where a key is sent to. */
  readonly issuer: string
  /** What a key may be allowed. */
  readonly scopes: readonly string[]
  readonly errors?: FieldErrors
  readonly values: KeyValues
}

export function Key(props: KeyProps) {
  const { view, of: key, days, secret, issuer, scopes, errors = {}, values } = props
  const { text } = view.language
  return (
    <AccountPage
      {...props}
      tab="keys"
      title={key.name}
      beside={<StateBadge view={view} state={key.state} />}
      before={<Back href="/dashboard/keys">{text('key.back')}</Back>}
    >
      {key.state === 'leaked' && secret === undefined && (
        <p class="notice bad">{text('key.leaked')}</p>
      )}
      {key.state === 'suspended' && (
        <p class="notice bad">
          {text(key.isOwners ? 'key.suspended.service' : 'key.suspended.administrator')}
        </p>
      )}
      {secret !== undefined && (
        <ShownKey
          view={view}
          secret={secret}
          path={`/dashboard/keys/${key.keyId}`}
          issuer={issuer}
        />
      )}
      <Card id="calls" title={text('key.calls')}>
        <Chart view={view} days={days} />
      </Card>
      <Facts view={view} of={key} />
      {secret === undefined && (
        <>
          <Actions view={view} of={key} />
          <Card id="settings" title={text('key.settings')}>
            <form method="post" action={`/dashboard/keys/${key.keyId}`} class="stack form">
              <NameAndScopes view={view} scopes={scopes} values={values} errors={errors} />
              <LimitFields view={view} scopes={scopes} values={values} errors={errors} />
              <div>
                <button class="button main">{text('key.settings.submit')}</button>
              </div>
            </form>
          </Card>
        </>
      )}
      <Card id="events" title={text('key.events')}>
        <dl class="facts">
          {key.events.map(({ at, what }) => (
            <>
              <dt>
                <Time view={view} at={new Date(at)} />
              </dt>
              <dd>{text(`key.event.${what}`)}</dd>
            </>
          ))}
        </dl>
      </Card>
    </AccountPage>
  )
}

type PartProps = Pick<KeyProps, 'view' | 'of'>

function Facts({ view, of: key }: PartProps) {
  const { text, number } = view.language
  const { rateLimit, monthlyQuota, oldSecretUntil } = key
  const instant = (at: number | undefined) =>
    at === undefined ? text('key.never') : <Time view={view} at={new Date(at)} />
  return (
    <section class="card" aria-label={key.name}>
      <dl class="facts">
        <dt>{text('key.begins')}</dt>
        <dd>
          <code>{key.prefix}…</code>
        </dd>
        <dt>{text('key.id')}</dt>
        <dd>
          <code>{key.keyId}</code>
        </dd>
        <dt>{text('key.scopes')}</dt>
        <dd>
          <code>{key.scopes.join(' ')}</code>
        </dd>
        <dt>{text('key.created')}</dt>
        <dd>
          <Time view={view} at={new Date(key.createdAt)} />
        </dd>
        <dt>{text('key.expires')}</dt>
        <dd>{instant(key.expiresAt)}</dd>
        <dt>{text('key.used')}</dt>
        <dd>{instant(key.lastUsedAt)}</dd>
        {oldSecretUntil !== undefined && (
          <>
            <dt>{text('key.oldSecret')}</dt>
            <dd>{instant(oldSecretUntil)}</dd>
          </>
        )}
        {rateLimit && (
          <>
            <dt>{text('key.limit')}</dt>
            <dd>
              {text('key.limit.value', {
                limit: number(rateLimit.limit),
                seconds: number(rateLimit.windowSeconds),
              })}
            </dd>
          </>
        )}
        {monthlyQuota !== undefined && (
          <>
            <dt>{text('key.quota')}</dt>
            <dd>{number(monthlyQuota)}</dd>
          </>
        )}
        {key.allowedCidrs && (
          <>
            <dt>{text('key.ranges')}</dt>
            <dd>
              <code>{key.allowedCidrs.join(' ')}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Actions({ view, of: { keyId, status, isOwners } }: PartProps) {
  const { text } = view.language
  const path = `/dashboard/keys/${keyId}`
  return (
    <div class="actions">
      <Rotate view={view} action={`${path}/rotate`} />
      {isOwners && status === 'suspended' && (
        <Confirm
          label={text('key.enable')}
          about={text('key.enable.about')}
          action={`${path}/enable`}
          submit={text('key.enable.submit')}
          isHarmful={false}
        />
      )}
      {isOwners && status !== 'suspended' && (
        <form method="post" action={`${path}/${status === 'active' ? 'disable' : 'enable'}`}>
          <button class="button">{text(status === 'active' ? 'key.disable' : 'key.enable')}</button>
        </form>
      )}
      <Confirm
        label={text('key.delete')}
        about={text('key.delete.about')}
        action={`${path}/delete`}
        submit={text('key.delete.submit')}
      />
    </div>
  )
}
