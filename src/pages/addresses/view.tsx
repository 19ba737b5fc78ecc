import { FREEING, READDRESS } from '../kit/paths.js'
import type { FieldErrors, View } from '../kit/view.js'
import { EmailField } from '../kit/fields.js'
import { Narrow, ReturnTo, withReturnTo } from '../sign-in/view.js'

interface FreeAddressProps {
  readonly view: View
  readonly email: string
  /** The name of the provider that has proved the address. */
  readonly provider: string
  /** Where the sign-in should end. */
  readonly returnTo: string | undefined
}

/** An account that has not proved the person's address holds it: theirs, or another person's. */
export function FreeAddress({ view, email, provider, returnTo }: FreeAddressProps) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('free.title')}>
      <p>{text('free.about', { email })}</p>
      <section class="stack tight" aria-labelledby="mine">
        <h2 id="mine">{text('free.mine')}</h2>
        <p>{text('free.mine.about', { provider })}</p>
        <a class="button wide" href={withReturnTo('/login', returnTo)}>
          {text('free.mine.submit')}
        </a>
      </section>
      <section class="stack tight" aria-labelledby="other">
        <h2 id="other">{text('free.other')}</h2>
        <p>{text('free.other.about')}</p>
        <form method="post" action={FREEING}>
          <ReturnTo returnTo={returnTo} />
          <button class="button wide danger">{text('free.submit')}</button>
        </form>
      </section>
    </Narrow>
  )
}

interface ReaddressProps {
  readonly view: View
  readonly formerEmail: string
  /** Where the sign-in with the new address should end. */
  readonly returnTo: string | undefined
  readonly value?: string | undefined
  readonly errors?: FieldErrors
}

/** For the person whose account has lost its address. */
export function Readdress({ view, formerEmail, returnTo, value, errors = {} }: ReaddressProps) {
  const { language } = view
  const { text } = language
  return (
    <Narrow view={view} title={text('readdress.title')}>
      <p>{text('readdress.about', { email: formerEmail })}</p>
      <form method="post" action={READDRESS} class="stack">
        <ReturnTo returnTo={returnTo} />
        <EmailField
          language={language}
          autocomplete="email"
          value={value}
          error={errors.email}
          autofocus
        />
        <button class="button main wide">{text('readdress.submit')}</button>
      </form>
    </Narrow>
  )
}
