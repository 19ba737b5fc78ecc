import type { Asked } from './authorization.js'
import { type App, authorization, newPkce } from './code-flow.js'
import { lookalikes } from './lookalike-redirects.js'
import { type Authentication, describe, type OpenIdProvider } from './openid-provider.js'
import { BILLING, ORDERS } from './resources.js'

/** Apps that both servers know. */
export interface OracleApps {
  /** Of the team: its people are not asked for consent. */
  readonly own: App
  readonly foreign: App
  readonly native: App
  readonly public: App
}

/** One request, or a short sequence, told in one line so that two answers can be compared. */
export interface Case {
  readonly name: string
  readonly run: (side: OpenIdProvider, apps: OracleApps) => Promise<string>
}

const VERIFIER_ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~'
const LONG = 'x'.repeat(2000)

type Value = string | readonly string[] | undefined
type Values = (side: OpenIdProvider, apps: OracleApps) => readonly Value[]

/** What stands in place of each parameter of a good authorization request. */
const AUTHORIZATION: Readonly<Record<string, Values>> = {
  response_type: () => [
    ...[undefined, '', 'token', 'id_token', 'code id_token', 'code token', 'none', 'CODE'],
    ...['code code', ' code', 'code ', ['code', 'code']],
  ],
  client_id: (_side, { own, foreign }) => [
    ...[undefined, '', 'unknown', 'latchkey', own.clientId.toUpperCase(), `${own.clientId} `],
    ...[[own.clientId, own.clientId], [own.clientId, foreign.clientId], '__proto__', LONG],
  ],
  redirect_uri: (_side, { own }) => [
    undefined,
    [own.redirectUri, own.redirectUri],
    [own.redirectUri, 'https://evil.example/cb'],
    ...lookalikes,
  ],
  scope: () => [
    ...[undefined, '', 'email', 'profile', 'openid email profile', 'openid unknown', 'unknown'],
    ...['openid openid', 'openid  email', 'OPENID', 'openid offline_access', 'offline_access'],
    ...['openid orders:read', 'openid\temail', 'openid "email"', 'openid\nemail', 'openid\u00e9'],
    ...[`openid ${LONG}`, ['openid', 'email'], 'openid admin', 'openid user'],
  ],
  state: () => [undefined, '', ['a', 'b'], LONG, '漢字🔑', 'a&b=c#d', '<script>', '%00'],
  nonce: () => [undefined, '', ['a', 'b'], LONG, '漢字🔑', 'a'],
  code_challenge: () => [
    ...[undefined, '', 'a'.repeat(42), 'a'.repeat(44), 'a'.repeat(128), 'a'.repeat(129)],
    ...[`${'a'.repeat(42)}+`, `${'a'.repeat(42)}=`, `${'a'.repeat(42)}é`],
    ['a'.repeat(43), 'b'.repeat(43)],
  ],
  code_challenge_method: () => [
    ...[undefined, '', 'plain', 's256', 'S512', 'none', ['S256', 'S256'], ['S256', 'plain']],
  ],
  response_mode: () => [
    ...['', 'query', 'fragment', 'form_post', 'web_message', 'query.jwt', ['query', 'query']],
  ],
  prompt: () => [
    ...['', 'none', 'login', 'consent', 'select_account', 'create', 'none login', 'login consent'],
    ...['unknown', 'NONE', 'none none', ['none', 'login'], ' none'],
  ],
  max_age: () => [
    ...['', '0', '1000', '3600', '-1', 'abc', '1.5', '9'.repeat(20), ' 1000', '1e3', '0x10'],
    ['1', '2'],
  ],
  acr_values: () => ['', 'aal1', 'aal2', 'aal1 aal2', 'unknown', ['aal1', 'aal1']],
  login_hint: () => ['', 'person@example.com', LONG, ['a', 'b']],
  id_token_hint: () => ['', 'garbage', 'a.b.c', ['a', 'b']],
  request: () => ['', 'garbage', 'eyJhbGciOiJub25lIn0.eyJzY29wZSI6Im9wZW5pZCJ9.'],
  request_uri: () => [
    ...['', 'https://evil.example/request', 'urn:ietf:params:oauth:request_uri:unknown'],
    ['urn:ietf:params:oauth:request_uri:a', 'urn:ietf:params:oauth:request_uri:b'],
  ],
  registration: () => ['{}', 'garbage'],
  claims: () => ['', 'garbage', '{}', '{"id_token":{"auth_time":{"essential":true}}}'],
  ui_locales: () => ['de', 'xx-unknown', ['de', 'en']],
  claims_locales: () => ['de'],
  display: () => ['page', 'popup', 'unknown'],
  resource: (side) => [
    ...['', ORDERS, BILLING, [ORDERS, BILLING], [ORDERS, ORDERS], 'https://unknown.example'],
    ...[`${ORDERS}/`, `${ORDERS}#fragment`, `${ORDERS}?query`, 'orders', '/orders', 'urn:orders'],
    ...[side.url, [ORDERS, 'https://unknown.example'], 'latchkey', 'javascript:alert(1)'],
  ],
  foo: () => ['bar', ['a', 'b']],
  constructor: () => ['x'],
  authorization_details: () => ['[]'],
  dpop_jkt: () => ['a'.repeat(43)],
}

const show = (value: Value): string => {
  if (value === undefined) return 'left out'
  const text = JSON.stringify(value)
  return text.length <= 80 ? text : `${text.slice(0, 60)}… (${text.length})`
}

/** How a request comes to the server. */
const DOORS: Readonly<
  Record<string, (side: OpenIdProvider, parameters: Asked, app: App) => Promise<string>>
> = {
  GET: (side, parameters) => side.authorize(parameters),
  'GET by a stranger': (side, parameters) => side.authorize(parameters, { by: side.stranger }),
  POST: (side, parameters) => side.authorize(parameters, { method: 'POST' }),
  PAR: async (side, parameters, app) => describe(await side.post('/oauth/par', parameters, app)),
}

/** Values that both servers build from their own URL have no text of their own. */
function authorizationCases(side: OpenIdProvider, apps: OracleApps): Case[] {
  return Object.entries(DOORS).flatMap(([door, send]) =>
    Object.entries(AUTHORIZATION).flatMap(([parameter, values]) =>
      values(side, apps)
        // One door is enough for what is refused before anything else.
        .filter((_, index) => parameter !== 'redirect_uri' || door === 'GET' || index < 12)
        .map((value, index): Case => ({
          name: `${door} ${parameter}: ${show(value).replaceAll(side.url, 'ISSUER')}`,
          run: (side, apps) => {
            const { [index]: own } = values(side, apps)
            const good = authorization(apps.own, newPkce())
            return send(side, { ...good, [parameter]: own }, apps.own)
          },
        })),
    ),
  )
}

const from = (
  name: string,
  run: (side: OpenIdProvider, apps: OracleApps) => Promise<string>,
): Case => ({ name, run })

/** Apps of other kinds, and requests that need two steps. */
const FURTHER_AUTHORIZATION: readonly Case[] = [
  from('GET of a foreign app', (side, { foreign }) =>
    side.authorize(authorization(foreign, newPkce())),
  ),
  from('GET of a foreign app, prompt none', (side, { foreign }) =>
    side.authorize(authorization(foreign, newPkce(), { prompt: 'none' })),
  ),
  from('GET of a foreign app, by a stranger, prompt none', (side, { foreign }) =>
    side.authorize(authorization(foreign, newPkce(), { prompt: 'none' }), { by: side.stranger }),
  ),
  from('GET of a foreign app, prompt consent', (side, { foreign }) =>
    side.authorize(authorization(foreign, newPkce(), { prompt: 'consent' })),
  ),
  from('GET of a foreign app, for an API', (side, { foreign }) =>
    side.authorize(
      authorization(foreign, newPkce(), { scope: 'openid orders:read', resource: ORDERS }),
    ),
  ),
  from('GET of a native app', (side, { native }) =>
    side.authorize(authorization(native, newPkce())),
  ),
  ...['http://127.0.0.1:49152/cb', 'http://127.0.0.1:1/cb', 'http://[::1]:49152/cb'].map((uri) =>
    from(`GET of a native app at ${uri}`, (side, { native }) =>
      side.authorize(authorization(native, newPkce(), { redirect_uri: uri })),
    ),
  ),
  ...[
    ...['http://localhost:49152/cb', 'http://127.0.0.1:49152/other', 'com.example.app:/other'],
    ...['http://127.0.0.2:49152/cb', 'http://127.0.0.1:49152/cb?x=y', 'https://127.0.0.1/cb'],
  ].map((uri) =>
    from(`GET of a native app at ${uri}`, (side, { native }) =>
      side.authorize(authorization(native, newPkce(), { redirect_uri: uri })),
    ),
  ),
  from('GET with the redirect URI of another app', (side, { own, native }) =>
    side.authorize(authorization(own, newPkce(), { redirect_uri: native.redirectUri })),
  ),
  from('GET of what PAR has kept', async (side, { own }) =>
    side.authorize(await pushed(side, own, own.clientId)),
  ),
  from('GET of what PAR has kept, by another client', async (side, { own, foreign }) =>
    side.authorize(await pushed(side, own, foreign.clientId)),
  ),
  from('GET of what PAR has kept, a second time', async (side, { own }) => {
    const parameters = await pushed(side, own, own.clientId)
    await side.authorize(parameters)
    return side.authorize(parameters)
  }),
  from('GET of what PAR has kept, with another redirect URI beside it', async (side, { own }) =>
    side.authorize({
      ...(await pushed(side, own, own.clientId)),
      redirect_uri: 'https://evil.example/cb',
    }),
  ),
  ...(['post', 'none'] as const).map((authentication) =>
    from(`PAR, authenticated by ${authentication}`, async (side, { own }) =>
      describe(
        await side.post('/oauth/par', authorization(own, newPkce()), own, authentication),
      ).replace('200', '201'),
    ),
  ),
  from('PAR with a wrong secret', async (side, { own }) =>
    describe(
      await side.post('/oauth/par', authorization(own, newPkce()), { ...own, secret: 'wrong' }),
    ),
  ),
  from('PAR of a public client', async (side, apps) =>
    describe(await side.post('/oauth/par', authorization(apps.public, newPkce()), apps.public)),
  ),
]

async function pushed(side: OpenIdProvider, app: App, clientId: string): Promise<Asked> {
  const { body } = await side.post('/oauth/par', authorization(app, newPkce()), app)
  return { client_id: clientId, request_uri: String(body.request_uri) }
}

/** What stands in place of each field of a good exchange. */
const EXCHANGE: Readonly<Record<string, Values>> = {
  grant_type: () => [
    ...[undefined, '', 'password', 'implicit', 'AUTHORIZATION_CODE', 'refresh_token', 'unknown'],
    ...['urn:ietf:params:oauth:grant-type:device_code', ['authorization_code', 'refresh_token']],
  ],
  code: () => [undefined, '', 'unknown', LONG, ['a', 'b'], '__proto__', 'a.b.c'],
  code_verifier: () => [
    ...[undefined, '', 'a'.repeat(42), 'a'.repeat(43), 'a'.repeat(128), 'a'.repeat(129)],
    ...[VERIFIER_ALPHABET, `${'a'.repeat(42)}é`, `${'a'.repeat(42)} `],
    ['a'.repeat(43), 'a'.repeat(43)],
  ],
  redirect_uri: (_side, { own, native }) => [
    ...[undefined, '', `${own.redirectUri}/`, native.redirectUri, 'https://evil.example/cb'],
    [own.redirectUri, own.redirectUri],
  ],
  client_id: (_side, { own, foreign }) => [
    ...[own.clientId, foreign.clientId, 'unknown', '', [own.clientId, own.clientId]],
  ],
  client_secret: (_side, { own }) => [own.secret, 'wrong', ''],
  scope: () => ['openid', 'openid email', 'unknown', ''],
  resource: (side) => [
    ...[ORDERS, 'https://unknown.example', '', 'orders', `${ORDERS}#x`, [ORDERS, BILLING]],
    ...[side.url, 'latchkey'],
  ],
  foo: () => ['bar'],
  constructor: () => ['x'],
}

function exchangeCases(side: OpenIdProvider, apps: OracleApps): Case[] {
  return Object.entries(EXCHANGE).flatMap(([field, values]) =>
    values(side, apps).map((value, index) =>
      from(
        `exchange ${field}: ${show(value)
          .replaceAll(side.url, 'ISSUER')
          .replaceAll(apps.own.secret ?? '', 'SECRET')}`,
        async (side, apps) => {
          const { [index]: own } = values(side, apps)
          const redeemable = await side.code(apps.own)
          return describe(await side.redeem(apps.own, redeemable, { [field]: own }))
        },
      ),
    ),
  )
}

const AUTHENTICATIONS: readonly Authentication[] = ['basic', 'post', 'none']

const FURTHER_EXCHANGE: readonly Case[] = [
  ...AUTHENTICATIONS.map((authentication) =>
    from(`exchange, authenticated by ${authentication}`, async (side, { own }) =>
      describe(await side.redeem(own, await side.code(own), {}, authentication)),
    ),
  ),
  from('exchange with a wrong secret', async (side, { own }) =>
    describe(await side.redeem({ ...own, secret: 'wrong' }, await side.code(own))),
  ),
  from('exchange without any client', async (side, { own }) => {
    const { code, verifier } = await side.code(own)
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: own.redirectUri,
    }
    return describe(await side.post('/oauth/token', form))
  }),
  from('exchange by another client', async (side, { own, foreign }) =>
    describe(await side.redeem(foreign, await side.code(own), { redirect_uri: own.redirectUri })),
  ),
  from('exchange of a public client', async (side, apps) =>
    describe(await side.redeem(apps.public, await side.code(apps.public))),
  ),
  from('exchange of a public client with a secret', async (side, apps) =>
    describe(
      await side.redeem({ ...apps.public, secret: 'x' }, await side.code(apps.public), {}, 'post'),
    ),
  ),
  from('exchange of a native app', async (side, { native }) =>
    describe(await side.redeem(native, await side.code(native))),
  ),
  from('exchange a second time', async (side, { own }) => {
    const redeemable = await side.code(own)
    await side.redeem(own, redeemable)
    return describe(await side.redeem(own, redeemable))
  }),
  ...['openid email', 'openid profile', 'openid offline_access', 'openid email profile'].map(
    (scope) =>
      from(`exchange for ${scope}`, async (side, { own }) =>
        describe(await side.redeem(own, await side.code(own, { scope }))),
      ),
  ),
  from('exchange for an API', async (side, { foreign }) => {
    const asked = { scope: 'openid orders:read', resource: ORDERS }
    return describe(await side.redeem(foreign, await side.code(foreign, asked)))
  }),
  from('exchange for one API of two', async (side, { own }) => {
    const code = await side.code(own, { resource: [ORDERS, BILLING] })
    return describe(await side.redeem(own, code, { resource: BILLING }))
  }),
  from('exchange for none of two APIs', async (side, { own }) =>
    describe(await side.redeem(own, await side.code(own, { resource: [ORDERS, BILLING] }))),
  ),
  from('exchange for an API that was not asked for', async (side, { own }) =>
    describe(
      await side.redeem(own, await side.code(own, { resource: ORDERS }), { resource: BILLING }),
    ),
  ),
  from('exchange as JSON', async (side, { own }) => {
    const { code, verifier } = await side.code(own)
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier }
    return describe(
      await side.send('/oauth/token', {
        method: 'POST',
        body: JSON.stringify({ ...form, client_id: own.clientId, client_secret: own.secret }),
        headers: { 'content-type': 'application/json' },
      }),
    )
  }),
  from('exchange by GET', async (side) =>
    describe(await side.send('/oauth/token?grant_type=authorization_code&code=x', {})),
  ),
]

/** Tokens of the team's own app, for an API or for userinfo. */
async function tokens(side: OpenIdProvider, app: App, more: Asked = {}) {
  const { body } = await side.redeem(app, await side.code(app, more))
  return {
    accessToken: String(body.access_token),
    refreshToken: String(body.refresh_token),
    idToken: String(body.id_token),
  }
}

const REFRESH: Readonly<Record<string, Values>> = {
  refresh_token: () => [undefined, '', 'unknown', LONG, ['a', 'b'], 'a.b.c'],
  scope: () => [
    ...['openid', 'openid email', '', 'openid unknown', 'email', 'openid profile', 'openid openid'],
  ],
  resource: (side) => [
    ...['https://unknown.example', ORDERS, '', 'orders', [ORDERS, BILLING], side.url],
  ],
  client_id: (_side, { own, foreign }) => [own.clientId, foreign.clientId],
  foo: () => ['bar'],
}

const REFRESHES: readonly Case[] = [
  from('refresh', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.refresh(own, refreshToken))
  }),
  from('refresh of a public client', async (side, apps) => {
    const { refreshToken } = await tokens(side, apps.public)
    return describe(await side.refresh(apps.public, refreshToken))
  }),
  from('refresh by another client', async (side, { own, foreign }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.refresh(foreign, refreshToken))
  }),
  from('refresh with a wrong secret', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.refresh({ ...own, secret: 'wrong' }, refreshToken))
  }),
  from('refresh without authentication', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.refresh({ ...own, secret: undefined }, refreshToken))
  }),
  from('refresh with an access token', async (side, { own }) => {
    const { accessToken } = await tokens(side, own)
    return describe(await side.refresh(own, accessToken))
  }),
  from('refresh with an ID token', async (side, { own }) => {
    const { idToken } = await tokens(side, own)
    return describe(await side.refresh(own, idToken))
  }),
  from('refresh with a code', async (side, { own }) => {
    const { code } = await side.code(own)
    return describe(await side.refresh(own, code))
  }),
  from('exchange of a refresh token', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.redeem(own, { code: refreshToken, verifier: 'a'.repeat(43) }))
  }),
  from('refresh after it was revoked', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    await side.post('/oauth/revoke', { token: refreshToken }, own)
    return describe(await side.refresh(own, refreshToken))
  }),
  from('refresh for the second API of two', async (side, { own }) => {
    const { body } = await side.redeem(own, await side.code(own, { resource: [ORDERS, BILLING] }), {
      resource: ORDERS,
    })
    return describe(await side.refresh(own, String(body.refresh_token), { resource: BILLING }))
  }),
  from('refresh for none of two APIs', async (side, { own }) => {
    const { body } = await side.redeem(own, await side.code(own, { resource: [ORDERS, BILLING] }), {
      resource: ORDERS,
    })
    return describe(await side.refresh(own, String(body.refresh_token)))
  }),
]

function refreshCases(side: OpenIdProvider, apps: OracleApps): Case[] {
  return Object.entries(REFRESH).flatMap(([field, values]) =>
    values(side, apps).map((value, index) =>
      from(
        `refresh ${field}: ${show(value).replaceAll(side.url, 'ISSUER')}`,
        async (side, apps) => {
          const { [index]: own } = values(side, apps)
          const { refreshToken } = await tokens(side, apps.own, { scope: 'openid email' })
          return describe(await side.refresh(apps.own, refreshToken, { [field]: own }))
        },
      ),
    ),
  )
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const USERINFO: readonly Case[] = [
  ...['openid', 'openid email', 'openid profile', 'openid email profile'].map((scope) =>
    from(`userinfo for ${scope}`, async (side, { own }) => {
      const { accessToken } = await tokens(side, own, { scope })
      return describe(await side.send('/oauth/userinfo', bearer(accessToken)))
    }),
  ),
  from('userinfo by POST, token in the header', async (side, { own }) => {
    const { accessToken } = await tokens(side, own)
    return describe(await side.send('/oauth/userinfo', { method: 'POST', ...bearer(accessToken) }))
  }),
  from('userinfo by POST, token in the form', async (side, { own }) => {
    const { accessToken } = await tokens(side, own)
    return describe(await side.post('/oauth/userinfo', { access_token: accessToken }))
  }),
  from('userinfo, token in the query', async (side, { own }) => {
    const { accessToken } = await tokens(side, own)
    return describe(await side.send(`/oauth/userinfo?access_token=${accessToken}`, {}))
  }),
  from('userinfo, token in header and form', async (side, { own }) => {
    const { accessToken } = await tokens(side, own)
    return describe(
      await side.post('/oauth/userinfo', { access_token: accessToken }, undefined, 'none', {
        authorization: `Bearer ${accessToken}`,
      }),
    )
  }),
  from('userinfo without a token', async (side) =>
    describe(await side.send('/oauth/userinfo', {})),
  ),
  ...['unknown', 'a.b.c', '', 'a b'].map((token) =>
    from(`userinfo with the token “${token}”`, async (side) =>
      describe(await side.send('/oauth/userinfo', bearer(token))),
    ),
  ),
  from('userinfo with an ID token', async (side, { own }) => {
    const { idToken } = await tokens(side, own)
    return describe(await side.send('/oauth/userinfo', bearer(idToken)))
  }),
  from('userinfo with a refresh token', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.send('/oauth/userinfo', bearer(refreshToken)))
  }),
  from('userinfo with a token of an API', async (side, { own }) => {
    const { accessToken } = await tokens(side, own, { resource: ORDERS })
    return describe(await side.send('/oauth/userinfo', bearer(accessToken)))
  }),
  from('userinfo once the grant was revoked', async (side, { own }) => {
    const { accessToken, refreshToken } = await tokens(side, own)
    await side.post('/oauth/revoke', { token: refreshToken }, own)
    return describe(await side.send('/oauth/userinfo', bearer(accessToken)))
  }),
]

const REVOCATION: readonly Case[] = [
  ...[undefined, '', 'unknown', 'a.b.c', LONG].map((token) =>
    from(`revoke ${show(token)}`, async (side, { own }) =>
      describe(await side.post('/oauth/revoke', { token }, own)),
    ),
  ),
  from('revoke a refresh token', async (side, { own }) => {
    const { refreshToken } = await tokens(side, own)
    return describe(await side.post('/oauth/revoke', { token: refreshToken }, own))
  }),
  from('revoke a refresh token of another client', async (side, { own, foreign }) => {
    const { refreshToken } = await tokens(side, own)
    const answer = describe(await side.post('/oauth/revoke', { token: refreshToken }, foreign))
    return `${answer}, then ${describe(await side.refresh(own, refreshToken))}`
  }),
  from('revoke with a wrong secret', async (side, { own }) =>
    describe(await side.post('/oauth/revoke', { token: 'unknown' }, { ...own, secret: 'wrong' })),
  ),
]

const LOGOUT: readonly Case[] = [
  ...[
    {},
    { post_logout_redirect_uri: 'https://evil.example/' },
    { client_id: 'unknown' },
    { id_token_hint: 'garbage' },
    { id_token_hint: 'garbage', post_logout_redirect_uri: 'https://app.example.com/bye' },
    { post_logout_redirect_uri: 'https://app.example.com/bye' },
    { state: 'a-state' },
    { ui_locales: 'de' },
  ].map((parameters) =>
    from(`logout with ${JSON.stringify(parameters)}`, async (side) => logout(side, parameters)),
  ),
  from('logout with a client and its URI', async (side, { own }) =>
    logout(side, {
      client_id: own.clientId,
      post_logout_redirect_uri: own.postLogoutRedirectUris[0],
    }),
  ),
  from('logout with a client and a URI of evil', async (side, { own }) =>
    logout(side, {
      client_id: own.clientId,
      post_logout_redirect_uri: 'https://evil.example/',
    }),
  ),
  from('logout with an ID token and a URI', async (side, { own }) => {
    const { idToken } = await tokens(side, own)
    return logout(side, {
      id_token_hint: idToken,
      post_logout_redirect_uri: own.postLogoutRedirectUris[0],
    })
  }),
  from('logout with an ID token of another client', async (side, { own, foreign }) => {
    const { idToken } = await tokens(side, own)
    return logout(side, { id_token_hint: idToken, client_id: foreign.clientId })
  }),
  from('logout with an access token as the hint', async (side, { own }) => {
    const { accessToken } = await tokens(side, own, { resource: ORDERS })
    return logout(side, { id_token_hint: accessToken })
  }),
]

async function logout(side: OpenIdProvider, parameters: Asked): Promise<string> {
  const query = new URLSearchParams(parameters as Record<string, string>).toString()
  const { status, location } = await side.person.browser.visit(
    `${side.url}/oauth/logout?${query}`,
    { headers: { accept: 'text/html' } },
  )
  return `${status} ${location === undefined ? 'page' : 'redirect'}`
}

/** The same requests for both, by the URLs of one of them. */
export const oracleCases = (side: OpenIdProvider, apps: OracleApps): readonly Case[] => [
  ...authorizationCases(side, apps),
  ...FURTHER_AUTHORIZATION,
  ...exchangeCases(side, apps),
  ...FURTHER_EXCHANGE,
  ...REFRESHES,
  ...refreshCases(side, apps),
  ...USERINFO,
  ...REVOCATION,
  ...LOGOUT,
]
