import t, { type Test } from 'tap'
import { providersEnvironment } from '../support/identity-provider.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { API_KEY_SCOPES, BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { startService } from '../support/service.js'

interface Operation {
  readonly tags?: string[]
  readonly summary?: string
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly in: string }[]
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, unknown> }
  >
}

t.test('GET /openapi.json is the whole contract', async (t) => {
  const service = await startService(t)
  const { status, body } = await service.get('/openapi.json')
  t.equal(status, 200)
  t.equal(body.openapi, '3.1.0')

  t.same([...checkOperations(t, body).keys()].sort(), [
    'DELETE /api/account',
    'DELETE /api/admin/clients/{id}',
    'DELETE /api/admin/users/{id}',
    'DELETE /api/admin/users/{id}/factors-removal',
    'DELETE /api/admin/users/{id}/sessions',
    'DELETE /api/apikeys/{id}',
    'DELETE /api/auth/consents/{clientId}',
    'DELETE /api/auth/devices/{id}',
    'DELETE /api/auth/factors/totp',
    'DELETE /api/auth/identities/{id}',
    'DELETE /api/auth/passkeys/{id}',
    'DELETE /api/auth/sessions',
    'DELETE /api/auth/sessions/{id}',
    'GET /.well-known/jwks.json',
    'GET /.well-known/oauth-authorization-server',
    'GET /.well-known/openid-configuration',
    'GET /.well-known/passkey-endpoints',
    'GET /api/account/events',
    'GET /api/account/export',
    'GET /api/admin',
    'GET /api/admin/clients',
    'GET /api/admin/clients/{id}',
    'GET /api/admin/invitations',
    'GET /api/admin/users',
    'GET /api/admin/users/{id}',
    'GET /api/admin/users/{id}/events',
    'GET /api/admin/users/{id}/keys',
    'GET /api/admin/users/{id}/sessions',
    'GET /api/apikeys',
    'GET /api/apikeys/{id}',
    'GET /api/apikeys/{id}/usage',
    'GET /api/auth/consents',
    'GET /api/auth/devices',
    'GET /api/auth/factors',
    'GET /api/auth/identities',
    'GET /api/auth/passkeys',
    'GET /api/auth/sessions',
    'GET /api/data',
    'GET /api/key',
    'GET /api/key/usage',
    'GET /api/profile',
    'GET /api/protected',
    'GET /healthz',
    'GET /oauth/authorize',
    'GET /oauth/userinfo',
    'PATCH /api/admin/clients/{id}',
    'PATCH /api/admin/users/{id}',
    'PATCH /api/admin/users/{id}/identities/{identityId}',
    'PATCH /api/apikeys/{id}',
    'PATCH /api/auth/identities/{id}',
    'PATCH /api/auth/passkeys/{id}',
    'PATCH /api/profile',
    'POST /api/admin/clients',
    'POST /api/admin/clients/{id}/secret',
    'POST /api/admin/invitations/resend',
    'POST /api/admin/invitations/withdraw',
    'POST /api/admin/users/find',
    'POST /api/admin/users/invite',
    'POST /api/admin/users/search',
    'POST /api/admin/users/{id}/factors-removal',
    'POST /api/admin/users/{id}/factors-removal/confirm',
    'POST /api/admin/users/{id}/factors/unlock',
    'POST /api/admin/users/{id}/password-reset',
    'POST /api/admin/users/{id}/release-address',
    'POST /api/admin/users/{id}/verify-address',
    'POST /api/apikeys/generate',
    'POST /api/apikeys/{id}/rotate',
    'POST /api/auth/email',
    'POST /api/auth/email/confirm',
    'POST /api/auth/email/undo',
    'POST /api/auth/email/verification',
    'POST /api/auth/email/verification/confirm',
    'POST /api/auth/email/verification/disown',
    'POST /api/auth/factors/recovery-codes',
    'POST /api/auth/factors/removal/cancel',
    'POST /api/auth/factors/totp',
    'POST /api/auth/factors/totp/confirm',
    'POST /api/auth/invitation/accept',
    'POST /api/auth/login',
    'POST /api/auth/login/email',
    'POST /api/auth/login/email/confirm',
    'POST /api/auth/login/enrolment/passkeys',
    'POST /api/auth/login/enrolment/passkeys/options',
    'POST /api/auth/login/enrolment/totp',
    'POST /api/auth/login/enrolment/totp/confirm',
    'POST /api/auth/login/factor',
    'POST /api/auth/login/passkey',
    'POST /api/auth/login/passkey/options',
    'POST /api/auth/logout',
    'POST /api/auth/passkeys',
    'POST /api/auth/passkeys/options',
    'POST /api/auth/password',
    'POST /api/auth/password/check',
    'POST /api/auth/password/forgot',
    'POST /api/auth/password/reset',
    'POST /api/auth/refresh',
    'POST /api/auth/register',
    'POST /api/auth/step-up',
    'POST /oauth/authorize',
    'POST /oauth/introspect',
    'POST /oauth/par',
    'POST /oauth/revoke',
    'POST /oauth/token',
    'POST /oauth/userinfo',
  ])
})

t.test('GET /openapi.json has every route that there can be', async (t) => {
  const service = await startService(t, { env: optionalRoutes() })
  const { status, body } = await service.get('/openapi.json')
  t.equal(status, 200)
  const operations = checkOperations(t, body)
  t.ok(operations.has('GET /api/auth/acme'))
  const report = operations.get('POST /api/apikeys/leaked')
  const [scheme = ''] = Object.keys(report?.security?.[0] ?? {})
  t.match(body.components.securitySchemes[scheme], {
    type: 'apiKey',
    in: 'header',
    name: 'github-public-key-signature',
  })
})

interface ApiDocument {
  readonly info: { readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> }
}

/** Each says what a reader needs. @returns all of them, as `GET /path`. */
function checkOperations(
  t: Test,
  { info, tags, paths, components }: ApiDocument,
): Map<string, Operation> {
  t.match(info.description, '/api/auth/login', 'an introduction says where to begin')
  const places = new Set(tags.filter(({ description }) => description).map(({ name }) => name))
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  )
  for (const [name, operation] of operations) {
    t.ok(operation.summary, `${name} says what it does`)
    t.ok(operation.tags?.length, `${name} has its place`)
    for (const tag of operation.tags ?? []) t.ok(places.has(tag), `${tag} is described`)
    for (const scheme of (operation.security ?? []).flatMap(Object.keys)) {
      t.match(components.securitySchemes[scheme], { description: String }, `${name}: ${scheme}`)
    }
    for (const [code, response] of Object.entries(operation.responses)) {
      t.notMatch(response.description, /^(Default Response)?$/, `${name} ${code} is described`)
      if (Number(code) < 400) continue
      const type = failureType(name)
      t.same(Object.keys(response.content ?? {}), [type], `${name} ${code} is ${type}`)
    }
  }
  return new Map(operations)
}

/** Problem details, but what RFC 6749 §5.2 says where OAuth speaks to programs. */
const failureType = (name: string): string =>
  / \/oauth\/(?!authorize)/.test(name) ? 'application/json' : 'application/problem+json'

t.test('GET /openapi.json has a start and a callback for each provider', async (t) => {
  const issuer = 'https://login.acme.example'
  const client = { clientId: 'c', clientSecret: 'not a real one' }
  const providers = {
    google: client,
    acme: { ...client, issuer, name: 'Acme' },
  }
  const service = await startService(t, { env: providersEnvironment(providers) })
  const { body, text } = await service.get('/openapi.json')
  const bare = await (await startService(t)).get('/openapi.json')
  const paths = body.paths as Record<string, Record<string, Operation>>
  t.same(
    Object.keys(paths).filter((path) => !(path in bare.body.paths)),
    Object.keys(providers).flatMap((id) => [`/api/auth/${id}`, `/api/auth/${id}/callback`]),
  )
  const { '/api/auth/acme': start = {}, '/api/auth/acme/callback': callback = {} } = paths
  const codes = ({ responses }: Operation) => Object.keys(responses).sort()
  for (const [operations, what, answers] of [
    [start, 'Sign in with Acme', ['204', '302', '400', '403', '429', '431', '502', '503']],
    [callback, 'Where Acme sends the browser back to', ['204', '302', '400', '429', '431']],
  ] as const) {
    t.same(Object.keys(operations), ['get'])
    const { get } = operations
    t.match(get, { tags: ['Social sign-in'], summary: what, security: [] })
    t.same(get && codes(get), answers, what)
  }
  t.notMatch(text, client.clientSecret)
})

t.test(
  'GET /openapi.json has routes for a provider whose name means something to JavaScript',
  async (t) => {
    const issuer = 'https://login.acme.example'
    const env = providersEnvironment({
      constructor: { clientId: 'c', clientSecret: 'not a real one', issuer },
    })
    const { body } = await (await startService(t, { env })).get('/openapi.json')
    const paths = Object.keys(body.paths as object)
    t.ok(paths.includes('/api/auth/constructor'))
    t.ok(paths.includes('/api/auth/constructor/callback'))
  },
)

t.test('the OpenAPI document has what many answers share once', async (t) => {
  const service = await startService(t, { env: optionalRoutes() })
  const { body: document, text } = await service.get('/openapi.json')
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name = '']) => name,
  )
  t.same([...new Set(references)], Object.keys(document.components.schemas))
  t.match(document.components.schemas.Problem.properties, { code: { type: 'string' } })
  t.ok(text.length < 400_000, `${text.length} bytes: Swagger UI draws it in a second`)
})

t.test('the OpenAPI document says which members no JSON body may have, however deep', async (t) => {
  const service = await startService(t)
  const { info } = (await service.get('/openapi.json')).body
  t.match(
    info.description,
    /`__proto__`, or with a `constructor` that has a `prototype`, at any depth/,
  )
  const headers = { 'content-type': 'application/json' }
  for (const member of ['"__proto__":1', '"constructor":{"prototype":1}']) {
    const text = `{"assertion":{"of a browser":[{${member}}]}}`
    const { status, body } = await service.call('POST', '/api/auth/login/passkey', {
      headers,
      body: text,
    })
    t.match({ status, body }, { status: 400, body: { code: 'MALFORMED_JSON' } }, member)
  }
})

t.test(
  'the interactive page of the OpenAPI document is not part of a deployed service',
  async (t) => {
    const service = await startService(t)
    t.equal((await service.get('/docs')).status, 404)
  },
)

t.test(
  'the OpenAPI document describes what a client can make, and all that it can hear',
  async (t) => {
    const service = await startService(t, { env: optionalRoutes() })
    const { body: document, text } = await service.get('/openapi.json')
    t.notMatch(text, /\\\\p\{/i, 'no pattern that generators can not use')
    const { schema } =
      document.paths['/api/auth/register'].post.requestBody.content['application/json']
    t.equal(schema.properties.password.maxLength, 128)
    for (const path of ['auth/login', 'admin/users/find', 'admin/users/search']) {
      const { properties } =
        document.paths[`/api/${path}`].post.requestBody.content['application/json'].schema
      const unpadded = new RegExp((properties.email ?? properties.query).pattern, 'u')
      for (const taken of ['a', 'ada@example.com', 'a b', 'a\nb']) t.match(taken, unpadded, path)
      for (const refused of ['', ' a', 'a ', '\u00a0a', 'a\n']) t.notMatch(refused, unpadded, path)
    }
    const checked = document.paths['/api/auth/password/check'].post.requestBody.content
    const { password } = checked['application/json'].schema.properties
    t.ok(password.maxLength > 128, 'a password that is too long is judged like any other')
    const made =
      document.paths['/api/apikeys/generate'].post.requestBody.content['application/json']
    const { pattern } = made.schema.properties.allowedCidrs.items
    const range = new RegExp(pattern, 'u')
    for (const taken of [
      '192.0.2.0/24',
      '0.0.0.0/0',
      '192.0.2.7',
      '2001:db8::/32',
      '::1',
      '::/0',
    ]) {
      t.match(taken, range)
    }
    for (const refused of [
      '192.0.2.0/33',
      '192.0.2.256',
      '1.2.3',
      'x',
      '2001:db8::/129',
      ':::',
      '',
    ]) {
      t.notMatch(refused, range)
    }
    for (const [path, methods] of Object.entries(document.paths as Record<string, object>)) {
      for (const [method, operation] of Object.entries(
        methods as Record<string, Operation & { requestBody?: object }>,
      )) {
        const heard = Object.keys(operation.responses)
        const expected = [
          '400',
          ...(path.includes('{') ? ['404'] : []),
          ...(method !== 'get' && takesCookie(operation, document) ? ['403'] : []),
          ...(operation.requestBody ? ['413', '415'] : []),
          ...(path.includes('{') || asksInQuery(operation) ? ['431'] : []),
        ]
        for (const status of expected) t.ok(heard.includes(status), `${method} ${path}: ${status}`)
      }
    }
  },
)

/** A request that changes something by a cookie of ours must come from our own pages. */
const takesCookie = ({ security }: Operation, document: Pick<Operation, 'security'>): boolean =>
  (security ?? document.security ?? []).some((scheme) => 'cookie' in scheme)

/** What a caller writes into the address can be too long for a server to read. */
const asksInQuery = ({ parameters = [] }: Operation): boolean =>
  parameters.some((parameter) => parameter.in === 'query')

t.test('links in the OpenAPI document lead from an id to what takes it', async (t) => {
  const service = await startService(t)
  const { body: document } = await service.get('/openapi.json')
  const { links } = document.paths['/api/apikeys'].get.responses['200']
  t.same(links.patch_api_apikeys_id, {
    operationRef: '#/paths/~1api~1apikeys~1%7Bid%7D/patch',
    parameters: { id: '$response.body#/keys/0/id' },
  })
  const all = Object.values(document.paths as Record<string, Record<string, any>>).flatMap(
    (methods) =>
      Object.values(methods).flatMap(({ responses }) => Object.values(responses as object)),
  )
  const refs = all.flatMap(({ links = {} }: any) =>
    Object.values(links).map((link: any) => link.operationRef as string),
  )
  t.ok(refs.length > 10)
  for (const ref of refs) {
    const [, path = '', method = ''] = /^#\/paths\/([^/]+)\/(\w+)$/.exec(ref) ?? []
    t.ok(document.paths[decodeURIComponent(path).replaceAll('~1', '/')]?.[method], ref)
  }
})

t.test('the OpenAPI document names what the settings allow', async (t) => {
  const bodyOf = (document: any, path: string) =>
    document.paths[path].post.requestBody.content['application/json'].schema.properties
  const env = { RESOURCES, API_KEY_SCOPES }
  const { body: document } = await (await startService(t, { env })).get('/openapi.json')
  t.same(bodyOf(document, '/api/auth/login').resource.enum, [ORDERS, BILLING])
  t.same(bodyOf(document, '/api/apikeys/generate').scopes.items.enum, API_KEY_SCOPES.split(','))
  const { resources, scopes } = bodyOf(document, '/api/admin/clients')
  t.same(resources.items.enum, [ORDERS, BILLING])
  t.ok(scopes.items.enum.includes('billing:read'))

  const { body: bare } = await (await startService(t)).get('/openapi.json')
  t.match(bodyOf(bare, '/api/auth/login').resource, { 'x-setting': 'RESOURCES', not: {} })
})

t.test(
  'the OpenAPI document tells which bodies may be left out, and what forms hold',
  async (t) => {
    const { body: document } = await (await startService(t)).get('/openapi.json')
    t.equal(document.paths['/api/auth/refresh'].post.requestBody.required, false)
    t.equal(document.paths['/api/auth/login'].post.requestBody.required, true)
    const form = document.paths['/oauth/token'].post.requestBody.content
    t.match(form['application/x-www-form-urlencoded'].schema, {
      type: 'object',
      additionalProperties: { type: 'string' },
    })
    const { parameters } = document.paths['/oauth/authorize'].get
    t.match(
      parameters.filter(({ required }: any) => required),
      [{ name: 'client_id' }],
      'an app names itself',
    )
  },
)

t.test('the OpenAPI document tells which header each answer has', async (t) => {
  const { body: document } = await (await startService(t)).get('/openapi.json')
  const headersOf = (path: string, method: string, status: string) =>
    Object.keys(document.paths[path][method].responses[status].headers ?? {})
  t.same(headersOf('/api/profile', 'get', '401'), ['WWW-Authenticate'])
  t.same(headersOf('/api/auth/login', 'post', '429'), ['Retry-After'])
  t.same(headersOf('/api/auth/login', 'post', '503'), ['Retry-After'])
  t.same(headersOf('/oauth/authorize', 'get', '303'), ['Location'])
  t.same(headersOf('/api/profile', 'get', '200'), [])
})
