import { knows, type Resource } from '../../access-tokens/resources.js'
import { isLoopback } from '../../lib/secure-url.js'
import type { AuthorizationRequest } from '../../oauth/authorization/request.js'
import type { AppClient } from '../../oauth/clients/client.js'
import type { Owner } from '../kit/account-page.js'
import { isTextKey } from '../kit/context.js'
import { CONSENT } from '../kit/paths.js'
import type { View } from '../kit/view.js'
import { Narrow, withReturnTo } from '../sign-in/view.js'

interface ConsentProps {
  readonly view: View
  readonly owner: Owner
  readonly client: AppClient
  readonly asked: AuthorizationRequest
  /** The APIs that it asks for. */
  readonly apis: readonly Resource[]
  readonly returnTo: string
}

/** Who asks, what for, and in whose name: the person says yes or no. */
export function Consent(props: ConsentProps) {
  const { view, owner, client, asked, returnTo } = props
  const { text } = view.language
  const { name: app } = client
  return (
    <Narrow view={view} title={text('consent.title', { app })}>
      <Place {...props} />
      <Wishes {...props} />
      <p class="quiet small">
        {text('consent.account', { email: owner.email ?? owner.id })}{' '}
        <a href={withReturnTo('/login', returnTo, 'RECENT_SIGN_IN_REQUIRED')}>
          {text('consent.other')}
        </a>
      </p>
      <form method="post" action={withReturnTo(CONSENT, returnTo)} class="stack">
        <input type="hidden" name="account" value={owner.id} />
        <button class="button main wide" name="answer" value="yes">
          {text('consent.yes')}
        </button>
        <button class="button wide" name="answer" value="no">
          {text('consent.no')}
        </button>
      </form>
      {asked.scopes.includes('offline_access') && (
        <p class="hint">{text('consent.offline.hint')}</p>
      )}
    </Narrow>
  )
}

/** Where the answer goes is all that tells an app from one that copies its name. */
function Place({ view, client, asked }: ConsentProps) {
  const { brand, language } = view
  const { text } = language
  const { protocol, host, hostname } = new URL(asked.redirectUri)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  const place = isWeb ? host : protocol
  const where = !isWeb ? 'device' : isLoopback(hostname) ? 'computer' : 'web'
  return (
    <div class="stack tight">
      <p>
        {text(`consent.place.${where}`)} <strong class="place">{place}</strong>
      </p>
      <p class="quiet small">
        {text(client.isFirstParty ? 'consent.own' : 'consent.foreign', { service: brand.name })}
      </p>
    </div>
  )
}

function Wishes({ view, client, asked, apis }: ConsentProps) {
  const { text } = view.language
  const own = asked.scopes.map((scope) => `consent.scope.${scope}`).filter(isTextKey)
  return (
    <>
      <p>{text('consent.wants')}</p>
      <ul class="wishes">
        {own.map((key) => (
          <li>{text(key)}</li>
        ))}
        {apis.map((api) => {
          const scopes = asked.scopes.filter((scope) => knows(api, scope))
          const isAll = scopes.length === 0 && client.isFirstParty
          return (
            <li>
              {text(isAll ? 'consent.api.all' : 'consent.api', { api: api.name })}
              {scopes.map((scope) => (
                <>
                  {' '}
                  <code>{scope}</code>
                </>
              ))}
            </li>
          )
        })}
      </ul>
    </>
  )
}
