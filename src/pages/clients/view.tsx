import type { AppClient } from '../../oauth/clients/client.js'
import { AccountPage, type AccountPageProps, Card } from '../kit/account-page.js'
import { CLIENTS } from '../kit/paths.js'
import { Picture } from '../kit/picture.js'
import type { FieldErrors, Values } from '../kit/view.js'
import { ClientFields, type ClientFieldsProps } from './fields.js'

export interface ClientsProps extends AccountPageProps {
  readonly clients: readonly AppClient[]
  readonly apis: ClientFieldsProps['apis']
  readonly errors?: FieldErrors
  readonly values?: Values
}

export function Clients(props: ClientsProps) {
  const { view, clients } = props
  const { text } = view.language
  return (
    <AccountPage {...props} tab="apps" title={text('clients.title')} about={text('clients.about')}>
      {clients.length === 0 ? (
        <section class="card empty">
          <span class="picture" aria-hidden="true">
            <AppPicture />
          </span>
          <h2>{text('clients.none')}</h2>
          <p class="quiet">{text('clients.none.about')}</p>
        </section>
      ) : (
        <Card id="apps" title={text('clients.list')}>
          <ul class="rows">
            {clients.map((client) => (
              <Row view={view} of={client} />
            ))}
          </ul>
        </Card>
      )}
      <Register {...props} />
    </AccountPage>
  )
}

function Row({ view, of: client }: Pick<ClientsProps, 'view'> & { readonly of: AppClient }) {
  const { text } = view.language
  return (
    <li>
      <span class="picture" aria-hidden="true">
        <AppPicture />
      </span>
      <div class="body">
        <p class="title">
          <a href={`${CLIENTS}/${client.clientId}`}>{client.name}</a>
          {client.suspendedReason !== undefined && (
            <span class="badge bad">{text('clients.suspended')}</span>
          )}
          {client.isDeclared === true && (
            <span class="badge">{text('clients.declared.badge')}</span>
          )}
        </p>
        <p class="quiet small">
          <code>{client.clientId}</code> ·{' '}
          {text(client.isPublic ? 'clients.public' : 'clients.confidential')}
        </p>
      </div>
    </li>
  )
}

function Register({ view, apis, errors = {}, values = {} }: ClientsProps) {
  const { text } = view.language
  return (
    <Card id="register" title={text('clients.register')}>
      <form method="post" action={CLIENTS} class="stack form">
        <ClientFields view={view} apis={apis} values={values} errors={errors} />
        <label class="check">
          <input type="checkbox" name="public" checked={values.public !== undefined} />
          <span>{text('clients.public.choose')}</span>
        </label>
        <div>
          <button class="button main">{text('clients.register.submit')}</button>
        </div>
      </form>
    </Card>
  )
}

function AppPicture() {
  return (
    <Picture>
      <rect x="3" y="4" width="16" height="14" rx="2" />
      <path d="M3 8.5h16M6 6.3h.01M8.5 6.3h.01" stroke-linecap="round" />
    </Picture>
  )
}
