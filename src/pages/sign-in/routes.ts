import { SIGN_IN_LIMIT, SIGN_UP_LIMIT } from '../../limits/by-address.js'
import { PASSKEY_SIGN_IN, SIGN_IN_AS } from '../kit/paths.js'
import { OPEN, openChange, type PageRoutes } from '../kit/routes.js'

/** Sign-in, sign-up and sign-out. */
export const signInRoutes: PageRoutes = (app, { pageOf }) => {
  const page = pageOf(async () => (await import('../pages.js')).signInHandlers)

  app.get('/login', OPEN, async (...args) => (await page()).showSignIn(...args))
  app.post('/login', openChange(SIGN_IN_LIMIT), async (...args) => (await page()).signIn(...args))
  app.get(PASSKEY_SIGN_IN, OPEN, async (...args) => (await page()).showSignIn(...args))
  app.post(PASSKEY_SIGN_IN, openChange(SIGN_IN_LIMIT), async (...args) =>
    (await page()).signInWithPasskey(...args),
  )
  app.get(SIGN_IN_AS, OPEN, async (...args) => (await page()).showSignIn(...args))
  app.post(SIGN_IN_AS, openChange(), async (...args) => (await page()).showSignInAs(...args))
  app.get('/register', OPEN, async (...args) => (await page()).showSignUp(...args))
  app.post('/register', openChange(SIGN_UP_LIMIT), async (...args) =>
    (await page()).signUp(...args),
  )
  app.get('/logout', OPEN, async (...args) => (await page()).showSignOut(...args))
  app.post('/logout', openChange(), async (...args) => (await page()).signOut(...args))
}
