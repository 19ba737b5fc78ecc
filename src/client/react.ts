import { useEffect, useState, useSyncExternalStore } from 'react'
import type { AppClient, Arrival } from './app/app.js'
import type { Person } from './app/id-token.js'

export interface SignInState {
  /** The person who is signed in; undefined if there is none, and while the page is rendered on a server. */
  readonly user: Person | undefined
  /** Whether it is still open who is signed in: wait with a button to sign in. */
  readonly isLoading: boolean
  /** What `handleRedirect` brought, for a router that runs already. */
  readonly arrival?: Arrival | undefined
  /** Why `handleRedirect` failed. */
  readonly error?: unknown
}

/**
 * Who is signed in. It completes a sign-in when the person comes back, once, also under `StrictMode` and in several
 * components.
 * @param client of `createClient`, made outside of components.
 * @example
 * const { user, isLoading } = useLatchkey(latchkey)
 * if (isLoading) return null
 * if (!user) return <button onClick={() => latchkey.signInWithRedirect()}>Sign in</button>
 * return <p>Hello, {user.name}</p>
 */
export function useLatchkey(client: AppClient): SignInState {
  const [state, setState] = useState<Omit<SignInState, 'user'>>({ isLoading: true })
  const readUser = () => client.user
  const user = useSyncExternalStore(client.onChange, readUser, () => undefined)
  useEffect(() => {
    let isMounted = true
    const settle = (outcome: Pick<SignInState, 'arrival' | 'error'>) => {
      if (isMounted) setState({ isLoading: false, ...outcome })
    }
    client.handleRedirect().then(
      (arrival) => settle({ arrival }),
      (error: unknown) => settle({ error }),
    )
    return () => {
      isMounted = false
    }
  }, [client])
  return { ...state, user }
}
