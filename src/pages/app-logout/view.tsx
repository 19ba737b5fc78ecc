import { APP_LOGOUT } from '../kit/paths.js'
import type { View } from '../kit/view.js'
import { Narrow } from '../sign-in/view.js'
import type { Wish } from './wish.js'

interface AppLogoutProps {
  readonly view: View
  /** Of the person who is signed in, as far as this request shows. */
  readonly email: string | undefined
  /** The app that asks; undefined for one that has not proved which it is. */
  readonly appName: string | undefined
  readonly wish: Wish
}

/** An app asks for its person to be signed out. */
export function AppLogout({ view, email, appName: app, wish }: AppLogoutProps) {
  const { text } = view.language
  return (
    <Narrow view={view} title={text('nav.signOut')}>
      <form method="post" action={APP_LOGOUT} class="stack">
        <p>{app === undefined ? text('logout.about') : text('appLogout.about', { app })}</p>
        {email !== undefined && <p class="quiet small">{text('consent.account', { email })}</p>}
        {Object.entries(wish).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="button main wide" name="answer" value="yes">
          {text('nav.signOut')}
        </button>
        <a class="button wide" href="/dashboard">
          {text('appLogout.stay')}
        </a>
      </form>
    </Narrow>
  )
}
