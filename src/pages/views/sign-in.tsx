import type { ComponentChildren } from 'preact'
import type { FieldErrors, Notice as NoticeContent, Values, View } from '../view.js'
import { BrandMark, Document, Footer, Notice } from './document.js'
import { EmailField, Field, NewPasswordField, PasswordField } from './fields.js'

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
}

export interface SignInProps extends FormProps {
  readonly providers: readonly Provider[]
  /** What a new password must fulfil, where the sign-in asks for one. */
  readonly newPassword: Rules | undefined
}

export interface SignUpProps extends FormProps {
  readonly providers: readonly Provider[]
  readonly rules: Rules
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
}: SignInProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('login.title')} notice={notice}>
      <Providers view={view} label="login.with" providers={providers} returnTo={returnTo} />
      <form method="post" action="/login" class="stack">
        <ReturnTo returnTo={returnTo} />
        <EmailField
          language={language}
          autocomplete="username"
          value={values.email}
          error={errors.email}
        />
        <PasswordField
          language={language}
          name="password"
          label={text('field.password')}
          autocomplete="current-password"
          error={errors.password}
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
        <button class="button main wide">{text('login.submit')}</button>
      </form>
      <p class="aside quiet">
        {text('login.noAccount')}{' '}
        <a href={withReturnTo('/register', returnTo)}>{text('login.register')}</a>
      </p>
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
}: SignUpProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('register.title')} notice={notice}>
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
        />
        <EmailField
          language={language}
          autocomplete="username"
          value={values.email}
          error={errors.email}
        />
        <NewPasswordField
          language={language}
          name="password"
          label={text('field.password')}
          error={errors.password}
          rules={rules}
        />
        <button class="button main wide">{text('register.submit')}</button>
      </form>
      <p class="aside quiet">
        {text('register.haveAccount')}{' '}
        <a href={withReturnTo('/login', returnTo)}>{text('register.login')}</a>
      </p>
    </Narrow>
  )
}

interface NarrowProps {
  readonly view: View
  readonly title: string
  readonly notice?: NoticeContent | undefined
  readonly children: ComponentChildren
}

/** One card in the middle, for those who are not signed in. */
function Narrow({ view, title, notice, children }: NarrowProps) {
  return (
    <Document view={view} title={title}>
      <main class="narrow">
        <BrandMark view={view} href="/login" />
        <div class="card stack">
          <h1>{title}</h1>
          <Notice notice={notice} />
          {children}
        </div>
      </main>
      <Footer view={view} />
    </Document>
  )
}

function ReturnTo({ returnTo }: { readonly returnTo: string | undefined }) {
  return returnTo === undefined ? null : <input type="hidden" name="returnTo" value={returnTo} />
}

const withReturnTo = (path: string, returnTo: string | undefined): string =>
  returnTo === undefined ? path : `${path}?${new URLSearchParams({ returnTo }).toString()}`

function Providers({
  view,
  label,
  providers,
  returnTo,
}: Pick<SignInProps, 'view' | 'providers' | 'returnTo'> & {
  readonly label: 'login.with' | 'register.with'
}) {
  const { text } = view.language
  if (providers.length === 0) return null
  return (
    <>
      <ul class="stack">
        {providers.map(({ id, name }) => (
          <li>
            <a class="button wide" href={withReturnTo(`/api/auth/${id}`, returnTo)}>
              {text(label, { provider: name })}
            </a>
          </li>
        ))}
      </ul>
      <p class="or">{text('login.or')}</p>
    </>
  )
}

/** What went wrong where there is no form to say it in. */
export function Failure({
  view,
  text,
  back,
  isLost,
}: {
  readonly view: View
  readonly text: string
  readonly back: string
  /** Whether the address was none of a page, so that there is no way back. */
  readonly isLost: boolean
}) {
  const { language } = view
  return (
    <Narrow view={view} title={language.text('problem.title')} notice={{ tone: 'bad', text }}>
      <p>
        <a class="button wide" href={back}>
          {language.text(isLost ? 'problem.home' : 'problem.back')}
        </a>
      </p>
    </Narrow>
  )
}
