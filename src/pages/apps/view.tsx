import type { ListedConsent } from '../../oauth/consents.js'
import { AccountPage, type AccountPageProps, TimeSentence } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { isTextKey } from '../kit/context.js'
import { APPS_WITHDRAW } from '../kit/paths.js'

export interface AppsProps extends AccountPageProps {
  readonly apps: readonly ListedConsent[]
  /** What people call an API, by its identifier. */
  readonly nameOfApi: (identifier: string) => string
}

/** What a person has allowed apps, and how they take it back. */
export function Apps(props: AppsProps) {
  const { view, apps } = props
  const { text } = view.language
  return (
    <AccountPage {...props} tab="account" title={text('apps.title')} about={text('apps.about')}>
      <section class="card" aria-label={text('apps.title')}>
        {apps.length === 0 ? (
          <p class="quiet">{text('apps.none')}</p>
        ) : (
          <ul class="rows">
            {apps.map((app) => (
              <Row {...props} app={app} />
            ))}
          </ul>
        )}
      </section>
    </AccountPage>
  )
}

function Row({ view, nameOfApi, app }: AppsProps & { readonly app: ListedConsent }) {
  const { text } = view.language
  const { clientId, name, redirectHost, scopes, resources, at } = app
  const rights = scopes.filter((scope) => !isTextKey(`consent.scope.${scope}`))
  const words = [
    ...scopes
      .map((scope) => `apps.scope.${scope}`)
      .filter(isTextKey)
      .map((key) => text(key)),
    ...resources.map(nameOfApi),
  ]
  return (
    <li>
      <div class="body">
        <p class="title">{name}</p>
        <p class="quiet small">
          {redirectHost !== undefined && `${redirectHost} · `}
          <TimeSentence view={view} sentence="apps.since" at={new Date(at)} />
        </p>
        <p class="small">
          {words.join(' · ')}
          {rights.map((scope) => (
            <>
              {' '}
              <code>{scope}</code>
            </>
          ))}
        </p>
      </div>
      <Confirm
        label={text('apps.withdraw')}
        which={text('apps.withdrawWhich', { app: name })}
        about={text('apps.withdraw.about')}
        action={APPS_WITHDRAW}
        submit={text('apps.withdraw')}
        fields={{ clientId }}
        isCompact
      />
    </li>
  )
}
