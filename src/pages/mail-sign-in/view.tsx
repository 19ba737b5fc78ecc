import { EmailField } from '../kit/fields.js'
import { KeepSignedIn, KeptChoice, withKeepChoice } from '../kit/keep-signed-in.js'
import { MailProof } from '../kit/mail-proof.js'
import { MAIL_SIGN_IN, MAIL_SIGN_IN_CONFIRM } from '../kit/paths.js'
import type { FieldErrors, Notice, View } from '../kit/view.js'
import { Narrow, ReturnTo, withReturnTo } from '../sign-in/view.js'

interface MailSignInProps {
  readonly view: View
  /** The address that this browser has asked for a mail to; undefined where it has not. */
  readonly email: string | undefined
  readonly value?: string | undefined
  readonly keepsSignedIn: boolean
  readonly returnTo?: string | undefined
  readonly appName?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
}

/** Asks for the mail, and takes its code, or its link. */
export function MailSignIn({
  view,
  email,
  value = email,
  keepsSignedIn,
  returnTo,
  appName,
  notice,
  errors = {},
}: MailSignInProps) {
  const { language } = view
  const { text } = language
  const isFresh = notice === undefined && Object.keys(errors).length === 0
  const hasAsked = email !== undefined
  return (
    <Narrow view={view} title={text('mailSignIn.title')} notice={notice} appName={appName}>
      {hasAsked && <p data-without-ticket>{text('mailSignIn.sent', { email })}</p>}
      <div class="stack" hidden={!hasAsked} data-with-ticket>
        <form
          method="post"
          action={MAIL_SIGN_IN_CONFIRM}
          class="stack"
          data-path={isFresh ? undefined : MAIL_SIGN_IN}
        >
          <MailProof language={language} error={errors.code} autofocus={isFresh && hasAsked} />
          {hasAsked && <KeepSignedIn language={language} isKept={keepsSignedIn} />}
          <button class="button main wide">{text('login.submit')}</button>
        </form>
      </div>
      <div class="stack" data-without-ticket>
        {!hasAsked && <p>{text('mailSignIn.about')}</p>}
        <form method="post" action={MAIL_SIGN_IN} class="stack">
          <ReturnTo returnTo={returnTo} />
          <EmailField
            language={language}
            autocomplete="username"
            value={value}
            error={errors.email}
            autofocus={isFresh && !hasAsked}
          />
          {hasAsked ? (
            <KeptChoice isKept={keepsSignedIn} />
          ) : (
            <KeepSignedIn language={language} isKept={keepsSignedIn} />
          )}
          <button class={`button wide ${hasAsked ? '' : 'main'}`}>
            {text(hasAsked ? 'mailSignIn.again' : 'mailSignIn.submit')}
          </button>
        </form>
      </div>
      <p class="aside quiet">
        <a href={withKeepChoice(withReturnTo('/login', returnTo), keepsSignedIn)} data-sign-in>
          {text('mailSignIn.otherwise')}
        </a>
      </p>
    </Narrow>
  )
}

/** For the owner of a mailbox whose account may be another person's. */
export function StartOver({ view, email }: { readonly view: View; readonly email: string }) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('free.title')}>
      <p data-path={MAIL_SIGN_IN}>{text('startOver.about', { email })}</p>
      <section class="stack tight" aria-labelledby="mine">
        <h2 id="mine">{text('free.mine')}</h2>
        <p>{text('startOver.mine')}</p>
        <a class="button wide" href="/login">
          {text('free.mine.submit')}
        </a>
      </section>
      <section class="stack tight" aria-labelledby="other">
        <h2 id="other">{text('free.other')}</h2>
        <p>{text('startOver.other')}</p>
        <form method="post" action={MAIL_SIGN_IN_CONFIRM}>
          <input type="hidden" name="startOver" value="true" />
          <button class="button wide danger">{text('verify.notMine.submit')}</button>
        </form>
      </section>
    </Narrow>
  )
}
