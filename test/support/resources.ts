import type { Account, Call, Service, SignedIn } from './service.js'

/** APIs of other teams. */
export const ORDERS = 'https://orders.example.com'
export const BILLING = 'https://api.example.com/billing'

/** `data:read` is for keys alone; `shared:read` is in both APIs. */
export const RESOURCES = JSON.stringify({
  [ORDERS]: {
    name: 'Orders',
    scopes: {
      'orders:read': ['user', 'admin'],
      'orders:write': ['admin'],
      'data:read': [],
      'shared:read': ['admin'],
    },
  },
  [BILLING]: {
    scopes: { 'billing:read': ['admin'], 'shared:read': ['admin'] },
    lifetimeSeconds: 60,
  },
})

export const API_KEY_SCOPES =
  'data:read,data:write,orders:read,orders:write,billing:read,shared:read,token:introspect'

/** Signs in for one API. */
export async function signInTo(
  service: Service,
  resource: string,
  { email, password }: Pick<Account, 'email' | 'password'>,
  call?: Call,
): Promise<SignedIn> {
  const answer = await service.post('/api/auth/login', { email, password, resource }, call)
  if (answer.status === 200) return answer.body
  throw new Error(`sign-in for ${resource} answered ${answer.status} ${answer.body?.code}`)
}

/** The access token of a new person for one API. */
export const newTokenFor = async (service: Service, resource: string): Promise<string> =>
  (await signInTo(service, resource, await service.signUp())).accessToken
