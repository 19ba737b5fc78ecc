import type { Resource } from '../../access-tokens/resources.js'
import type { AppClient } from '../../oauth/clients/client.js'
import { isInForce } from '../../oauth/clients/secret.js'
import { AccountPage, type AccountPageProps, Back, Card, Time } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { CLIENTS } from '../kit/paths.js'
import { Rotate } from '../kit/rotate.js'
import { ShownSecret } from '../kit/shown-secret.js'
import type { FieldErrors, Values } from '../kit/view.js'
import { ClientFields } from './fields.js'

export interface ClientProps extends AccountPageProps {
  readonly of: AppClient
  readonly apis: readonly Resource[]
  /** A new secret, shown this once. */
  readonly secret?: string | undefined
  readonly issuer: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly errors?: FieldErrors
  readonly values: Values
}

/** One app that signs people in here. */
export function Client(props: ClientProps) {
  const { view, of: client, apis, secret, values, errors = {} } = props
  const { text } = view.language
  const path = `${CLIENTS}/${client.clientId}`
  const isChangeable = client.isDeclared !== true && secret === undefined
  return (
    <AccountPage
      {...props}
      tab="apps"
      title={client.name}
      before={<Back href={CLIENTS}>{text('clients.back')}</Back>}
    >
      {client.isDeclared === true && <p class="notice">{text('clients.declared')}</p>}
      {client.suspendedReason !== undefined && (
        <p class="notice bad">{text('clients.suspended.about')}</p>
      )}
      {secret !== undefined && (
        <ShownSecret
          view={view}
          secret={secret}
          path={path}
          title="clients.shown"
          about="clients.shown.about"
          label="clients.shown.label"
        />
      )}
      <Facts {...props} />
      {isChangeable && (
        <>
          <div class="actions">
            {!client.isPublic && <Rotate view={view} action={`${path}/rotate`} />}
            {client.suspendedReason !== undefined && (
              <Confirm
                label={text('clients.enable')}
                about={text('clients.enable.about')}
                action={`${path}/enable`}
                submit={text('clients.enable.submit')}
                isHarmful={false}
              />
            )}
            <Confirm
              label={text('clients.remove')}
              about={text('clients.remove.about')}
              action={`${path}/remove`}
              submit={text('clients.remove.submit')}
            />
          </div>
          <Card id="settings" title={text('key.settings')}>
            <form method="post" action={path} class="stack form">
              <ClientFields view={view} apis={apis} values={values} errors={errors} />
              <div>
                <button class="button main">{text('key.settings.submit')}</button>
              </div>
            </form>
          </Card>
        </>
      )}
    </AccountPage>
  )
}

function Facts({ view, of: client, apis, issuer, now }: ClientProps) {
  const { text } = view.language
  const { redirectUris, postLogoutRedirectUris, resources, scopes, secrets } = client
  const nameOf = (identifier: string) =>
    apis.find((api) => api.identifier === identifier)?.name ?? identifier
  return (
    <section class="card" aria-label={client.name}>
      <dl class="facts">
        <dt>
          <code>client_id</code>
        </dt>
        <dd>
          <code>{client.clientId}</code>
        </dd>
        <dt>{text('clients.issuer')}</dt>
        <dd>
          <code>{issuer}</code>
        </dd>
        <dt>{text('clients.kind')}</dt>
        <dd>
          {text(client.isPublic ? 'clients.public' : 'clients.confidential')}
          {client.isFirstParty && ` · ${text('clients.firstParty.badge')}`}
        </dd>
        <dt>{text('clients.redirectUris')}</dt>
        <dd>
          <Uris uris={redirectUris} />
        </dd>
        {postLogoutRedirectUris.length > 0 && (
          <>
            <dt>{text('clients.postLogout')}</dt>
            <dd>
              <Uris uris={postLogoutRedirectUris} />
            </dd>
          </>
        )}
        {resources && (
          <>
            <dt>{text('clients.apis.fact')}</dt>
            <dd>{resources.map(nameOf).join(', ')}</dd>
          </>
        )}
        {scopes && (
          <>
            <dt>{text('clients.scopes')}</dt>
            <dd>
              <code>{scopes.join(' ')}</code>
            </dd>
          </>
        )}
        {secrets
          .filter((secret) => isInForce(secret, now))
          .map(({ addedAt, until }) => (
            <>
              <dt>{text(until === undefined ? 'clients.secretSince' : 'key.oldSecret')}</dt>
              <dd>
                {until === undefined && addedAt === 0 ? (
                  text('clients.declared.badge')
                ) : (
                  <Time view={view} at={new Date(until ?? addedAt)} />
                )}
              </dd>
            </>
          ))}
        {client.createdAt > 0 && (
          <>
            <dt>{text('clients.registered')}</dt>
            <dd>
              <Time view={view} at={new Date(client.createdAt)} /> · <Maker by={client.createdBy} />
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Uris({ uris }: { readonly uris: readonly string[] }) {
  return (
    <>
      {uris.map((uri, index) => (
        <>
          {index > 0 && <br />}
          <code>{uri}</code>
        </>
      ))}
    </>
  )
}

/** An administrator, or the command line. */
function Maker({ by }: { readonly by: string }) {
  return by.length === USER_ID_LENGTH ? (
    <a href={`/dashboard/users/${by}`}>
      <code>{by}</code>
    </a>
  ) : (
    <code>{by}</code>
  )
}

const USER_ID_LENGTH = 36
