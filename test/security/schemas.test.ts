import t from 'tap'
import { optionalRoutes } from '../support/optional-routes.js'
import { type Route, withRoutes } from '../support/routes.js'
import { startService } from '../support/service.js'

interface Schema {
  readonly body?: object
  readonly querystring?: object
  readonly params?: { readonly properties?: object }
  readonly response?: Readonly<Record<string, unknown>>
}

/** Pages and what they are made of are for people; their forms are judged by the same rules as the API's bodies. */
const isForPrograms = ({ url, file = '' }: Route): boolean =>
  /^\/(api|oauth|\.well-known|healthz)\b/.test(url) && !file.startsWith('pages/')

/** They take no body: what they do is all in the URL and the credential. */
const BODILESS = [
  'POST /api/auth/email/verification',
  'POST /api/auth/factors/totp',
  'POST /api/auth/factors/recovery-codes',
  'POST /api/auth/logout',
  'POST /api/auth/passkeys/options',
  'POST /api/auth/login/passkey/options',
  'POST /api/auth/step-up',
  'POST /oauth/userinfo',
  ...['password-reset', 'verify-address', 'release-address', 'factors-removal'].map(
    (deed) => `POST /api/admin/users/:id/${deed}`,
  ),
  'POST /api/admin/users/:id/factors-removal/confirm',
  'POST /api/admin/users/:id/factors/unlock',
]

/** RFC 6749 §3.1, §3.2: parameters that are not known are ignored. A scanner's report is signed, and grows. */
const TAKES_MORE = /^POST \/(oauth\/|api\/apikeys\/leaked$)/

/** Schemas of one object: a union has several, and one that may be left out has `null` beside it. */
function objectsOf(schema: object): object[] {
  const { anyOf, allOf, oneOf } = schema as Record<string, object[] | undefined>
  const parts = anyOf ?? oneOf ?? allOf
  if (parts && !('properties' in schema)) return parts.flatMap(objectsOf)
  return 'properties' in schema ? [schema] : []
}

t.test(
  'each route for programs says what it takes and what it answers (ASVS V2.1.1)',
  async (t) => {
    const { routes } = await withRoutes(() => startService(t, { env: optionalRoutes() }))
    const own = routes.filter((route) => route.method !== 'HEAD' && isForPrograms(route))
    t.ok(own.length > 90, `${own.length} routes`)
    const idle = BODILESS.filter(
      (name) => !own.some(({ method, url }) => `${method} ${url}` === name),
    )
    t.same(idle, [], 'each of those without a body exists')
    for (const { method, url, schema } of own) {
      const name = `${method} ${url}`
      const { body, params, response } = (schema ?? {}) as Schema
      t.ok(
        Object.keys(response ?? {}).some((status) => /^[23]/.test(status)),
        `${name}: answers`,
      )
      const parameters = [...url.matchAll(/:(\w+)/g)].map(([, parameter = '']) => parameter)
      t.same(Object.keys(params?.properties ?? {}), parameters, `${name}: parameters`)
      const takesBody = ['POST', 'PUT', 'PATCH'].includes(method) && !BODILESS.includes(name)
      t.equal(body !== undefined, takesBody, `${name}: body`)
      if (body === undefined || TAKES_MORE.test(name)) continue
      const objects = objectsOf(body)
      t.ok(objects.length > 0, `${name}: fields`)
      for (const object of objects) {
        t.match(object, { additionalProperties: false }, `${name}: no other field`)
      }
    }
  },
)
