import { basicOf, registeredApp } from '../apps.js'
import { CHALLENGE } from '../authorization.js'
import { newPkce } from '../code-flow.js'
import { SIGNATURE } from '../leak-reports.js'
import type { Answer } from '../service.js'
import { basic } from '../social.js'
import { recordSecret } from '../transcript.js'
import type { Deed } from './sweep.js'
import type { Visitor } from './visitor.js'
import { expectStatus, type World } from './world.js'

const KEYS = '/api/apikeys'
const CLIENTS = '/api/admin/clients'
export const REDIRECT = 'https://orders.example.com/callback'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Someone who is signed in and has a key. */
export async function withKey(world: World, visitor?: Visitor) {
  const owner = visitor ?? (await world.signedIn())
  const { body } = expectStatus(201, await owner.post(`${KEYS}/generate`, { name: 'k' }))
  owner.key = body.apiKey as string
  return { owner, id: body.key.id as string, secret: body.apiKey as string }
}

const form = (
  visitor: Visitor,
  path: string,
  fields: Readonly<Record<string, string>>,
  authorization?: string,
): Promise<Answer> =>
  visitor.post(path, new URLSearchParams(fields).toString(), {
    headers: { ...FORM, ...(authorization !== undefined && { authorization }) },
  })

/** An app that keeps a secret, and asks nothing of people that the team has not allowed it. */
async function newClient({ service }: World) {
  const { client, secret } = await registeredApp(service, { isFirstParty: true })
  const { clientId } = client
  return { clientId, authorization: basicOf(clientId, secret) }
}

const authorizationOf = (clientId: string, challenge = CHALLENGE) => ({
  response_type: 'code',
  client_id: clientId,
  redirect_uri: REDIRECT,
  scope: 'openid',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
})

/** Someone who is signed in at Latchkey, and a code for an app of theirs. */
async function withCode(world: World) {
  const person = await world.onPages()
  const { clientId, authorization } = await newClient(world)
  const { verifier, challenge } = newPkce()
  const query = new URLSearchParams(authorizationOf(clientId, challenge)).toString()
  const { headers } = expectStatus(303, await person.open(`/oauth/authorize?${query}`))
  const code = new URL(String(headers.location)).searchParams.get('code') ?? ''
  const app = world.stranger()
  const fields = { grant_type: 'authorization_code', code, code_verifier: verifier }
  const redeem = () =>
    form(app, '/oauth/token', { ...fields, redirect_uri: REDIRECT }, authorization)
  return { person, app, authorization, redeem }
}

async function withTokens(world: World) {
  const { redeem, ...rest } = await withCode(world)
  const { body } = expectStatus(200, await redeem())
  for (const name of ['refresh_token', 'id_token']) recordSecret('token', body[name])
  return { ...rest, tokens: body as Readonly<Record<'access_token' | 'refresh_token', string>> }
}

const ofKey =
  (method: string, path: string, body?: object): Deed =>
  async (world) => {
    const { owner, id } = await withKey(world)
    return () => owner.call(method, `${KEYS}/${id}${path}`, body)
  }

const asHolder =
  (path: string): Deed =>
  async (world) => {
    const { secret } = await withKey(world)
    const holder = world.stranger()
    return () => holder.call('GET', path, undefined, { headers: { 'x-api-key': secret } })
  }

const open =
  (path: string): Deed =>
  async (world) => {
    const visitor = world.stranger()
    return () => visitor.call('GET', path)
  }

/** Someone who has let an app in. */
export async function withConsent(world: World) {
  const person = await world.signedIn()
  const { email, password } = person.account
  expectStatus(303, await person.send('/login', { email, password }))
  const { client } = await registeredApp(world.service, { isPublic: true })
  const query = new URLSearchParams(authorizationOf(client.clientId)).toString()
  const asked = expectStatus(303, await person.open(`/oauth/authorize?${query}`))
  const page = String(asked.headers.location)
  const fields = await person.fill(page, '/consent', { answer: 'yes' })
  return { person, page, fields, clientId: client.clientId }
}

/** Keys, apps and what both ask the service for. */
export const MACHINE_DEEDS: Readonly<Record<string, Deed>> = {
  'POST /api/apikeys/generate': async (world) => {
    const owner = await world.signedIn()
    return () => owner.post(`${KEYS}/generate`, { name: 'k' })
  },
  'GET /api/apikeys': async (world) => {
    const { owner } = await withKey(world)
    return () => owner.call('GET', KEYS)
  },
  'GET /api/apikeys/:id': ofKey('GET', ''),
  'GET /api/apikeys/:id/usage': ofKey('GET', '/usage'),
  'PATCH /api/apikeys/:id': ofKey('PATCH', '', { name: 'renamed' }),
  'DELETE /api/apikeys/:id': ofKey('DELETE', ''),
  'POST /api/apikeys/:id/rotate': ofKey('POST', '/rotate', { overlapSeconds: 3600 }),
  'POST /api/apikeys/:id/rotate by its holder': async (world) => {
    const { id, secret } = await withKey(world)
    const holder = world.stranger()
    const call = { headers: { 'x-api-key': secret } }
    return () => holder.post(`${KEYS}/${id}/rotate`, { overlapSeconds: 3600 }, call)
  },
  'GET /api/key': asHolder('/api/key'),
  'GET /api/key/usage': asHolder('/api/key/usage'),
  'GET /api/data': asHolder('/api/data'),
  'POST /api/apikeys/leaked': async (world) => {
    const { secret } = await withKey(world)
    const found = [{ type: 'latchkey', token: secret, url: 'https://example.com', source: 'c' }]
    const body = JSON.stringify(found)
    const headers = { 'content-type': 'application/json', [SIGNATURE]: world.signer.sign(body) }
    const reporter = world.stranger()
    return () => reporter.post(`${KEYS}/leaked`, body, { headers })
  },
  'POST /oauth/token': async (world) => (await withCode(world)).redeem,
  'POST /oauth/token by a refresh token': async (world) => {
    const { app, authorization, tokens } = await withTokens(world)
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    return () => form(app, '/oauth/token', fields, authorization)
  },
  'POST /oauth/token by a key': async (world) => {
    const { id, secret } = await withKey(world)
    const partner = world.stranger()
    const authorization = basic({ id, secret })
    return () => form(partner, '/oauth/token', { grant_type: 'client_credentials' }, authorization)
  },
  'POST /oauth/revoke': async (world) => {
    const { app, authorization, tokens } = await withTokens(world)
    return () => form(app, '/oauth/revoke', { token: tokens.refresh_token }, authorization)
  },
  'POST /oauth/introspect': async (world) => {
    const { id, secret, owner } = await withKey(world)
    const admin = await world.admin()
    const scopes = ['data:read', 'token:introspect']
    expectStatus(200, await admin.call('PATCH', `${KEYS}/${id}`, { scopes }))
    const partner = world.stranger()
    const token = owner.token ?? ''
    return () => form(partner, '/oauth/introspect', { token }, basic({ id, secret }))
  },
  'GET /oauth/userinfo': async (world) => {
    const { app, tokens } = await withTokens(world)
    return () => app.call('GET', '/oauth/userinfo', undefined, { token: tokens.access_token })
  },
  'POST /oauth/userinfo': async (world) => {
    const { app, tokens } = await withTokens(world)
    return () => app.call('POST', '/oauth/userinfo', undefined, { token: tokens.access_token })
  },
  'POST /oauth/par': async (world) => {
    const { clientId, authorization } = await newClient(world)
    const app = world.stranger()
    return () => form(app, '/oauth/par', authorizationOf(clientId), authorization)
  },
  'GET /oauth/authorize': async (world) => {
    const person = await world.onPages()
    const { clientId } = await newClient(world)
    const query = new URLSearchParams(authorizationOf(clientId)).toString()
    return () => person.open(`/oauth/authorize?${query}`)
  },
  'POST /oauth/authorize': async (world) => {
    const person = await world.onPages()
    const { clientId } = await newClient(world)
    return () => person.send('/oauth/authorize', authorizationOf(clientId))
  },
  'GET /api/auth/consents': async (world) => {
    const { person } = await withConsent(world)
    return () => person.call('GET', '/api/auth/consents')
  },
  'DELETE /api/auth/consents/:clientId': async (world) => {
    const { person, fields, page, clientId } = await withConsent(world)
    expectStatus(303, await person.send(page, fields))
    return () => person.call('DELETE', `/api/auth/consents/${clientId}`)
  },
  'GET /api/auth/acme': async (world) => {
    const visitor = world.stranger()
    return () => visitor.open('/api/auth/acme')
  },
  'GET /openapi.json': open('/openapi.json'),
  'GET /.well-known/openid-configuration': open('/.well-known/openid-configuration'),
  'GET /.well-known/oauth-authorization-server': open('/.well-known/oauth-authorization-server'),
  'GET /.well-known/jwks.json': open('/.well-known/jwks.json'),
  'GET /healthz': open('/healthz'),
  'GET /api/admin/clients': async (world) => {
    const admin = await world.admin()
    return () => admin.call('GET', CLIENTS)
  },
}
