import { METHODS } from 'node:http'
import t from 'tap'
import { bounds } from '../support/bounds.js'
import { providersEnvironment } from '../support/identity-provider.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { foreignPart } from '../support/own-answers.js'
import { withRoutes } from '../support/routes.js'
import { ISSUER, startService } from '../support/service.js'

const APP = 'https://app.example.com'
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

/** Who asks, in the headers that tell. */
const CLIENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a JSON client': { accept: 'application/json', ...JSON_TYPE },
  'a browser that navigates': {
    accept: 'text/html,application/xhtml+xml',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'none',
    ...FORM_TYPE,
  },
  'a form of another site': {
    accept: 'text/html',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'cross-site',
    origin: 'https://evil.example',
    ...FORM_TYPE,
  },
  'a page of another origin': {
    accept: '*/*',
    origin: APP,
    'sec-fetch-mode': 'cors',
    ...JSON_TYPE,
  },
  'a preflight': { origin: APP, 'access-control-request-method': 'POST' },
  'no Origin': {},
}

/** Without `--full`, those that routes have, and some that HTTP has and no route. */
const SOME = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
]
const EVERY = METHODS.filter((name) => name !== 'CONNECT')
const methods = bounds.isFull ? EVERY : SOME.filter((name) => EVERY.includes(name))

/** Addresses that no route has. */
const NOWHERE = [
  '/nowhere',
  '/api/nowhere',
  '/login/',
  '/Dashboard',
  '/%',
  '/%ff',
  '/assets/',
  '//',
  '/*',
]

/** What apps of any origin call without cookies: the pages of all may read the answers. */
const FOR_ANY_ORIGIN =
  /^\/(\.well-known\/(jwks\.json|openid-configuration|oauth-authorization-server)|oauth\/(token|revoke|userinfo|par))$/

for (const [what, CORS_ORIGINS] of [
  ['without CORS', ''],
  ['with CORS', APP],
] as const) {
  t.test(
    `every route, asked by each method and kind of client, answers itself: ${what}`,
    async (t) => {
      const github = { clientId: 'id', clientSecret: 'not a real one' }
      const env = { ...optionalRoutes(), ...providersEnvironment({ github }), CORS_ORIGINS }
      const { app: service, routes } = await withRoutes(() => startService(t, { env }))
      const paths = [...new Set(routes.map(({ url }) => url.replaceAll(/:\w+/g, 'x')))]
      t.ok(paths.length > 50, `${paths.length} paths`)
      let asked = 0
      for (const path of [...paths, ...NOWHERE, `/api/apikeys/${'x'.repeat(200)}`]) {
        const faults: string[] = []
        for (const method of methods) {
          for (const [client, headers] of Object.entries(CLIENTS)) {
            const isCross = headers.origin === APP
            const listed = CORS_ORIGINS === '' ? null : isCross ? APP : undefined
            const origin = FOR_ANY_ORIGIN.test(path) ? '*' : listed
            const isForPerson = headers['sec-fetch-mode'] === 'navigate'
            const answer = await service.call(method, path, { headers })
            asked++
            const fault = foreignPart(
              { method, path, isForPerson, ...(origin !== undefined && { origin }) },
              answer,
            )
            if (fault !== undefined) faults.push(`${method} by ${client}: ${fault}`)
          }
        }
        t.same(faults, [], path)
      }
      t.same(service.events('unexpected_error'), [])
      t.comment(`${asked} requests to ${ISSUER}`)
    },
  )
}
