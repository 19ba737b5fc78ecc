import type { ComponentChildren } from 'preact'
import { withQuery } from '../../lib/with-query.js'
import { KeepSignedIn, KeptChoice, withKeepChoice } from '../kit/keep-signed-in.js'
import { PasskeyButton } from '../kit/passkey-button.js'
import { FORGOT, MAIL_SIGN_IN, PASSKEY_REQUEST, PASSKEY_SIGN_IN, SIGN_IN_AS } from '../kit/paths.js'
import type { TextKey } from '../texts/en.js'
import type { FieldErrors, Notice as NoticeContent, Values, View } from '../kit/view.js'
import { BrandMark, Document, Footer, Notice } from '../kit/document.js'
import { EmailField, Field, NewPasswordField, PasswordField } from '../kit/fields.js'

export interface Provider {
  readonly id: string
  readonly name: string
}

interface FormProps {
  readonly view: View
  readonly notice?: NoticeContent | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  /** Where to end; undefined for the account's own page. */
  readonly returnTo: string | undefined
  /** The app that has sent the person here. */
  readonly appName?: string | undefined
}

interface WithProviders extends FormProps {
  readonly providers: readonly Provider[]
}

export interface SignInProps extends WithProviders {
  /** Whether the person may make an account on the other page. */
  readonly hasSignUp: boolean
  /** Whether mails can sign people in, and reset forgotten passwords. */
  readonly hasMail: boolean
  /** Whether passkeys can. */
  readonly hasPasskeys: boolean
  readonly keepsSignedIn: boolean
  /** What a new password must fulfil, where the sign-in asks for one. */
  readonly newPassword: Rules | undefined
  /** Where the page belongs, if it answers a form of another page. */
  readonly path?: string | undefined
}

export interface SignUpProps extends WithProviders {
  readonly rules: Rules
  /** Whether the address has an account. */
  readonly isTaken?: boolean
}

interface Rules {
  readonly min: number
  readonly max: number
}

export function SignIn({
  view,
  providers,
  notice,
  errors = {},
  values = {},
  returnTo,
  newPassword,
  path,
  hasSignUp,
  hasMail,
  hasPasskeys,
  keepsSignedIn,
  appName,
}: SignInProps) {
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && !hasErrors(errors)
  const isKnown = values.email !== undefined && values.email !== ''
  return (
    <Narrow view={view} title={text('login.title')} notice={notice} appName={appName}>
      <Providers
        view={view}
        label="login.with"
        providers={providers}
        returnTo={returnTo}
        keepsSignedIn={keepsSignedIn}
      />
      <form method="post" action="/login" class="stack" data-path={path}>
        <ReturnTo returnTo={returnTo} />
        <EmailField
          language={language}
          autocomplete={hasPasskeys ? 'username webauthn' : 'username'}
          value={values.email}
          error={errors.email}
          autofocus={isFresh && !isKnown}
        />
        <PasswordField
          language={language}
          name="password"
          label={text('field.password')}
          autocomplete="current-password"
          error={errors.password}
          autofocus={isFresh && isKnown}
        />
        {newPassword && (
          <NewPasswordField
            language={language}
            name="newPassword"
            label={text('field.newPassword')}
            error={errors.newPassword}
            rules={newPassword}
          />
        )}
        <KeepSignedIn language={language} isKept={keepsSignedIn} />
        <button class="button main wide">{text('login.submit')}</button>
      </form>
      {hasPasskeys && (
        <form method="post" action={PASSKEY_SIGN_IN}>
          <ReturnTo returnTo={returnTo} />
          <KeptChoice isKept={keepsSignedIn} />
          <PasskeyButton
            language={language}
            fills="assertion"
            options={PASSKEY_REQUEST}
            label={text('login.passkey')}
            isMain={false}
            hasAutofill
          />
        </form>
      )}
      {hasMail && (
        <p class="aside quiet">
          <a
            href={withKeepChoice(withReturnTo(MAIL_SIGN_IN, returnTo), keepsSignedIn)}
            data-sign-in
          >
            {text('login.byMail')}
          </a>
          {' · '}
          <a href={withReturnTo(FORGOT, returnTo)}>{text('login.forgot')}</a>
        </p>
      )}
      {hasSignUp && (
        <p class="aside quiet">
          {text('login.noAccount')}{' '}
          <a href={withReturnTo('/register', returnTo)}>{text('login.register')}</a>
        </p>
      )}
    </Narrow>
  )
}

export function SignUp({
  view,
  providers,
  notice,
  errors = {},
  values = {},
  returnTo,
  rules,
  isTaken = false,
  appName,
}: SignUpProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('register.title')} notice={notice} appName={appName}>
      <Providers view={view} label="register.with" providers={providers} returnTo={returnTo} />
      <form method="post" action="/register" class="stack">
        <ReturnTo returnTo={returnTo} />
        <Field
          language={language}
          name="name"
          label={text('field.name')}
          autocomplete="name"
          value={values.name}
          error={errors.name}
          required={false}
          maxLength={100}
          autofocus={notice === undefined && !hasErrors(errors)}
        />
        <EmailField
          language={language}
          autocomplete="username"
          value={values.email}
          error={errors.email}
        >
          {isTaken && (
            <button class="plain" form="sign-in-instead">
              {text('register.signInInstead')}
            </button>
          )}
        </EmailField>
        <NewPasswordField
          language={language}
          name="password"
          label={text('field.password')}
          error={errors.password}
          rules={rules}
        />
        <button class="button main wide">{text('register.submit')}</button>
      </form>
      {/* An address does not belong in a URL, so it travels in a form. */}
      {isTaken && (
        <form id="sign-in-instead" method="post" action={SIGN_IN_AS}>
          <ReturnTo returnTo={returnTo} />
          <input type="hidden" name="email" value={values.email} />
        </form>
      )}
      <p class="aside quiet">
        {text('register.haveAccount')}{' '}
        <a href={withReturnTo('/login', returnTo)}>{text('register.login')}</a>
      </p>
    </Narrow>
  )
}

const hasErrors = (errors: FieldErrors): boolean => Object.keys(errors).length > 0

interface NarrowProps {
  readonly view: View
  readonly title: string
  readonly notice?: NoticeContent | undefined
  /** The app that the person goes on to. */
  readonly appName?: string | undefined
  readonly children: ComponentChildren
}

/** One card in the middle, for those who are not signed in. */
export function Narrow({ view, title, notice, appName, children }: NarrowProps) {
  return (
    <Document view={view} title={title}>
      <main class="narrow">
        <BrandMark view={view} href="/login" />
        <div class="card stack">
          <div class="stack tight">
            <h1>{title}</h1>
            {appName !== undefined && (
              <p class="quiet">{view.language.text('onward', { app: appName })}</p>
            )}
          </div>
          <Notice notice={notice} />
          {children}
        </div>
      </main>
      <Footer view={view} />
    </Document>
  )
}

export function ReturnTo({ returnTo }: { readonly returnTo: string | undefined }) {
  return returnTo === undefined ? null : <input type="hidden" name="returnTo" value={returnTo} />
}

/** A page that leads on to where a sign-in should end, and says first why the person is there. */
export const withReturnTo = (path: string, returnTo: string | undefined, error?: string): string =>
  withQuery(path, { error, returnTo })

export function Providers({
  view,
  label,
  providers,
  returnTo,
  keepsSignedIn = true,
}: Pick<SignInProps, 'view' | 'providers' | 'returnTo'> & {
  readonly keepsSignedIn?: boolean
  readonly label: 'login.with' | 'register.with'
}) {
  const { text } = view.language
  if (providers.length === 0) return null
  return (
    <>
      <ul class="stack">
        {providers.map(({ id, name }) => (
          <li>
            <a
              class="button wide"
              href={withKeepChoice(withReturnTo(`/api/auth/${id}`, returnTo), keepsSignedIn)}
              data-sign-in
            >
              {text(label, { provider: name })}
            </a>
          </li>
        ))}
      </ul>
      {/* Without scripts the box of the form can't change the links. */}
      {label === 'login.with' && keepsSignedIn && (
        <noscript>
          <p class="aside quiet">
            <a href={withKeepChoice(withReturnTo('/login', returnTo), false)}>
              {text('login.shared')}
            </a>
          </p>
        </noscript>
      )}
      <p class="or">{text('login.or')}</p>
    </>
  )
}

/** Where a failure leads a person on to. */
export interface WayOn {
  readonly href: string
  readonly label: TextKey
  /** The host that it is at, where that is not here. */
  readonly place?: string
}

/** What went wrong where there is no form to say it in. */
export function Failure({
  view,
  title,
  text,
  wayOn,
}: {
  readonly view: View
  readonly title: TextKey
  readonly text: string
  readonly wayOn: WayOn
}) {
  const { language } = view
  return (
    <Narrow view={view} title={language.text(title)} notice={{ tone: 'bad', text }}>
      <p>
        <a class="button wide" href={wayOn.href}>
          {language.text(wayOn.label, { place: wayOn.place ?? '' })}
        </a>
      </p>
    </Narrow>
  )
}

/** For a person who opens the address that the form of the account's pages is sent to. */
export function SignOut({ view }: { readonly view: View }) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('nav.signOut')}>
      <form method="post" action="/logout" class="stack">
        <p>{text('logout.about')}</p>
        <button class="button main wide">{text('nav.signOut')}</button>
        <a class="button wide" href="/dashboard">
          {text('problem.home')}
        </a>
      </form>
    </Narrow>
  )
}
