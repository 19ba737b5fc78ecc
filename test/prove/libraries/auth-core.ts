import { Auth, type AuthConfig } from '@auth/core'
import t from 'tap'
import { newApp, SIGNED_OUT } from '../../support/code-flow.js'
import { realClock } from '../../support/example.js'
import { formsOf } from '../../support/forms.js'
import { startIssuer } from '../../support/issuer.js'
import { Person } from '../../support/person.js'
import { fetchListener, startRelyingApp } from '../../support/relying-app.js'
import { recordSecret } from '../../support/transcript.js'

t.test('@auth/core (NextAuth), with the settings of any OpenID provider', async (t) => {
  const { service, url } = await startIssuer(t, { clock: realClock() })
  const account = await service.signUp()
  const app = await newApp(service, { redirectUris: ['http://127.0.0.1/auth/callback/latchkey'] })
  const held: { refreshToken?: string | undefined } = {}
  const config: AuthConfig = {
    basePath: '/auth',
    secret: 'not a secret of anything but this test',
    trustHost: true,
    logger: { error: (error) => t.fail(error.message), warn: () => undefined },
    providers: [
      {
        id: 'latchkey',
        name: 'Latchkey',
        type: 'oidc',
        issuer: url,
        clientId: app.clientId,
        clientSecret: app.secret ?? '',
      },
    ],
    callbacks: {
      jwt({ token, account: granted, profile }) {
        recordSecret('token', granted?.access_token)
        recordSecret('token', granted?.refresh_token)
        if (granted) held.refreshToken = granted.refresh_token
        return profile ? { ...token, sub: profile.sub ?? '' } : token
      },
      session: ({ session, token }) => ({ ...session, subject: token.sub }),
      redirect: ({ url: next, baseUrl }) =>
        [baseUrl, url].includes(new URL(next, baseUrl).origin) ? next : baseUrl,
    },
  }
  const origin = await startRelyingApp(t, (origin) =>
    fetchListener(origin, async (request) => {
      const { pathname } = new URL(request.url)
      return pathname.startsWith('/auth/') ? Auth(request, config) : new Response('a page')
    }),
  )

  const person = new Person(account)
  const seenBy = async () => {
    const { text } = await person.browser.visit(`${origin}/auth/session`)
    return JSON.parse(text) as { user?: { email?: string }; subject?: string } | null
  }
  t.equal(await seenBy(), null)

  /** Presses the one button of a page of the library. */
  const press = async (path: string, values = {}) => {
    const page = await person.browser.visit(origin + path)
    const [form] = formsOf(page)
    if (!form) throw new Error(`${path} has no form`)
    return person.send(page, form, values)
  }
  const { location = '' } = await press('/auth/signin')
  t.ok(location.startsWith(`${url}/oauth/authorize?`))
  await person.open(location)
  t.equal(person.met[0], '/login')
  t.match(await seenBy(), { subject: account.id, user: { email: account.email } })

  const refresh = async () => {
    const answer = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: app.clientId,
        client_secret: app.secret ?? '',
        grant_type: 'refresh_token',
        refresh_token: held.refreshToken ?? '',
      }),
    })
    const { refresh_token: next, error } = (await answer.json()) as Record<string, string>
    recordSecret('token', next)
    held.refreshToken = next
    return { next, error }
  }
  t.test('refreshes as its guide says', async (t) => {
    t.type((await refresh()).next, 'string')
  })

  t.test('logs out, at Latchkey as well', async (t) => {
    const leave = new URL(`${url}/oauth/logout`)
    leave.searchParams.set('client_id', app.clientId)
    leave.searchParams.set('post_logout_redirect_uri', SIGNED_OUT)
    const end = await press('/auth/signout', { callbackUrl: leave.href })
    t.equal(await seenBy(), null)
    t.equal(end.location, leave.href)
    const { location } = await person.open(leave.href, {
      until: (next) => next.startsWith(SIGNED_OUT),
    })
    t.equal(location, SIGNED_OUT)
    t.equal((await refresh()).error, 'invalid_grant')
  })
})
