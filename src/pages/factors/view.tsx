import type { TotpSecret } from '../../factors/enrolment.js'
import type { ListedPasskey } from '../../factors/passkeys/listed.js'
import type { ListedDevice } from '../../factors/trusted-devices.js'
import { AccountPage, type AccountPageProps, Card, TimeSentence } from '../kit/account-page.js'
import { Confirm } from '../kit/confirm.js'
import { Field } from '../kit/fields.js'
import { NeedsScript, PasskeyButton } from '../kit/passkey-button.js'
import { FACTORS, FACTORS_PASSKEY, FACTORS_TOTP, PASSKEY_CREATION, STEP_UP } from '../kit/paths.js'
import type { FieldErrors } from '../kit/view.js'
import { deviceName } from '../sessions/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { SetUpTotp } from './set-up-totp.js'
import { ShownCodes } from './shown-codes.js'

export interface FactorsProps extends AccountPageProps {
  /** When the authenticator app was added, ISO 8601. */
  readonly totpSince: string | undefined
  readonly passkeys: readonly ListedPasskey[]
  /** Whether the service takes passkeys. */
  readonly hasPasskeys: boolean
  /** Undefined for an account without a second factor. */
  readonly codesLeft: number | undefined
  readonly devices: readonly ListedDevice[]
  readonly errors?: FieldErrors
}

/** From so few recovery codes on, their person is told. */
const FEW_CODES = 2

export function Factors(props: FactorsProps) {
  const { view, devices } = props
  const { text } = view.language
  return (
    <AccountPage
      {...props}
      tab="account"
      title={text('factors.title')}
      about={text('factors.about')}
      before={<Back {...props} />}
    >
      <App {...props} />
      <Passkeys {...props} />
      <Codes {...props} />
      {devices.length > 0 && <Devices {...props} />}
    </AccountPage>
  )
}

function Back({ view }: Pick<FactorsProps, 'view'>) {
  return (
    <a class="back unprinted" href="/dashboard">
      ← {view.language.text('factors.back')}
    </a>
  )
}

function App({ view, totpSince }: FactorsProps) {
  const { text } = view.language
  return (
    <Card id="totp" title={text('totp.title')} about={text('totp.about')}>
      {totpSince === undefined ? (
        <form method="post" action={FACTORS_TOTP}>
          <button class="button">{text('totp.begin')}</button>
        </form>
      ) : (
        <ul class="rows">
          <li>
            <div class="body">
              <p class="title">
                {text('totp.title')} <span class="badge good">{text('factors.on')}</span>
              </p>
              <p class="quiet small">
                <TimeSentence view={view} sentence="factors.added" at={new Date(totpSince)} />
              </p>
            </div>
            <Confirm
              label={text('factors.remove')}
              which={text('factors.removeWhich', { name: text('totp.title') })}
              about={text('totp.remove.about')}
              action={`${FACTORS_TOTP}/remove`}
              submit={text('totp.remove.submit')}
              isCompact
            />
          </li>
        </ul>
      )}
    </Card>
  )
}

function Passkeys({ view, passkeys, hasPasskeys, errors = {} }: FactorsProps) {
  const { language } = view
  const { text } = language
  if (!hasPasskeys && passkeys.length === 0) return null
  return (
    <Card id="passkeys" title={text('passkeys.title')} about={text('passkeys.about')}>
      {passkeys.length > 0 && (
        <ul class="rows">
          {passkeys.map((passkey) => (
            <PasskeyRow view={view} passkey={passkey} />
          ))}
        </ul>
      )}
      {hasPasskeys && (
        <form method="post" action={FACTORS_PASSKEY} class="stack form">
          <div class="stack" hidden data-with-passkeys>
            <Field
              language={language}
              name="name"
              label={text('passkeys.name')}
              hint={text('passkeys.name.hint')}
              autocomplete="off"
              required={false}
              maxLength={60}
              error={errors.name}
            />
          </div>
          <PasskeyButton
            language={language}
            fills="attestation"
            options={PASSKEY_CREATION}
            label={text('passkeys.add')}
            stepUp={withReturnTo(STEP_UP, FACTORS)}
            isMain={false}
          />
          <NeedsScript language={language} />
        </form>
      )}
    </Card>
  )
}

function PasskeyRow({
  view,
  passkey,
}: Pick<FactorsProps, 'view'> & { readonly passkey: ListedPasskey }) {
  const { text } = view.language
  const { id, name, addedAt, lastUsedAt, isSynced, status } = passkey
  const path = `${FACTORS_PASSKEY}/${id}`
  return (
    <li>
      <div class="body">
        <p class="title">{name}</p>
        <p class="quiet small">
          <TimeSentence view={view} sentence="factors.added" at={new Date(addedAt)} /> ·{' '}
          {lastUsedAt === null ? (
            text('passkeys.unused')
          ) : (
            <TimeSentence view={view} sentence="passkeys.used" at={new Date(lastUsedAt)} />
          )}{' '}
          · {text(isSynced ? 'passkeys.synced' : 'passkeys.bound')}
        </p>
        {status === 'suspended' && <p class="small">{text('passkeys.suspended')}</p>}
      </div>
      <details class="confirm" name="confirm">
        <summary class="button compact" aria-label={text('passkeys.renameWhich', { name })}>
          {text('passkeys.rename')}
        </summary>
        <form method="post" action={`${path}/rename`} class="stack">
          <div class="field">
            <label for={`name-${id}`}>{text('passkeys.name')}</label>
            <input
              id={`name-${id}`}
              name="name"
              type="text"
              value={name}
              required
              maxLength={60}
              autocomplete="off"
              spellcheck={false}
            />
          </div>
          <div>
            <button class="button main">{text('passkeys.rename.submit')}</button>
          </div>
        </form>
      </details>
      <Confirm
        label={text('factors.remove')}
        which={text('factors.removeWhich', { name })}
        about={text('passkeys.remove.about')}
        action={`${path}/remove`}
        submit={text('passkeys.remove.submit')}
        isCompact
      />
    </li>
  )
}

function Codes({ view, codesLeft }: FactorsProps) {
  const { text } = view.language
  if (codesLeft === undefined) return null
  const isLow = codesLeft <= FEW_CODES
  const sentence = text(`factors.codes.left.${codesLeft === 1 ? 'one' : 'other'}`, {
    left: codesLeft,
  })
  return (
    <Card id="codes" title={text('factors.codes')} about={text('factors.codes.about')}>
      {isLow ? (
        <p class="notice bad">
          {sentence} {text('factors.codes.few')}
        </p>
      ) : (
        <p>{sentence}</p>
      )}
      <div class="actions">
        <Confirm
          label={text('factors.codes.replace')}
          about={text('factors.codes.replace.about')}
          action={`${FACTORS}/recovery-codes`}
          submit={text('factors.codes.replace.submit')}
          isHarmful={false}
        />
      </div>
    </Card>
  )
}

function Devices({ view, devices }: FactorsProps) {
  const { text } = view.language
  return (
    <Card id="devices" title={text('devices.title')} about={text('devices.about')}>
      <ul class="rows">
        {devices.map(({ id, isCurrent, addedAt, expiresAt, userAgent, ip }) => {
          const device = deviceName(view.language, userAgent ?? '')
          return (
            <li>
              <div class="body">
                <p class="title">
                  {device}
                  {isCurrent && <span class="badge good">{text('sessions.current')}</span>}
                </p>
                <p class="quiet small">
                  {ip} ·{' '}
                  <TimeSentence view={view} sentence="devices.since" at={new Date(addedAt)} /> ·{' '}
                  <TimeSentence view={view} sentence="devices.until" at={new Date(expiresAt)} />
                </p>
              </div>
              <form method="post" action={`${FACTORS}/devices/${id}/end`}>
                <button
                  class="button compact"
                  aria-label={text('devices.endWhich', { device, address: ip })}
                >
                  {text('devices.end')}
                </button>
              </form>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

interface AddTotpProps extends AccountPageProps {
  readonly secret: TotpSecret
  readonly errors: FieldErrors
}

/** The page that a person adds an authenticator app at. */
export function AddTotp(props: AddTotpProps) {
  const { view, secret, errors } = props
  return (
    <AccountPage
      {...props}
      tab="account"
      title={view.language.text('totp.title')}
      before={<BackToFactors view={view} />}
    >
      <section class="card" aria-label={view.language.text('totp.title')}>
        <SetUpTotp view={view} secret={secret} action={`${FACTORS_TOTP}/confirm`} errors={errors} />
      </section>
    </AccountPage>
  )
}

function BackToFactors({ view }: Pick<FactorsProps, 'view'>) {
  return (
    <a class="back" href={FACTORS}>
      ← {view.language.text('factors.title')}
    </a>
  )
}

interface NewCodesProps extends AccountPageProps {
  readonly codes: readonly string[]
}

/** New recovery codes, after a change that made them. */
export function NewCodes(props: NewCodesProps) {
  const { view, codes } = props
  return (
    <AccountPage {...props} tab="account" title={view.language.text('factors.title')}>
      <div class="card new">
        <ShownCodes view={view} codes={codes} path={FACTORS} onward={FACTORS} />
      </div>
    </AccountPage>
  )
}
